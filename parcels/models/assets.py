"""What can be let and is not the land itself."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import gettext_lazy as _

from authority.models import Custodian, Place, User
from parcels.models.classes import (
    Status,
)
from parcels.models.land import Parcel


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
