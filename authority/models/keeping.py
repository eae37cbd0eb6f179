"""Changes of accounts and roles that one administrator prepares and another carries out."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from authority.models.people import Place, User


class PreparedChange(models.Model):
    """What shall change for a person (ar: تعديل صلاحيات), with what follows from it; done by a second administrator."""

    class Kind(models.TextChoices):
        """What changes."""

        ACCOUNT = "ACCOUNT", _("open an account")  # ar: فتح حساب
        ROLE = "ROLE", _("give a role")  # ar: إسناد صفة
        ROLE_END = "ROLE_END", _("end a role")  # ar: إنهاء صفة
        LEAVING = "LEAVING", _("leaves the office")  # ar: إخلاء طرف
        OFFICE = "OFFICE", _("open an office")  # ar: إنشاء إدارة
        CLOSING = "CLOSING", _("close an office")  # ar: إغلاق إدارة

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "WAITING", _("waits for a second person")  # ar: في انتظار شخص ثانٍ
        DONE = "DONE", _("carried out")  # ar: نُفذ
        WITHDRAWN = "WITHDRAWN", _("withdrawn")  # ar: سُحب

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="changes")  # null: a new one
    said = models.JSONField()  # what shall be: role, office, days, names of heirs
    effect = models.JSONField(default=list)  # what follows, as it was counted when the change was prepared
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-prepared_at",)
        constraints = [
            models.CheckConstraint(
                name="change_is_carried_out_by_another",
                condition=~Q(state="DONE") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("prepared_by"))),
            ),
            models.CheckConstraint(
                name="change_is_for_another",
                condition=Q(person__isnull=True)
                | (~Q(prepared_by=F("person")) & (Q(decided_by__isnull=True) | ~Q(decided_by=F("person")))),
            ),
            models.CheckConstraint(
                name="change_names_its_person",
                condition=Q(kind__in=["ACCOUNT", "OFFICE", "CLOSING"]) | Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person or ''}"


class AccessReview(models.Model):
    """Somebody looked through who may see and do what in a place (ar: مراجعة الصلاحيات); at least once a year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    people = models.IntegerField()  # how many people stood on the list
    rows = models.JSONField()  # the list as it was: person, role, office, through what
    note = models.CharField(max_length=300)  # what was found, and what follows

    class Meta:
        ordering = ("-reviewed_at",)
        indexes = [models.Index(fields=["place", "-reviewed_at"], name="review_of_place")]

    def __str__(self) -> str:
        return f"{self.place} {self.reviewed_at:%Y-%m-%d}"
