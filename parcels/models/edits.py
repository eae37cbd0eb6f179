"""An edit of boundaries on the map (ar: تعديل على الخريطة): proposed by one officer, accepted by another."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from parcels.models.land import Parcel, ParcelVersion


class EditProposal(models.Model):
    """What one officer wants done to boundaries: it changes nothing until another accepts it, whole or not at all."""

    class Kind(models.TextChoices):
        """What is done."""

        DRAW = "DRAW", _("outline drawn anew")  # ar: إعادة رسم الحدود
        SPLIT = "SPLIT", _("split by a line")  # ar: تجزئة بخط
        CUT = "CUT", _("split by area")  # ar: تجزئة بالمساحة
        MERGE = "MERGE", _("merge")  # ar: ضم
        CORNER = "CORNER", _("corner moved")  # ar: نقل ركن
        BOUNDARY = "BOUNDARY", _("line between neighbours changed")  # ar: تعديل الحد الفاصل

    class State(models.TextChoices):
        """How far it is."""

        PROPOSED = "PROPOSED", _("waits for a second officer")  # ar: بانتظار موظف ثانٍ
        ACCEPTED = "ACCEPTED", _("accepted")  # ar: معتمد
        REFUSED = "REFUSED", _("refused")  # ar: مرفوض
        WITHDRAWN = "WITHDRAWN", _("withdrawn")  # ar: مسحوب
        UNDONE = "UNDONE", _("undone")  # ar: أُلغي أثره

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    asked = models.JSONField()  # what the officer drew and typed, read again when it is accepted
    on = models.DateField()  # true in law from this day on
    basis = models.CharField(max_length=200)  # decree, judgment, minutes: the paper it rests on
    reason = models.CharField(max_length=300, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # the smallest place that holds all of it
    working_srid = models.IntegerField()  # metric system in which its shapes stand
    told = models.JSONField(default=list)  # what the preview told: neighbours touched, holdings, slivers closed
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    row_version = models.IntegerField(default=1)  # for If-Match
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=300, blank=True)  # why it was refused or withdrawn
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="edit_accepted_by_another",
                condition=~Q(state__in=["ACCEPTED", "UNDONE"])
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="edit_undone_by_another",
                condition=~Q(state="UNDONE") | Q(undone_by__isnull=False) & ~Q(undone_by=F("decided_by")),
            ),
        ]
        indexes = [models.Index(fields=["state", "-proposed_at"], name="edit_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class EditShape(models.Model):
    """One shape of it: a parcel as it was drawn on, what it becomes, or a parcel that comes to be."""

    proposal = models.ForeignKey(EditProposal, models.PROTECT, related_name="shapes")
    position = models.SmallIntegerField()
    parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="+")  # null: a new one
    row_version = models.BigIntegerField(null=True, blank=True)  # of the parcel when it was drawn on
    stood = models.ForeignKey(ParcelVersion, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=60, blank=True)  # ar: رقم القطعة, of a new one
    before = models.BinaryField(null=True, blank=True)  # WKB in the working system
    after = models.BinaryField(null=True, blank=True)  # null: the parcel ends
    area_before = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)  # m²
    area_after = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)  # m²
    made = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="+")  # what bears it now
    made_version = models.BigIntegerField(null=True, blank=True)  # its row version then: another one was built on

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "position"], name="one_shape_at_a_position")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.position}"
