"""The closed lists of the land book: classes of land, addresses, areas, statuses."""

from __future__ import annotations

from django.db import models
from django.db.models import BooleanField, Func
from django.utils.translation import gettext_lazy as _


class UpperInf(Func):
    """True where a range has no upper bound: the row stands in the book today."""

    function = "upper_inf"
    output_field = BooleanField()


class OwnershipClass(models.TextChoices):
    """ar: نوع الأملاك (domain.md §2.2, §0b.11)."""

    STATE_PUBLIC = "STATE_PUBLIC", _("public state property")  # ar: ملك عام
    STATE_PRIVATE = "STATE_PRIVATE", _("private state property")  # ar: ملك خاص للدولة
    LOCAL_UNIT = "LOCAL_UNIT", _("local units' property")  # ar: أملاك محليات
    AGRARIAN_REFORM = "AGRARIAN_REFORM", _("agrarian reform")  # ar: إصلاح زراعي
    WAQF = "WAQF", _("waqf")  # ar: أوقاف
    RIVER_ACCRETION = "RIVER_ACCRETION", _("river accretion")  # ar: طرح نهر
    PUBLIC_BODY = "PUBLIC_BODY", _("public body")  # ar: جهة/هيئة عامة
    PRIVATE = "PRIVATE", _("private owners")  # ar: أهالي
    HIKR = "HIKR", _("hikr")  # ar: حكر
    IRRIGATION_LEFTOVER = "IRRIGATION_LEFTOVER", _("irrigation leftover")  # ar: مخلفات ري
    UNKNOWN = "UNKNOWN", _("not known")  # ar: غير معلوم


class LandUse(models.TextChoices):
    """ar: الاستخدام."""

    AGRI_OLD = "AGRI_OLD", _("farm land inside the zimam")  # ar: زراعي داخل الزمام
    AGRI_RECLAIMED = "AGRI_RECLAIMED", _("reclaimed farm land")  # ar: مستصلح
    DESERT = "DESERT", _("desert")  # ar: صحراوي
    RESIDENTIAL = "RESIDENTIAL", _("residential")
    COMMERCIAL = "COMMERCIAL", _("commercial")
    INDUSTRIAL = "INDUSTRIAL", _("industrial")
    TOURISM = "TOURISM", _("tourism")
    SERVICE = "SERVICE", _("services")
    CEMETERY = "CEMETERY", _("cemetery")
    ROAD = "ROAD", _("road")
    DRAIN_CANAL = "DRAIN_CANAL", _("canals and drains")  # ar: منافع ري وصرف
    VACANT = "VACANT", _("vacant")  # ar: فضاء
    INTERSTITIAL = "INTERSTITIAL", _("interstitial plots")  # ar: متخللات
    LINE_REMAINDER = "LINE_REMAINDER", _("building-line remainder")  # ar: زوائد تنظيم


class LocationClass(models.TextChoices):
    """Drives fees (domain.md §2.2)."""

    OUTSIDE_ZIMAM = "OUTSIDE_ZIMAM", _("outside the zimam")  # ar: خارج الزمام
    VILLAGE_CORDON = "VILLAGE_CORDON", _("inside a village's cordon")
    CITY_CORDON = "CITY_CORDON", _("inside a city's cordon")
    CAPITAL_CORDON = "CAPITAL_CORDON", _("inside the capital's cordon")


class AddressMode(models.TextChoices):
    """Which of the two address systems names the parcel (domain.md §2.1)."""

    RURAL = "RURAL", _("rural: nahia, hod, parcel")
    URBAN = "URBAN", _("urban: shiyakha, street")
    OUTSIDE_ZIMAM = "OUTSIDE_ZIMAM", _("outside the zimam")
    NO_HOD = "NO_HOD", _("without hods")


class SurveyMethod(models.TextChoices):
    """How the boundary was measured; only the first two carry an order or a charge (domain.md §0b.3)."""

    GNSS_RTK = "GNSS_RTK", _("GNSS RTK")
    TOTAL_STATION = "TOTAL_STATION", _("total station")
    DIGITIZED = "DIGITIZED", _("digitised from a sheet")
    IMAGERY = "IMAGERY", _("drawn over imagery")
    SKETCH = "SKETCH", _("sketch")


class RegistrationSystem(models.TextChoices):
    """ar: نظام التسجيل: deeds by person, or title by parcel with a folio (domain.md §0b.4)."""

    PERSONAL = "PERSONAL", _("personal registration of deeds")  # ar: شهر شخصي
    IN_REM = "IN_REM", _("register of titles (in rem)")  # ar: سجل عيني


class GoverningArea(models.TextChoices):
    """Which area counts for money (ar: المساحة المعتمدة)."""

    DEED = "DEED", _("deed")
    SURVEY = "SURVEY", _("survey")


class Confidence(models.TextChoices):
    """How far the record has been checked."""

    VERIFIED = "VERIFIED", _("verified")
    PROBABLE = "PROBABLE", _("probable")
    UNVERIFIED = "UNVERIFIED", _("not verified")


class Status(models.TextChoices):
    """ar: الموقف. Derived from holdings, never typed; in order of precedence: the first that applies is shown."""

    DISPUTED = "DISPUTED", _("disputed")  # ar: متنازع عليها
    ENCROACHED = "ENCROACHED", _("encroached")  # ar: متعدى عليها
    REGULARIZING = "REGULARIZING", _("regularising")  # ar: قيد التقنين
    SOLD = "SOLD", _("sold")  # ar: مبيعة
    SOLD_INSTALLMENTS = "SOLD_INSTALLMENTS", _("sold, instalments running")  # ar: مبيعة بالتقسيط
    LEASED = "LEASED", _("leased")  # ar: مؤجرة
    USUFRUCT = "USUFRUCT", _("usufruct")  # ar: حق انتفاع
    ALLOCATED = "ALLOCATED", _("allocated")  # ar: مخصصة
    RESERVED = "RESERVED", _("reserved")  # ar: محجوزة
    FREE = "FREE", _("free")  # ar: متاحة
    UNKNOWN = "UNKNOWN", _("not known")  # ar: غير معلوم
