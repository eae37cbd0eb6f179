"""What an encroachment case knows beyond the docket."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from parcels.models import Holding


class Method(models.TextChoices):
    """How it was measured; only the first two carry an order, a charge or a prosecution (domain.md §0b.3)."""

    GNSS_RTK = "GNSS_RTK", _("GNSS RTK")
    TOTAL_STATION = "TOTAL_STATION", _("total station")  # ar: محطة رصد متكاملة
    PHONE = "PHONE", _("phone")  # ar: هاتف محمول
    IMAGERY = "IMAGERY", _("drawn over imagery")  # ar: من صورة جوية
    SKETCH = "SKETCH", _("sketch")  # ar: كروكي


class LegalBasis(models.TextChoices):
    """What a removal order stands on: one of four, each with its own words (domain.md §0b.14, T-38)."""

    L43_1979_26 = "L43_1979_26", _("Law 43/1979, Article 26")
    L168_2025_2 = "L168_2025_2", _("Law 168/2025, Article 2")
    L119_2008_60 = "L119_2008_60", _("Law 119/2008, Article 60")
    L53_1966 = "L53_1966", _("Law 53/1966")  # building on farm land


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
    method = models.CharField(max_length=14, choices=Method.choices, blank=True)
    point_sigma_m = models.FloatField(null=True, blank=True)  # 1σ of one measured corner, metres
    measured_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    measured_sigma_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    working_srid = models.IntegerField(null=True, blank=True)  # metric system in which it was computed
    title_claim = models.TextField(blank=True)
    legal_basis = models.CharField(max_length=40, choices=LegalBasis.choices, blank=True)
    order_number = models.CharField(max_length=40, blank=True)  # ar: رقم قرار الإزالة
    period_days = models.PositiveSmallIntegerField(default=15)  # given by the order; a setting, not law (§0b.15)
    holding = models.OneToOneField(Holding, models.PROTECT, null=True, blank=True, related_name="encroachment")
    dispute = models.OneToOneField(Holding, models.PROTECT, null=True, blank=True, related_name="disputed_by")

    def __str__(self) -> str:
        return str(self.case)
