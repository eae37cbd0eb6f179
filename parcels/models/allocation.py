"""Land given to a public body by decree, for a purpose and by a day (ar: تخصيص)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from authority.models import User
from parcels.models.holdings import Holding
from parcels.models.land import Parcel
from parties.models import Party


class Allocation(models.Model):
    """What a decree of allocation says beside who holds what: purpose, deadline, withdrawal (ar: تخصيص / سحب تخصيص)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="allocations")
    body = models.ForeignKey(Party, models.PROTECT, related_name="allocations")  # ar: الجهة المخصص لها
    purpose = models.CharField(max_length=300)  # ar: الغرض من التخصيص
    decree_no = models.CharField(max_length=60)  # ar: رقم قرار التخصيص
    decree_on = models.DateField()
    use_by = models.DateField(null=True, blank=True)  # ar: مهلة الاستخدام
    used_on = models.DateField(null=True, blank=True)  # the purpose was taken up
    holding = models.OneToOneField(Holding, models.PROTECT, related_name="+")  # the row that stands in the book
    withdrawn_on = models.DateField(null=True, blank=True)  # last day
    withdrawal_decree_no = models.CharField(max_length=60, blank=True)  # ar: قرار سحب التخصيص
    withdrawal_decree_on = models.DateField(null=True, blank=True)
    withdrawal_reason = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="withdrawal_has_its_decree",
                condition=Q(withdrawn_on__isnull=True)
                | (Q(withdrawal_decree_on__isnull=False) & ~Q(withdrawal_decree_no="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.decree_no} {self.body}"
