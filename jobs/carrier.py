"""The queue's own rows (django-tasks with django-tasks-db) and the moves of a job between its states.

Locks: whoever moves a job to another state or attempt takes its row FOR UPDATE; whoever publishes holds it
FOR KEY SHARE. The two exclude each other, while renewing a lease (an ordinary UPDATE) waits for neither.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django_tasks import task as queue_task
from django_tasks_db.models import DBTaskResult

from jobs import registry
from jobs.models import Job

logger = logging.getLogger("jobs")


@queue_task()
def carry_out(job_id: str) -> None:
    """Stand for a job in the queue; the worker of this house runs the job itself (docs/decisions/0008)."""
    raise RuntimeError("run `manage.py worker`, not the queue library's own worker")


@dataclass(frozen=True)
class Claim:
    """A job taken by a worker, with the number under which alone it may publish."""

    job_id: UUID
    attempt: int
    name: str
    payload: dict[str, Any]
    queue_row: UUID


def session_name(job_id: UUID, attempt: int) -> str:
    """Return the name that the worker's database session bears while it works on a job (PostgreSQL: ≤ 63 bytes)."""
    return f"amlak:{job_id}:{attempt}"


def put_in_queue(job: Job, *, not_before: datetime | None = None) -> None:
    """Add the queue's row for a job; commits and rolls back with the caller's transaction."""
    result = carry_out.using(run_after=not_before).enqueue(str(job.pk))
    job.queue_row = UUID(str(result.id))
    job.save(update_fields=["queue_row"])


def claim_next(worker_id: str) -> Claim | None:
    """Take the next waiting job, or None; raises the attempt number and starts the lease."""
    with transaction.atomic():
        row = DBTaskResult.objects.ready().get_locked()
        if row is None:
            return None
        row.claim(worker_id)
        return _start(row, worker_id)


def _start(row: DBTaskResult[Any, Any], worker_id: str) -> Claim | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE jobs_job
               SET state = 'RUNNING', attempt = attempt + 1, worker = %s, backend_pid = pg_backend_pid(),
                   lease_until = clock_timestamp() + make_interval(secs => %s),
                   started_at = clock_timestamp(), percent = 0, note = '', error = ''
             WHERE queue_row = %s AND state = 'QUEUED'
            RETURNING id, attempt, name, payload::text
            """,
            [worker_id, settings.JOB_LEASE_SECONDS, row.pk],
        )
        found = cursor.fetchone()
    if found is None:
        logger.warning("queue row %s has no waiting job; left out", row.pk)
        row.set_failed(LookupError("no waiting job"))
        return None
    job = Job.objects.get(pk=found[0])
    return Claim(job.pk, job.attempt, job.name, job.payload, row.pk)


def lock(claim: Claim) -> Job | None:
    """Return the job locked against publishing, or None when it is no longer this attempt's."""
    return (
        Job.objects.select_for_update().filter(pk=claim.job_id, attempt=claim.attempt, state=Job.State.RUNNING).first()
    )


def finish(claim: Claim) -> bool:
    """Mark the job done; False when another attempt has it by now."""
    with transaction.atomic():
        job = lock(claim)
        if job is None:
            return False
        _end(job, Job.State.DONE)
        DBTaskResult.objects.get(pk=claim.queue_row).set_successful(None)
    return True


def give_back(claim: Claim, *, counts: bool) -> bool:
    """Put the job back into the queue; `counts` says whether this was one of its few failures."""
    with transaction.atomic():
        job = lock(claim)
        if job is None:
            return False
        requeue(job, counts=counts, code="database_failed")
    return True


def requeue(job: Job, *, counts: bool, code: str) -> None:
    """Queue a locked job again, or fail it when it has failed too often."""
    job.failures += int(counts)
    if job.failures >= settings.JOB_MAX_FAILURES:
        fail_locked(job, code=code)
        return
    job.state = Job.State.QUEUED
    job.lease_until = None
    job.backend_pid = None
    job.save(update_fields=["failures", "state", "lease_until", "backend_pid"])
    _row_of(job).update(status="READY")


def fail(claim: Claim, *, code: str) -> bool:
    """Mark the job failed with a code; False when another attempt has it by now."""
    with transaction.atomic():
        job = lock(claim)
        if job is None:
            return False
        fail_locked(job, code=code)
    return True


def fail_locked(job: Job, *, code: str) -> None:
    """Mark a locked job failed and tell its task in the same transaction."""
    job.error = code[:200]
    _end(job, Job.State.FAILED)
    _row_of(job).update(status="FAILED")
    told = registry.get(job.name).failed
    if told is not None:
        told(code=code, **job.payload)


def _row_of(job: Job) -> QuerySet[DBTaskResult[Any, Any]]:
    return DBTaskResult.objects.filter(pk__in=[job.queue_row])


def _end(job: Job, state: Job.State) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        job.ended_at = cursor.fetchone()[0]
    job.state = state
    job.lease_until = None
    job.backend_pid = None
    job.percent = 100 if state == Job.State.DONE else job.percent
    job.save(update_fields=["state", "ended_at", "lease_until", "backend_pid", "percent", "error", "failures"])
