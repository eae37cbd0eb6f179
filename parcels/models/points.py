"""Points on the ground: corners of parcels, and the control points surveys start from."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from documents.models import Document
from parcels.models.classes import SurveyMethod, UpperInf
from parcels.models.land import Parcel


class Monument(models.TextChoices):
    """What marks a point on the ground (ar: العلامة)."""

    IRON = "IRON", _("iron mark")  # ar: علامة حديدية
    CONCRETE = "CONCRETE", _("concrete mark")  # ar: علامة خرسانية
    WALL = "WALL", _("corner of a wall or building")  # ar: ركن سور أو مبنى
    PAINT = "PAINT", _("painted mark")  # ar: علامة بوية
    NONE = "NONE", _("not marked")  # ar: بدون علامة


class Corner(models.Model):
    """What is known of a corner of a parcel (ar: ركن / نقطة حد): its number, how it was measured, what marks it.

    Coordinates are those of the boundary of record, in its own system: the row belongs to the corner of the boundary
    that lies there. Rows are closed, never changed.
    """

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="corners")
    number = models.CharField(max_length=12)  # ar: رقم النقطة
    east = models.DecimalField(max_digits=16, decimal_places=9)  # E in `crs`; degrees of longitude have 4326
    north = models.DecimalField(max_digits=16, decimal_places=9)
    crs = models.CharField(max_length=64)
    method = models.CharField(max_length=14, choices=SurveyMethod.choices, blank=True)
    sigma_m = models.FloatField(null=True, blank=True)  # 1σ of the position, metres
    monument = models.CharField(max_length=8, choices=Monument.choices, default=Monument.NONE)
    note = models.CharField(max_length=120, blank=True)
    recorded_range = DateTimeRangeField()
    in_book = models.GeneratedField(
        expression=UpperInf("recorded_range"), output_field=models.BooleanField(), db_persist=True
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parcel", "number"], condition=Q(in_book=True), name="one_corner_of_a_number"
            ),
            models.CheckConstraint(
                name="corner_sigma_is_positive", condition=Q(sigma_m__isnull=True) | Q(sigma_m__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.east} {self.north}"


class ControlPoint(models.Model):
    """A point of known coordinates (ar: نقطة تحكم / ثابت مساحي) with its description card (ar: كارت وصف)."""

    class Order(models.TextChoices):
        """How it was fixed."""

        FIRST = "FIRST", _("first order")  # ar: درجة أولى
        SECOND = "SECOND", _("second order")  # ar: درجة ثانية
        THIRD = "THIRD", _("third order")  # ar: درجة ثالثة
        LOCAL = "LOCAL", _("local")  # ar: محلية

    class Condition(models.TextChoices):
        """How it was found last."""

        GOOD = "GOOD", _("good")  # ar: سليمة
        DAMAGED = "DAMAGED", _("damaged")  # ar: تالفة
        LOST = "LOST", _("lost")  # ar: مفقودة

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40)  # ar: اسم/رقم النقطة
    order = models.CharField(max_length=8, choices=Order.choices, default=Order.LOCAL)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    east = models.DecimalField(max_digits=16, decimal_places=9)
    north = models.DecimalField(max_digits=16, decimal_places=9)
    crs = models.CharField(max_length=64)
    height_m = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    sigma_m = models.FloatField(null=True, blank=True)
    monument = models.CharField(max_length=8, choices=Monument.choices, default=Monument.CONCRETE)
    description = models.TextField(blank=True)  # ar: وصف الموقع وكيفية الوصول
    condition = models.CharField(max_length=8, choices=Condition.choices, default=Condition.GOOD)
    visited_on = models.DateField(null=True, blank=True)
    photo = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    geom = models.PointField(srid=4326)  # derived; ≤ 1.2 m where the belt's datum is meant (EPSG:7697)
    geom_3857 = models.GeneratedField(
        expression=Transform("geom", 3857),
        output_field=models.PointField(srid=3857, spatial_index=False),
        db_persist=True,
    )
    source = models.CharField(max_length=200, blank=True)
    row_version = models.BigIntegerField(default=1)
    closed_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"], condition=Q(closed_on__isnull=True), name="one_control_point_of_a_name"
            )
        ]
        indexes = [GistIndex(fields=["geom_3857"], name="control_geom_3857")]

    def __str__(self) -> str:
        return self.name
