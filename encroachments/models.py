"""What an encroachment case knows beyond the docket."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from parcels.models import Holding, SurveyMethod


class Encroachment(models.Model):
    """An encroachment on state land (ar: تعدٍّ)."""

    class Source(models.TextChoices):
        """How it became known."""

        SPATIAL_CHANGE = "SPATIAL_CHANGE", _("spatial change")  # ar: متغير مكاني
        PATROL = "PATROL", _("patrol")  # ar: مرور ميداني
        COMPLAINT = "COMPLAINT", _("complaint")  # ar: شكوى
        SURVEY = "SURVEY", _("survey")  # ar: رفع مساحي
        EXPIRED_CONTRACT = "EXPIRED_CONTRACT", _("expired contract")  # ar: عقد منتهٍ

    class Works(models.TextChoices):
        """What was done on the land."""

        BUILDING = "BUILDING", _("building")  # ar: مبانٍ
        WALL = "WALL", _("wall or fence")  # ar: سور
        CULTIVATION = "CULTIVATION", _("cultivation")  # ar: زراعة
        STORAGE = "STORAGE", _("storage")  # ar: تشوينات
        OTHER = "OTHER", _("other")

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="encroachment")
    source = models.CharField(max_length=20, choices=Source.choices, default=Source.PATROL)
    works = models.CharField(max_length=14, choices=Works.choices, default=Works.OTHER)
    caught_in_progress = models.BooleanField(default=False)  # ar: في المهد
    occupant_name = models.CharField(max_length=200, blank=True)  # ar: واضع اليد
    seen_on = models.DateField(null=True, blank=True)
    measured = models.MultiPolygonField(srid=4326, null=True, blank=True)  # what the inspector measured
    overlap = models.MultiPolygonField(srid=4326, null=True, blank=True)  # its part inside the parcel
    overlap_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    overlap_sigma_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    method = models.CharField(max_length=14, choices=SurveyMethod.choices, blank=True)
    title_claim = models.TextField(blank=True)
    legal_basis = models.CharField(max_length=40, blank=True)  # L43_1979_26, L168_2025_2, L119_2008_60, L53_1966
    order_number = models.CharField(max_length=40, blank=True)
    holding = models.OneToOneField(Holding, models.PROTECT, null=True, blank=True, related_name="encroachment")

    def __str__(self) -> str:
        return str(self.case)
