"""One act on many parcels at once (ar: إجراء جماعي): prepared by one officer, carried out by another."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from parcels.models.land import Parcel


class BulkAct(models.Model):
    """What one officer wants said of many parcels: the rows are frozen when it is prepared, all are written or none."""

    class Act(models.TextChoices):
        """What is done."""

        CUSTODY = "CUSTODY", _("transfer of custody")  # ar: نقل الولاية
        FACTS = "FACTS", _("change of facts")  # ar: تعديل بيانات

    class State(models.TextChoices):
        """How far it is."""

        PREPARED = "PREPARED", _("waits for a second officer")  # ar: بانتظار موظف ثانٍ
        QUEUED = "QUEUED", _("being carried out")  # ar: قيد التنفيذ
        DONE = "DONE", _("carried out")  # ar: نُفذ
        OUTDATED = "OUTDATED", _("outdated")  # ar: تجاوزته التعديلات: something changed before it was carried out
        WITHDRAWN = "WITHDRAWN", _("withdrawn")  # ar: مسحوب

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=8, choices=Act.choices)
    said = models.JSONField()  # facts by name; of custody: custodian, decree_no, decree_on
    on = models.DateField()  # true in law from this day on
    basis = models.CharField(max_length=200)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # the smallest place that holds all of them
    state = models.CharField(max_length=9, choices=State.choices, default=State.PREPARED)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why it was withdrawn, or what had changed

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bulk_act_done_by_another",
                condition=~Q(state__in=["QUEUED", "DONE"])
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("prepared_by")),
            ),
        ]
        indexes = [models.Index(fields=["state", "-prepared_at"], name="bulk_act_by_state")]

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"


class BulkRow(models.Model):
    """One parcel of it, as it was read: with another row version it is not what the officers looked at."""

    act = models.ForeignKey(BulkAct, models.PROTECT, related_name="rows")
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="+")
    row_version = models.IntegerField()
    left_out = models.CharField(max_length=40, blank=True)  # the refusal's code; "" where it is in
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "parcel"], name="one_row_of_a_bulk_act")]
        indexes = [models.Index(fields=["act", "left_out", "id"], name="bulk_row_left_out")]

    def __str__(self) -> str:
        return f"{self.act_id} {self.parcel_id}"
