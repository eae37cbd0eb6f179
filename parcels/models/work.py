"""What has to be put right in the land book (ar: استكمال البيانات), and the yearly inventory (ar: الجرد السنوي)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from parcels.models.land import Parcel


class WorkItem(models.Model):
    """One thing to put right on one parcel: found by the nightly look, taken by somebody, done when found no more."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "OPEN", _("not taken yet")  # ar: مفتوح
        TAKEN = "TAKEN", _("taken")  # ar: قيد العمل
        DONE = "DONE", _("done")  # ar: تم
        SET_ASIDE = "SET_ASIDE", _("set aside")  # ar: مستبعد: seen and accepted as it is, with a reason

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="work")
    kind = models.CharField(max_length=24)  # declared: parcels.worklist, and by rooms above
    detail = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parcel", "kind"], condition=Q(closed_at__isnull=True), name="one_open_work_of_a_kind"
            ),
            models.CheckConstraint(
                name="closed_work_says_how",
                condition=Q(closed_at__isnull=True, state__in=["OPEN", "TAKEN", "SET_ASIDE"])
                | Q(closed_at__isnull=False, state="DONE"),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "state", "id"], name="work_by_kind", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["owner"], name="work_of_owner", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.parcel_id}"


class Inventory(models.Model):
    """The yearly inventory of a place (ar: جرد): what the book said on the day it was frozen, checked line by line."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "OPEN", _("being checked")  # ar: قيد الجرد
        SIGNED = "SIGNED", _("signed")  # ar: معتمد

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    governorate = models.CharField(max_length=2)
    year = models.SmallIntegerField()
    as_of = models.DateField()  # day of law
    frozen_at = models.DateTimeField()  # moment of record
    frozen_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    line_count = models.IntegerField(default=0)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "year"], name="one_inventory_of_a_year"),
            models.CheckConstraint(
                name="inventory_signed_by_another",
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("frozen_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.place_id}"


class InventoryLine(models.Model):
    """One parcel of an inventory: as frozen, and as found."""

    class Finding(models.TextChoices):
        """What was found on the ground or in the file."""

        UNCHECKED = "UNCHECKED", _("not checked")  # ar: لم يُجرد
        AGREES = "AGREES", _("agrees")  # ar: مطابق
        DIFFERS = "DIFFERS", _("differs")  # ar: مخالف
        MISSING = "MISSING", _("not found")  # ar: غير موجود

    inventory = models.ForeignKey(Inventory, models.PROTECT, related_name="lines")
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    custodian_code = models.CharField(max_length=32)
    ownership_class = models.CharField(max_length=24)
    land_use = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    area_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    finding = models.CharField(max_length=9, choices=Finding.choices, default=Finding.UNCHECKED)
    found_use = models.CharField(max_length=20, blank=True)
    found_status = models.CharField(max_length=20, blank=True)
    found_area_m2 = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inventory", "parcel"], name="one_line_of_a_parcel")]
        indexes = [models.Index(fields=["inventory", "finding", "id"], name="inventory_by_finding")]

    def __str__(self) -> str:
        return f"{self.number} {self.finding}"
