"""Parcels, their versions in two times, and which came out of which."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from authority.models import Custodian, Place, User
from documents.models import Document
from parcels.models.classes import (
    AddressMode,
    Confidence,
    GoverningArea,
    LandUse,
    LocationClass,
    OwnershipClass,
    RegistrationSystem,
    Status,
    SurveyMethod,
    UpperInf,
)


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
    closed_on = models.DateField(null=True, blank=True)  # day of law on which it was split, merged or replaced
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
    custody_decree_on = models.DateField(null=True, blank=True)  # ar: تاريخ قرار الولاية
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
    sheet_no = models.CharField(max_length=40, blank=True, default="", db_default="")  # ar: رقم اللوحة المساحية
    sheet_scale = models.IntegerField(
        null=True, blank=True, validators=[MinValueValidator(100), MaxValueValidator(1_000_000)]
    )  # ar: مقياس الرسم; 2500 stands for 1:2500
    cadastral_edition = models.CharField(max_length=60, blank=True, default="", db_default="")  # ar: طبعة / فك الزمام
    registration_system = models.CharField(
        max_length=8, choices=RegistrationSystem.choices, blank=True, default="", db_default=""
    )  # ar: نظام التسجيل
    folio = models.CharField(max_length=40, blank=True, default="", db_default="")  # ar: رقم الصحيفة (سجل عيني)
    file_no = models.CharField(max_length=40, blank=True, default="", db_default="")  # ar: رقم ملف الحفظ
    shelf = models.CharField(max_length=24, blank=True, default="", db_default="")  # ar: الرف
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
            models.CheckConstraint(
                name="sheet_scale_is_a_scale",
                condition=Q(sheet_scale__isnull=True) | Q(sheet_scale__gte=100, sheet_scale__lte=1_000_000),
            ),
        ]
        indexes = [
            GistIndex(fields=["geom_3857"], name="parcel_geom_3857", condition=Q(in_book=True)),
            GistIndex(fields=["geom"], name="parcel_geom", condition=Q(in_book=True)),
            models.Index(fields=["parcel"], name="standing_version", condition=Q(in_book=True)),
            models.Index(fields=["place", "parcel_no_norm"], name="parcel_number", condition=Q(in_book=True)),
            models.Index(fields=["parcel_no_norm"], name="parcel_norm", condition=Q(in_book=True)),
            # what was superseded is asked for by those who ask what the book said before
            GistIndex(fields=["geom_3857"], name="superseded_geom_3857", condition=Q(in_book=False)),
            GistIndex(fields=["geom"], name="superseded_geom", condition=Q(in_book=False)),
            models.Index(fields=["place", "parcel_no_norm"], name="superseded_number", condition=Q(in_book=False)),
            models.Index(fields=["parcel_no_norm"], name="superseded_norm", condition=Q(in_book=False)),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_no_raw} {self.legal_range}"

    @property
    def governing_m2(self) -> Decimal | None:
        """The area that counts (ar: المساحة المعتمدة), in m²; where that was never said, the next best known."""
        ranked = [self.deed_area_m2, self.survey_area_m2]
        if self.governing_area == GoverningArea.SURVEY:
            ranked.reverse()
        return next((area for area in (*ranked, self.geom_area_m2) if area is not None), None)


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
