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
        EXPIRED = "EXPIRED", _("kept no longer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    layers = models.JSONField()  # names of layers
    filters = models.JSONField(default=dict)
    format = models.CharField(max_length=8)  # gpkg, shp, geojson, qgz, xlsx
    srid = models.IntegerField(default=4326)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    options = models.JSONField(default=dict, blank=True)  # encoding of a shapefile, language of titles
    rows = models.BigIntegerField(null=True, blank=True)
    notes = models.JSONField(default=list, blank=True)  # what could not be written as it stands, for people
    rights = models.CharField(max_length=16, blank=True)  # key of the rights with which the file was written
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.CharField(max_length=60, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="exports")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [models.Index(fields=["created_by", "-created_at"], name="export_of_person")]

    def __str__(self) -> str:
        return f"{self.format} {self.created_at:%Y-%m-%d %H:%M}"
