"""What stands in a parcel's file beside its versions: restrictions and documents."""

from __future__ import annotations

from django.contrib.gis.db import models

from authority.models import User
from documents.models import Document
from parcels.models.land import Parcel


class ProtectionLayer(models.Model):
    """A layer against which parcels are screened (Nile strip, roads, antiquities…), loaded by an officer, dated."""

    code = models.SlugField(max_length=40, unique=True)
    name_ar = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=200)
    dated_on = models.DateField()
    loaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name_ar


class ProtectionZone(models.Model):
    """One zone of a protection layer."""

    layer = models.ForeignKey(ProtectionLayer, models.PROTECT, related_name="zones")
    name_ar = models.CharField(max_length=160, blank=True)
    geom = models.MultiPolygonField(srid=4326)

    def __str__(self) -> str:
        return self.name_ar


class Restriction(models.Model):
    """A restriction on a parcel (ar: قيد), found by screening or entered from a paper."""

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="restrictions")
    layer = models.ForeignKey(ProtectionLayer, models.PROTECT, null=True, blank=True)
    text = models.CharField(max_length=300, blank=True)
    overlap_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    distance_m = models.FloatField(null=True, blank=True)
    checked_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.text or str(self.layer)

    @property
    def is_hit(self) -> bool:
        """True where it restricts: entered from a paper, or found to touch or lie near; else a screening was clear."""
        return self.layer_id is None or bool(self.overlap_m2) or self.distance_m is not None


class ParcelDocument(models.Model):
    """A document that belongs to a parcel's file."""

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="documents")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title
