"""Persons, companies and public bodies."""

from __future__ import annotations

import datetime as dt
import uuid
from fractions import Fraction

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from authority.models import User, in_language
from parties.shares import print_qirats


class Party(models.Model):
    """Someone who holds, owes or disputes (ar: طرف / ذو شأن)."""

    class Kind(models.TextChoices):
        """What the party is."""

        PERSON = "PERSON", _("person")  # ar: شخص طبيعي
        COMPANY = "COMPANY", _("company")  # ar: شركة
        PUBLIC_BODY = "PUBLIC_BODY", _("public body")  # ar: جهة عامة
        GROUP = "GROUP", _("several in shares")  # ar: شركاء على الشيوع

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PERSON)
    name_ar = models.CharField(max_length=200)  # ar: الاسم
    name_en = models.CharField(max_length=200, blank=True)
    # The 14-digit national number is never stored in clear: encrypted, with a keyed hash to find it and a mask to show.
    national_id_cipher = models.BinaryField(null=True, blank=True)
    national_id_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    national_id_mask = models.CharField(max_length=14, blank=True)  # 2********00014
    commercial_register = models.CharField(max_length=32, blank=True)  # ar: السجل التجاري
    phone = models.CharField(max_length=16, blank=True)  # E.164
    tax_no = models.CharField(max_length=15, blank=True, default="", db_default="")  # ar: الرقم الضريبي
    address = models.CharField(max_length=200, blank=True, default="", db_default="")  # ar: محل الإقامة
    died_on = models.DateField(null=True, blank=True)  # ar: تاريخ الوفاة
    # A double that was merged: it stays with all that names it, and is shown with the party it is the same as.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="doubles")
    governorate = models.CharField(max_length=2, blank=True)  # whose office entered it
    invented = models.BooleanField(default=False)  # belongs to the sample
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["governorate", "id"], name="party_of_governorate")]
        constraints = [
            models.CheckConstraint(
                name="party_is_no_double_of_itself",
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_ar, self.name_en)


class Membership(models.Model):
    """A share in a group (ar: حصة): an exact fraction of the whole, printed in qirat of 24."""

    group = models.ForeignKey(Party, models.PROTECT, related_name="members")
    member = models.ForeignKey(Party, models.PROTECT, related_name="memberships")
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], name="one_share_of_a_member"),
            models.CheckConstraint(
                name="share_is_a_proper_fraction",
                condition=models.Q(numerator__gt=0, denominator__gt=0, numerator__lte=models.F("denominator")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.numerator}/{self.denominator}"

    @property
    def share(self) -> Fraction:
        """The share of the whole."""
        return Fraction(self.numerator, self.denominator)

    @property
    def qirats(self) -> str:
        """The share in qirat of 24, as papers write it."""
        return print_qirats(self.share)


class Succession(models.Model):
    """Who inherits from whom, by a certificate of a court (ar: إعلام وراثة)."""

    deceased = models.OneToOneField(Party, models.PROTECT, related_name="succession")
    heirs = models.OneToOneField(Party, models.PROTECT, related_name="+")  # a group
    died_on = models.DateField()
    certificate_no = models.CharField(max_length=40)  # ar: رقم مادة الوراثة
    court = models.CharField(max_length=80)
    dated_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.certificate_no} {self.deceased}"


class Agency(models.Model):
    """A power of attorney (ar: توكيل): who acts for whom, from when to when."""

    class Extent(models.TextChoices):
        """How far it reaches."""

        GENERAL = "GENERAL", _("general")  # ar: عام
        SPECIAL = "SPECIAL", _("special")  # ar: خاص

    principal = models.ForeignKey(Party, models.PROTECT, related_name="agencies")  # ar: الموكل
    agent = models.ForeignKey(Party, models.PROTECT, related_name="acts_for")  # ar: الوكيل
    extent = models.CharField(max_length=7, choices=Extent.choices)
    scope = models.CharField(max_length=200, blank=True)  # what a special one is for
    number = models.CharField(max_length=40)  # ar: رقم التوكيل
    notary = models.CharField(max_length=80)  # ar: مكتب التوثيق
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # last day, included
    revoked_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="nobody_is_his_own_agent", condition=~models.Q(agent=models.F("principal")))
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.agent}"

    def stands(self, on: dt.date) -> bool:
        """Say whether it is in force on a day; on the day of its revocation it is not any more."""
        ended = self.revoked_on is not None and on >= self.revoked_on
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on) and not ended


class PartyMerge(models.Model):
    """That two entries are one party: done and undone, each with its reason."""

    kept = models.ForeignKey(Party, models.PROTECT, related_name="+")
    double = models.ForeignKey(Party, models.PROTECT, related_name="merges")
    reason = models.CharField(max_length=300)
    merged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.double_id} = {self.kept_id}"
