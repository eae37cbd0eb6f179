"""What stands in a parcel's file beside its versions: restrictions and documents."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User, in_language
from documents.models import Document
from parcels.models.land import Parcel


class ProtectionLayer(models.Model):
    """A layer against which parcels are screened (Nile strip, roads, antiquities…), loaded by an officer, dated."""

    code = models.SlugField(max_length=40)
    # What it covers: a governorate, or the whole country; a parcel elsewhere was never compared with it.
    covers = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    name_ar = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=200)
    dated_on = models.DateField()
    loaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "covers"], name="one_layer_of_a_place", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return in_language(self.name_ar, self.name_en)


class ProtectionZone(models.Model):
    """One zone of a protection layer, or a line from which distances are measured."""

    class Feature(models.TextChoices):
        """What the law measures from (Law 147/2021 Art. 1)."""

        AREA = "AREA", _("protected area")  # ar: نطاق الحماية
        TRAINING_LINE = "TRAINING_LINE", _("river training line")  # ar: خط التهذيب
        CORNICHE = "CORNICHE", _("corniche line")  # ar: حد الكورنيش
        ISLAND = "ISLAND", _("training line of an island")  # ar: خط تهذيب جزيرة
        BARRAGE = "BARRAGE", _("main barrage")  # ar: قناطر رئيسية
        NASSER = "NASSER", _("Lake Nasser, contour 182")  # ar: بحيرة ناصر، كنتور ١٨٢
        TOSHKA = "TOSHKA", _("Toshka depressions, contour 170")  # ar: منخفضات توشكى، كنتور ١٧٠
        SPILLWAY = "SPILLWAY", _("Toshka spillway, contour 182")  # ar: مفيض توشكى، كنتور ١٨٢
        ASWAN_REACH = "ASWAN_REACH", _("between the High Dam and the Aswan reservoir, contour 123")

    layer = models.ForeignKey(ProtectionLayer, models.PROTECT, related_name="zones")
    name_ar = models.CharField(max_length=160, blank=True)
    feature = models.CharField(max_length=14, choices=Feature.choices, default=Feature.AREA, db_default=Feature.AREA)
    geom = models.GeometryField(srid=4326)  # MultiPolygon, or MultiLineString of a line

    def __str__(self) -> str:
        return self.name_ar


class Restriction(models.Model):
    """A restriction on a parcel (ar: قيد), found by screening or entered from a paper."""

    class Verdict(models.TextChoices):
        """What the rule of law says of a hit."""

        PROHIBITED = "PROHIBITED", _("prohibited")  # ar: منطقة محظورة
        RESTRICTED = "RESTRICTED", _("restricted: refer to the competent body")  # ar: منطقة مقيدة
        NEAR = "NEAR", _("near")  # ar: مجاور

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="restrictions")
    layer = models.ForeignKey(ProtectionLayer, models.PROTECT, null=True, blank=True)
    text = models.CharField(max_length=300, blank=True)
    overlap_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    distance_m = models.FloatField(null=True, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True, default="", db_default="")
    basis = models.CharField(max_length=300, blank=True, default="", db_default="")  # ar: السند
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
