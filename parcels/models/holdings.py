"""Who holds what, how, from when to when."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from authority.models import User
from parcels.models.assets import Asset
from parcels.models.classes import (
    UpperInf,
)
from parcels.models.land import Parcel
from parties.models import Party


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
