"""Queueing work: in the caller's transaction, so that work and change commit together or not at all."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from authority import audit, clock
from authority.models import User
from authority.refusal import Conflict, NotFound
from jobs import carrier, nightly, policies, registry
from jobs.models import Job

RERUN, RUN_NOW = "jobs.rerun", "jobs.run_now"


def queue(
    name: str,
    *,
    by: User,
    key: str | None = None,
    at: datetime | None = None,
    not_before: datetime | None = None,
    **payload: Any,
) -> Job:
    """Queue a task by name; with a key, a live job of that key is returned instead of a second one.

    `at` is the moment of queueing, `not_before` the earliest start. The payload must be JSON.
    Raises UnknownTaskError.
    """
    registry.get(name)
    with transaction.atomic():
        while True:
            job = Job(name=name, key=key, payload=_as_json(payload), queued_by=by, queued_at=at or clock.now())
            Job.objects.bulk_create([job], ignore_conflicts=key is not None)
            if key is None or Job.objects.filter(pk=job.pk).exists():
                carrier.put_in_queue(job, not_before=not_before)
                return job
            live = Job.objects.filter(key=key, state__in=[Job.State.QUEUED, Job.State.RUNNING]).first()
            if live is not None:
                return live


def _as_json(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the payload as it will come back from the database: ids and dates as text."""
    plain: dict[str, Any] = json.loads(json.dumps(payload, cls=DjangoJSONEncoder))
    return plain


@transaction.atomic
def rerun(job_id: UUID, *, by: User, at: datetime) -> Job:
    """Queue a failed job once more; only an administrator may, and it is recorded."""
    policies.require_all_jobs(by)
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound("job_not_found")
    if job.state != Job.State.FAILED:
        raise Conflict("job_not_failed", _("Only failed work can be queued again."))
    again = queue(job.name, by=job.queued_by, key=job.key, at=at, **job.payload)
    audit.record(RERUN, by=by, at=at, obj=again, detail={"name": job.name, "failed": str(job.pk)})
    return again


@transaction.atomic
def run_now(name: str, *, by: User, at: datetime) -> Job:
    """Queue nightly work at once; only an administrator may, and it is recorded. One live run at a time."""
    policies.require_all_jobs(by)
    if name not in nightly.names():
        raise NotFound("job_not_found")
    job = queue(name, by=by, key=f"{name}:now", at=at)
    audit.record(RUN_NOW, by=by, at=at, obj=job, detail={"name": name})
    return job


@transaction.atomic
def prune(*, at: datetime) -> int:
    """Remove jobs done 30 days ago or failed 180 days ago, with their rows in the queue; return how many."""
    done = Q(state=Job.State.DONE, ended_at__lt=at - timedelta(days=30))
    failed = Q(state=Job.State.FAILED, ended_at__lt=at - timedelta(days=180))
    old = list(Job.objects.filter(done | failed).values_list("pk", "queue_row"))
    DBTaskResult.objects.filter(pk__in=[row for _job, row in old if row]).delete()
    Job.objects.filter(pk__in=[job for job, _row in old]).delete()
    return len(old)
