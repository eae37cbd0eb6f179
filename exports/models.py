"""Files that leave the house."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from authority.models import User
from documents.models import Document


class Export(models.Model):
    """One request for a file, with the rights of who asked (ar: تصدير)."""

    class State(models.TextChoices):
        """Where the request stands."""

        QUEUED = "QUEUED", _("waiting")
        READY = "READY", _("ready")
        FAILED = "FAILED", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    layers = models.JSONField()  # names of layers
    filters = models.JSONField(default=dict)
    format = models.CharField(max_length=8)  # gpkg, shp, geojson, qgz, xlsx
    srid = models.IntegerField(default=4326)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    rows = models.BigIntegerField(null=True, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.CharField(max_length=60, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="exports")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.format} {self.created_at:%Y-%m-%d %H:%M}"
