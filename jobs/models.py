"""Work that runs beside the site: what is to do, who holds it, which attempt counts."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from authority.models import User


class Heartbeat(models.Model):
    """When a supervisor of workers last said that it lives."""

    supervisor = models.CharField(max_length=80, primary_key=True)  # host:pid
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.supervisor} {self.beat_at:%H:%M:%S}"


class Job(models.Model):
    """One piece of queued work as people see it; the queue's own row carries it out."""

    class State(models.TextChoices):
        """Where the work stands."""

        QUEUED = "QUEUED", _("waiting")
        RUNNING = "RUNNING", _("running")
        DONE = "DONE", _("done")
        FAILED = "FAILED", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)  # surveys.read
    key = models.CharField(max_length=120, null=True, blank=True)  # at most one live job per key
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempt = models.IntegerField(default=0)  # fencing number: only the newest attempt may publish
    failures = models.SmallIntegerField(default=0)  # how often a worker was lost or the database failed it
    queue_row = models.UUIDField(null=True, blank=True, db_index=True)  # of django-tasks-db, which carries the queue
    worker = models.CharField(max_length=80, blank=True)
    backend_pid = models.IntegerField(null=True, blank=True)  # of the worker's database session, for the reaper
    lease_until = models.DateTimeField(null=True, blank=True)
    percent = models.SmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=200, blank=True)  # a code from a closed list; details go to the log
    queued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-queued_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="one_live_job_per_key", condition=Q(state__in=["QUEUED", "RUNNING"])
            )
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="job_state")]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    @property
    def title(self) -> str:
        """What people call this work."""
        from jobs.registry import title_of

        return title_of(self.name)


class BackupRecord(models.Model):
    """A backup that was made (ar: نسخة احتياطية); written by the scripts that make and prove them."""

    class Kind(models.TextChoices):
        """What was kept."""

        FULL = "FULL", _("full")
        LOG = "LOG", _("log of changes")
        FILES = "FILES", _("files")

    at = models.DateTimeField()
    kind = models.CharField(max_length=5, choices=Kind.choices)
    size = models.BigIntegerField()  # bytes
    place = models.CharField(max_length=200, blank=True)  # where it lies, as people call it
    verified_at = models.DateTimeField(null=True, blank=True)  # when it was last restored and compared
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
        constraints = [models.CheckConstraint(name="backup_has_a_size", condition=Q(size__gte=0))]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
