"""The land book: parcels and their versions in two times, assets, who holds what, lineage, restrictions."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db.models import BooleanField, Func, Q
from django.utils.translation import gettext_lazy as _

from authority.models import Custodian, Place, User
from documents.models import Document
from parties.models import Party


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


class Parcel(models.Model):
    """A piece of land as a thing that lasts (ar: قطعة); what is true of it stands in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parcel_code = models.CharField(max_length=40, unique=True)  # ar: الكود الداخلي
    unified_property_no = models.CharField(
        max_length=64, null=True, blank=True, unique=True
    )  # ar: الرقم القومي الموحد (L88/2025)
    # Where it lies and who has custody today: kept in step with the standing version; visibility reads these.
    place = models.ForeignKey(Place, models.PROTECT, related_name="parcels")  # deepest: hod, else nahia; shiyakha
    custodian = models.ForeignKey(Custodian, models.PROTECT, related_name="parcels")  # ar: جهة الولاية
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNKNOWN)  # derived: parcels.status
    row_version = models.BigIntegerField(default=1)  # for If-Match; rises with every change of the parcel
    invented = models.BooleanField(default=False)  # belongs to the sample

    class Meta:
        indexes = [
            models.Index(fields=["place", "parcel_code"], name="parcel_of_place"),
            models.Index(fields=["status"], name="parcel_status"),
        ]

    def __str__(self) -> str:
        return self.parcel_code


class ParcelVersion(models.Model):
    """What is true of a parcel over a period of law, as the book stood over a period of record."""

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="versions")
    legal_range = DateRangeField()  # [from, to): true in law
    recorded_range = DateTimeRangeField()  # [from, to): stood in the book
    in_book = models.GeneratedField(
        expression=UpperInf("recorded_range"), output_field=models.BooleanField(), db_persist=True
    )

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    custodian = models.ForeignKey(Custodian, models.PROTECT, related_name="+")
    custody_decree = models.CharField(max_length=120, blank=True)  # ar: قرار الولاية
    address_mode = models.CharField(max_length=14, choices=AddressMode.choices)
    parcel_no_raw = models.CharField(max_length=60)  # ar: رقم القطعة, as written
    parcel_no_norm = models.CharField(max_length=60)  # canonical spelling (parcels.numbers)
    parcel_no_main = models.IntegerField(null=True, blank=True)
    parcel_no_sub = models.CharField(max_length=24, blank=True)
    is_part_of = models.BooleanField(default=False)  # ar: ضمن
    bis = models.BooleanField(default=False)  # ar: مكرر
    part_seq = models.SmallIntegerField(null=True, blank=True)
    hamlet = models.CharField(max_length=120, blank=True)  # ar: التابع
    street = models.CharField(max_length=160, blank=True)  # ar: الشارع
    building_no = models.CharField(max_length=24, blank=True)  # ar: رقم العقار
    boundary_n = models.CharField(max_length=200, blank=True)  # ar: الحد البحري
    boundary_s = models.CharField(max_length=200, blank=True)  # ar: الحد القبلي
    boundary_e = models.CharField(max_length=200, blank=True)  # ar: الحد الشرقي
    boundary_w = models.CharField(max_length=200, blank=True)  # ar: الحد الغربي
    len_n = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)  # metres
    len_s = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    len_e = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    len_w = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    ownership_class = models.CharField(
        max_length=24, choices=OwnershipClass.choices, default=OwnershipClass.STATE_PRIVATE
    )
    land_use = models.CharField(max_length=20, choices=LandUse.choices, default=LandUse.VACANT)
    location_class = models.CharField(max_length=20, choices=LocationClass.choices, blank=True)
    deed_area_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)  # ar: مساحة السند
    survey_area_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)  # ar: مساحة الرفع
    geom_area_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)  # ar: محسوبة من الرسم
    governing_area = models.CharField(max_length=8, choices=GoverningArea.choices, default=GoverningArea.DEED)
    register_book = models.CharField(max_length=24, blank=True)  # ar: دفتر
    register_page = models.CharField(max_length=24, blank=True)  # ar: صفحة
    register_no = models.CharField(max_length=24, blank=True)  # ar: رقم القيد
    confidence = models.CharField(max_length=10, choices=Confidence.choices, default=Confidence.UNVERIFIED)

    geom = models.MultiPolygonField(
        srid=4326, null=True, blank=True, spatial_index=False
    )  # derived, edges densified to ≤ 1 cm
    geom_3857 = models.GeneratedField(
        expression=Transform("geom", 3857),
        output_field=models.MultiPolygonField(srid=3857, null=True, spatial_index=False),
        db_persist=True,
    )
    # The boundary of record: what was surveyed, never overwritten (architecture.md decision 1).
    source_geom = models.BinaryField(null=True, blank=True)  # ISO WKB as received, Z and M kept, in source_crs
    source_crs = models.CharField(max_length=64, blank=True)  # EPSG:22992
    source_made = models.CharField(max_length=24, blank=True)  # how belt coordinates were made (domain.md §0b.1)
    source_frame = models.CharField(max_length=40, blank=True)  # reference frame and epoch
    source_file = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    source_row = models.IntegerField(null=True, blank=True)
    source_encoding = models.CharField(max_length=24, blank=True)
    source_attributes = models.JSONField(default=dict, blank=True)  # every column of the file, decoded, verbatim
    transform_op = models.CharField(max_length=64, blank=True)  # EPSG:7697
    transform_accuracy_m = models.FloatField(null=True, blank=True)
    survey_accuracy_m = models.FloatField(null=True, blank=True)
    survey_method = models.CharField(max_length=14, choices=SurveyMethod.choices, blank=True)

    basis = models.CharField(max_length=200, blank=True)  # decree, judgment, survey number: why this version exists
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_version_per_moment",
                expressions=[
                    ("parcel", RangeOperators.EQUAL),
                    ("legal_range", RangeOperators.OVERLAPS),
                    ("recorded_range", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="parcel_areas_positive",
                condition=(Q(deed_area_m2__isnull=True) | Q(deed_area_m2__gte=0.01))
                & (Q(survey_area_m2__isnull=True) | Q(survey_area_m2__gte=0.01)),
            ),
        ]
        indexes = [
            GistIndex(fields=["geom_3857"], name="parcel_geom_3857", condition=Q(in_book=True)),
            GistIndex(fields=["geom"], name="parcel_geom", condition=Q(in_book=True)),
            models.Index(fields=["parcel"], name="standing_version", condition=Q(in_book=True)),
            models.Index(fields=["place", "parcel_no_norm"], name="parcel_number", condition=Q(in_book=True)),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_no_raw} {self.legal_range}"


class Lineage(models.Model):
    """Which parcel came out of which, by what act (split, merge, renumbering, correction)."""

    class Act(models.TextChoices):
        """How the successor came to be."""

        SPLIT = "SPLIT", _("split")  # ar: تجزئة
        MERGE = "MERGE", _("merge")  # ar: ضم
        REPLACE = "REPLACE", _("replacement")  # ar: إحلال

    predecessor = models.ForeignKey(Parcel, models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Parcel, models.PROTECT, related_name="predecessors")
    act = models.CharField(max_length=8, choices=Act.choices)
    on = models.DateField()  # day of law
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="one_line_of_descent")]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class Asset(models.Model):
    """Something lettable that is not the land itself (ar: أصل): on a parcel or alone."""

    class Kind(models.TextChoices):
        """What it is."""

        BUILDING = "BUILDING", _("building")  # ar: مبنى
        UNIT = "UNIT", _("unit")  # ar: وحدة
        SHOP = "SHOP", _("shop")  # ar: محل
        KIOSK = "KIOSK", _("kiosk")  # ar: كشك
        BEACH = "BEACH", _("beach")  # ar: شاطئ
        BILLBOARD = "BILLBOARD", _("billboard")  # ar: إعلان

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset_code = models.CharField(max_length=48, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name_ar = models.CharField(max_length=160)
    parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="assets")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="units")
    place = models.ForeignKey(Place, models.PROTECT, related_name="assets")
    custodian = models.ForeignKey(Custodian, models.PROTECT, related_name="assets")
    street = models.CharField(max_length=160, blank=True)
    building_no = models.CharField(max_length=24, blank=True)
    floor = models.SmallIntegerField(null=True, blank=True)
    unit_no = models.CharField(max_length=24, blank=True)
    area_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    geom = models.GeometryField(srid=4326, null=True, blank=True)  # point or polygon; empty: where the parcel is
    geom_3857 = models.GeneratedField(
        expression=Transform("geom", 3857),
        output_field=models.GeometryField(srid=3857, null=True, spatial_index=False),
        db_persist=True,
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNKNOWN)
    registered_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    row_version = models.BigIntegerField(default=1)
    invented = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        indexes = [GistIndex(fields=["geom_3857"], name="asset_geom_3857")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name_ar}"


class Holding(models.Model):
    """Who holds what, how, from when to when (ar: الانتفاع): what says a parcel is let, squatted or disputed."""

    class Kind(models.TextChoices):
        """How it is held."""

        LEASE = "LEASE", _("lease")  # ar: إيجار
        USUFRUCT = "USUFRUCT", _("usufruct")  # ar: حق انتفاع
        USE_LICENCE = "USE_LICENCE", _("licence to use")  # ar: ترخيص بالانتفاع
        LEASE_TO_OWN = "LEASE_TO_OWN", _("lease-to-own")  # ar: إيجار منتهٍ بالتمليك
        ALLOCATION = "ALLOCATION", _("allocation")  # ar: تخصيص
        SALE_INSTALLMENTS = "SALE_INSTALLMENTS", _("sale, instalments running")  # ar: بيع بالتقسيط
        SALE = "SALE", _("sale")  # ar: بيع
        RESERVATION = "RESERVATION", _("reservation")  # ar: حجز
        REGULARIZATION = "REGULARIZATION", _("regularisation")  # ar: تقنين
        ENCROACHMENT = "ENCROACHMENT", _("encroachment")  # ar: تعدٍّ
        DISPUTE = "DISPUTE", _("dispute")  # ar: نزاع

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="holdings")
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, blank=True, related_name="holdings")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    exclusive = models.BooleanField()  # shuts out every other exclusive holding of the same thing in the period
    legal_range = DateRangeField()  # [from, to): last day included is to − 1
    recorded_range = DateTimeRangeField()
    in_book = models.GeneratedField(
        expression=UpperInf("recorded_range"), output_field=models.BooleanField(), db_persist=True
    )
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="holdings")
    part = models.MultiPolygonField(srid=4326, null=True, blank=True)  # the part held, where it is not the whole
    area_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    case_id = models.UUIDField(null=True, blank=True, db_index=True)  # the docket's case; the docket is a room above
    reference = models.CharField(max_length=60, blank=True)  # contract or case number as printed
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="holding_of_one_thing",
                condition=Q(parcel__isnull=False, asset__isnull=True) | Q(parcel__isnull=True, asset__isnull=False),
            ),
            ExclusionConstraint(
                name="one_exclusive_holding_of_a_parcel",
                expressions=[("parcel", RangeOperators.EQUAL), ("legal_range", RangeOperators.OVERLAPS)],
                condition=Q(exclusive=True, in_book=True, parcel__isnull=False),
            ),
            ExclusionConstraint(
                name="one_exclusive_holding_of_an_asset",
                expressions=[("asset", RangeOperators.EQUAL), ("legal_range", RangeOperators.OVERLAPS)],
                condition=Q(exclusive=True, in_book=True, asset__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["party"], name="holding_of_party")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"


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
