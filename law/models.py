"""Rules of law as dated data: what a paragraph says, from which day to which, and where it stands."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import BooleanField, F, Func, Q
from django.utils.translation import gettext_lazy as _

from authority.models import User, in_language


class UpperInf(Func):
    """True where a range has no upper bound: the row stands in the book today."""

    function = "upper_inf"
    output_field = BooleanField()


class LegalRule(models.Model):
    """A rule of law (ar: قاعدة قانونية): numbers that a formula of the code reads, never constants of the code.

    Proposed by one person and put in force by another; rows that came with the program have neither. A rule in force
    is never overwritten: its row is closed in the book and another takes the days that are left.
    """

    class State(models.TextChoices):
        """Where the rule stands on its way."""

        PROPOSED = "PROPOSED", _("proposed")  # ar: مقترحة
        IN_FORCE = "IN_FORCE", _("in force")  # ar: سارية
        REFUSED = "REFUSED", _("refused")  # ar: مرفوضة

    code = models.CharField(max_length=60)  # declared by the room whose formula reads it: protection.nile
    regime = models.CharField(max_length=24, blank=True, default="")  # L144_2017, L168_2025; "" where there is but one
    params = models.JSONField()
    effective_range = DateRangeField()  # ar: فترة السريان, [from, to)
    recorded_range = DateTimeRangeField()  # stood in the book
    in_book = models.GeneratedField(
        expression=UpperInf("recorded_range"), output_field=models.BooleanField(), db_persist=True
    )
    source = models.CharField(max_length=300)  # ar: السند: law, article, gazette
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    reason = models.CharField(max_length=300, blank=True, default="")  # why it was proposed, or refused
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_rule_in_force_on_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("regime", RangeOperators.EQUAL),
                    ("effective_range", RangeOperators.OVERLAPS),
                    ("recorded_range", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="IN_FORCE"),
            ),
            models.CheckConstraint(
                name="rule_decided_by_another",
                condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
        ]
        indexes = [models.Index(fields=["code", "regime"], name="rule_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.effective_range}"


class Holiday(models.Model):
    """An official day off (ar: عطلة رسمية), by decree; moving feasts are entered, never computed (domain.md T-66).

    Proposed by one person and put in force by another. A holiday that moves is a closed row and a new one.
    """

    State = LegalRule.State

    day = models.DateField()
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="")
    source = models.CharField(max_length=300)  # ar: القرار: decree, number, gazette
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    cancels = models.BooleanField(default=False)  # the day of `replaces` is a working day again, no other is off
    recorded_range = DateTimeRangeField()  # stood in the book
    in_book = models.GeneratedField(
        expression=UpperInf("recorded_range"), output_field=models.BooleanField(), db_persist=True
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    reason = models.CharField(max_length=300, blank=True, default="")  # why it was refused
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_holiday_on_a_day",
                fields=["day"],
                condition=Q(state="IN_FORCE", in_book=True, cancels=False),
            ),
            models.CheckConstraint(
                name="holiday_decided_by_another",
                condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(name="holiday_cancels_one", condition=Q(cancels=False) | Q(replaces__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.day} {in_language(self.name_ar, self.name_en)}"
