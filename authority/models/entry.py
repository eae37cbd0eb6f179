"""How people come in: sessions and devices, ways back."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from authority.models.people import User


class UserSession(models.Model):
    """One sign-in on one device (ar: جلسة دخول); the row outlives the session so that its owner can look back."""

    class Way(models.TextChoices):
        """How the person proved who he is."""

        PASSWORD = "PASSWORD", _("password")  # ar: كلمة المرور
        OIDC = "OIDC", _("government account")  # ar: حساب الدخول الموحد

    class Ending(models.TextChoices):
        """Why a session ended."""

        SIGNED_OUT = "SIGNED_OUT", _("signed out")  # ar: خروج
        IDLE = "IDLE", _("left unused")  # ar: خمول
        AGE = "AGE", _("too old")  # ar: انتهاء المدة
        OWNER = "OWNER", _("ended by its owner")  # ar: أنهاها صاحبها
        ADMINISTRATOR = "ADMINISTRATOR", _("ended by an administrator")  # ar: أنهاها مدير النظام
        RIGHTS = "RIGHTS", _("account or role ended")  # ar: تغير الصلاحيات
        CREDENTIALS = "CREDENTIALS", _("password or second factor changed")  # ar: تغير بيانات الدخول

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="entries")
    # The key of Django's session; none once it has ended, for then it opens nothing.
    key = models.CharField(max_length=40, unique=True, null=True)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.PASSWORD)
    signed_in_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    second_factor_at = models.DateTimeField(null=True)  # ar: التحقق بالعامل الثاني
    proved_at = models.DateTimeField()  # when the person last gave a password or a code
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=13, choices=Ending.choices, blank=True)

    class Meta:
        ordering = ("-signed_in_at",)
        indexes = [models.Index(fields=["user", "-signed_in_at"], name="session_of_user")]
        constraints = [
            models.CheckConstraint(
                name="session_ends_whole",
                condition=Q(ended_at__isnull=True, key__isnull=False, ending="")
                | (Q(ended_at__isnull=False, key__isnull=True) & ~Q(ending="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.signed_in_at:%Y-%m-%d %H:%M}"


class Recovery(models.Model):
    """A colleague's way back in (ar: طلب استعادة الدخول): a new password by a code, or the second factor taken off."""

    class Kind(models.TextChoices):
        """What is restored."""

        PASSWORD = "PASSWORD", _("new password")  # ar: كلمة مرور جديدة
        FACTOR = "FACTOR", _("second factor taken off")  # ar: إلغاء العامل الثاني

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    user = models.ForeignKey(User, models.PROTECT, related_name="recoveries")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    needs_second = models.BooleanField()  # another administrator has to confirm
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, unique=True, null=True)
    expires_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # used, or withdrawn

    class Meta:
        ordering = ("-asked_at",)
        constraints = [
            models.CheckConstraint(
                name="recovery_has_two_people",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="recovery_is_for_another",
                condition=~Q(asked_by=F("user")) & (Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("user"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.user}"
