"""What came in or goes out as a file: content-addressed, never overwritten."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from authority.models import User


class Document(models.Model):
    """A stored file (ar: مستند), named by the SHA-256 of its bytes."""

    class State(models.TextChoices):
        """Whether it may be handed out."""

        QUARANTINED = "QUARANTINED", _("in quarantine")  # ar: قيد الفحص
        CLEAN = "CLEAN", _("checked")  # ar: سليم
        REFUSED = "REFUSED", _("refused")  # ar: مرفوض

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()  # bytes
    media_type = models.CharField(max_length=100)  # found from the content, not from the name
    filename = models.CharField(max_length=200)  # a label only, never a path
    kind = models.CharField(max_length=40)  # ar: نوع المستند
    state = models.CharField(max_length=12, choices=State.choices, default=State.CLEAN)
    scanned_at = models.DateTimeField(null=True, blank=True)  # ar: تاريخ الفحص؛ null: never scanned
    scan_told = models.CharField(max_length=200, blank=True, default="", db_default="")  # the scanner's own words
    governorate = models.CharField(max_length=2, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # from when on its bytes need not be kept

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="document_sha256")]

    def __str__(self) -> str:
        return self.filename


class IssuedPaper(models.Model):
    """A paper the office issued (ar: مستند صادر): its number, what it says, and how a stranger proves it is ours.

    Whoever holds the paper proves it by the code in its QR (≥ 128 bits), or by its number with the short check code
    printed beside it. Rows are never changed but to revoke them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)  # declared by the room that issues it: parcels.extract
    governorate = models.CharField(max_length=2)
    training = models.BooleanField(default=False, db_default=False)  # of a training site: a series of its own
    year = models.SmallIntegerField()
    serial = models.IntegerField()  # without gaps in a governorate's year
    code = models.CharField(max_length=32, unique=True)  # in the QR; 160 bits
    check_code = models.CharField(max_length=10)  # the second secret beside the short number
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    state_of_record = models.CharField(max_length=64)  # of the thing when it was issued: compared when it is verified
    facts = models.JSONField()  # what a stranger with the paper in hand may compare: [[title, value], …]
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revocation_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["governorate", "year", "serial", "training"], name="one_issued_paper_of_a_number"
            )
        ]
        indexes = [models.Index(fields=["object_type", "object_id"], name="issued_for_object")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number as it is printed: governorate, year, serial; T- before it on a training site."""
        return f"{'T-' if self.training else ''}{self.governorate}-{self.year}-{self.serial:06d}"
