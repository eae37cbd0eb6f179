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
    governorate = models.CharField(max_length=2, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # from when on its bytes need not be kept

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="document_sha256")]

    def __str__(self) -> str:
        return self.filename
