"""The audit trail: events, their chain, heads and keys; the mark of a site to practise on."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import Q
from django.db.models.functions import Now

from authority.models.people import User


class AuditEvent(models.Model):
    """One thing that was done; append-only, held so by the database."""

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    governorate = models.CharField(max_length=2, blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.UUIDField(default=uuid.uuid4)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_of_object"),
            models.Index(fields=["governorate", "id"], name="audit_of_governorate"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class AuditLink(models.Model):
    """The place of an audit event in its governorate's chain (ar: حلقة سجل المراجعة); written by the database alone.

    hash = SHA-256(prev_hash ‖ digest), digest = SHA-256 of the event's canonical form (docs/explanation/audit.md).
    """

    event = models.OneToOneField(
        AuditEvent, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="link"
    )
    chain = models.CharField(max_length=2, blank=True)  # the event's governorate; "" for events without one
    seq = models.BigIntegerField()  # from 1, without gaps
    form = models.SmallIntegerField()  # version of the canonical form
    salt = models.UUIDField(null=True)  # of the detail's digest; gone once the detail was redacted
    detail_digest = models.BinaryField()  # SHA-256(salt ⏎ detail as jsonb writes it)
    digest = models.BinaryField()
    prev_hash = models.BinaryField()  # of the link before; 32 zero bytes for the first
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="one_link_of_a_number"),
            models.UniqueConstraint(fields=["chain", "prev_hash"], name="chain_never_forks"),
        ]

    def __str__(self) -> str:
        return f"{self.chain or '-'} {self.seq}"


class AuditRedaction(models.Model):
    """The recorded act by which personal data left an event's detail (ar: حجب بيانات); the tables' owner writes it."""

    event = models.OneToOneField(AuditEvent, models.PROTECT, primary_key=True, related_name="redaction")
    record = models.OneToOneField(AuditEvent, models.PROTECT, related_name="+")  # the event that records the act
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.event_id}"


class AuditCheck(models.Model):
    """One run of the check of the chains (ar: فحص سلسلة المراجعة)."""

    at = models.DateTimeField()
    rows = models.BigIntegerField()
    seconds = models.FloatField()
    faults = models.JSONField(default=list)  # the first bad row of each chain that has one

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {len(self.faults)}"


class SigningKey(models.Model):
    """A public key under which daily heads are signed (ar: مفتاح التوقيع); the private half never comes here."""

    key_id = models.CharField(max_length=16, primary_key=True)  # first hex digits of SHA-256 of the public key
    public_key = models.CharField(max_length=64)  # Ed25519, hex
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)  # set once, when the next key takes over

    def __str__(self) -> str:
        return self.key_id


class SignedHead(models.Model):
    """The heads of all chains at the end of a day, signed (ar: رأس السجل الموقّع)."""

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    text = models.TextField()  # the signed bytes: JSON
    signature = models.CharField(max_length=128)  # Ed25519, hex
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day}"


class TrainingMark(models.Model):
    """The one row by which a database says that it is there to practise on (ar: علامة التدريب)."""

    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_training_mark", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.marked_at:%Y-%m-%d}"
