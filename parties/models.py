"""Persons, companies and public bodies."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from authority.models import User, in_language


class Party(models.Model):
    """Someone who holds, owes or disputes (ar: طرف / ذو شأن)."""

    class Kind(models.TextChoices):
        """What the party is."""

        PERSON = "PERSON", _("person")  # ar: شخص طبيعي
        COMPANY = "COMPANY", _("company")  # ar: شركة
        PUBLIC_BODY = "PUBLIC_BODY", _("public body")  # ar: جهة عامة

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
    governorate = models.CharField(max_length=2, blank=True)  # whose office entered it
    invented = models.BooleanField(default=False)  # belongs to the sample
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["governorate", "id"], name="party_of_governorate")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_ar, self.name_en)
