"""Power lent from one officer to another for a time: delegations, deputies, and the absences in which a deputy acts."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from authority.models.people import Office, Role, User


class Delegation(models.Model):
    """A role lent on paper (ar: تفويض): who, to whom, what, from when to when, by which decree.

    Entered by one person and confirmed by another. What it says never changes: it is closed, and another follows.
    """

    class Kind(models.TextChoices):
        """When it counts."""

        DELEGATION = "DELEGATION", _("delegation")  # ar: تفويض
        DEPUTY = "DEPUTY", _("standing deputy")  # ar: إنابة

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DELEGATION)
    giver = models.ForeignKey(User, models.PROTECT, related_name="given")  # ar: المفوِّض
    delegate = models.ForeignKey(User, models.PROTECT, related_name="received")  # ar: المفوَّض إليه
    role = models.CharField(max_length=32, choices=Role.choices, blank=True)  # "" = every role of an absent officer
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")  # null = wherever he is
    files = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # kinds of file; none named = all
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day
    decree = models.CharField(max_length=120)  # ar: رقم القرار
    decreed_on = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)  # from this day on nothing is done by it
    closed_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-starts_on", "-asked_at")
        indexes = [
            models.Index(fields=["delegate", "ends_on"], name="delegation_to"),
            models.Index(fields=["giver", "ends_on"], name="delegation_from"),
        ]
        constraints = [
            models.CheckConstraint(name="delegation_is_to_another", condition=~Q(giver=F("delegate"))),
            models.CheckConstraint(name="delegation_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="delegation_names_its_role", condition=~Q(role="") | Q(kind="DEPUTY", office__isnull=True)
            ),
            models.CheckConstraint(
                name="delegation_has_two_people",
                condition=~Q(asked_by=F("delegate"))
                & (
                    Q(confirmed_by__isnull=True)
                    | (~Q(confirmed_by=F("asked_by")) & ~Q(confirmed_by=F("delegate")))
                ),
            ),
            models.CheckConstraint(
                name="delegation_is_confirmed_whole",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delegation_is_closed_whole",
                condition=Q(closed_by__isnull=True, closed_at__isnull=True, closed_on__isnull=True)
                | Q(closed_by__isnull=False, closed_at__isnull=False, closed_on__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.giver} → {self.delegate} {self.decree}"


class Absence(models.Model):
    """Days on which an officer is away (ar: غياب / إجازة); his deputy acts for him on them and on no other."""

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day
    reason = models.CharField(max_length=120, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField(null=True, blank=True)  # he is back from this day on

    class Meta:
        ordering = ("-starts_on",)
        indexes = [models.Index(fields=["user", "ends_on"], name="absence_of_user")]
        constraints = [
            models.CheckConstraint(name="absence_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.starts_on}–{self.ends_on}"
