"""What the map keeps of its own: how often layers changed, counts by place for low zooms, small orthophotos."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.db.models.functions import Now

from authority.models import Custodian, Place, User
from documents.models import Document


class LayerVersion(models.Model):
    """How often a layer's content has changed, per governorate ('' = everywhere); part of a tile's ETag."""

    layer = models.CharField(max_length=40)
    governorate = models.CharField(max_length=2, blank=True)
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["layer", "governorate"], name="one_version_per_layer")]

    def __str__(self) -> str:
        return f"{self.layer} {self.governorate} v{self.version}"


class CountState(models.Model):
    """At which version of a layer its counts of a governorate were taken."""

    layer = models.CharField(max_length=40)
    governorate = models.CharField(max_length=2)
    version = models.BigIntegerField()
    counted_on = models.DateField()  # what a layer shows may change with the day
    counted_at = models.DateTimeField()
    seconds = models.FloatField()  # how long the counting took; counting again waits a multiple of it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["layer", "governorate"], name="one_count_state_per_layer")]

    def __str__(self) -> str:
        return f"{self.layer} {self.governorate} v{self.version}"


class PlaceCount(models.Model):
    """How many features of a layer lie in a deepest place, per custodian and category: what low zooms draw.

    `drawn_n` is the path of the deepest place with an outline at depth ≤ n above it (1 governorate … 4 hod).
    """

    layer = models.CharField(max_length=40)
    governorate = models.CharField(max_length=2)
    place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    custodian = models.ForeignKey(Custodian, models.CASCADE, null=True, related_name="+")
    category = models.CharField(max_length=40, blank=True)
    count = models.IntegerField()
    area_m2 = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    drawn_1 = models.CharField(max_length=120, blank=True)
    drawn_2 = models.CharField(max_length=120, blank=True)
    drawn_3 = models.CharField(max_length=120, blank=True)
    drawn_4 = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["layer", "governorate"], name="count_of_governorate"),
            models.Index(fields=["layer", "drawn_3"], name="count_drawn_3"),
            models.Index(fields=["layer", "drawn_4"], name="count_drawn_4"),
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.place_id} {self.category}: {self.count}"


class OrthoImage(models.Model):
    """A small orthophoto loaded by an operator (ar: صورة جوية مصححة)."""

    name = models.SlugField(max_length=40, unique=True)
    title_ar = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    crs = models.CharField(max_length=24)  # EPSG:22992
    footprint = models.PolygonField(srid=4326)
    pixel_m = models.FloatField()  # ground size of a pixel, metres
    taken_on = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
