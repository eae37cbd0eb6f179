"""Takes jobs from workers that no longer renew their lease: killed, paused, or cut off."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import connection, transaction

from jobs.carrier import requeue, session_name
from jobs.models import Job

logger = logging.getLogger("jobs")

EXPIRED = "SELECT id, attempt FROM jobs_job WHERE state = 'RUNNING' AND lease_until < clock_timestamp()"
LOCK = """
    SELECT * FROM jobs_job
     WHERE id = %s AND attempt = %s AND state = 'RUNNING' AND lease_until < clock_timestamp()
       FOR UPDATE SKIP LOCKED
"""
# The session's name holds job and attempt, so a process number used again by somebody else is never hit.
END_SESSION = """
    SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
     WHERE application_name = %s AND usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()
"""


def reap() -> int:
    """Take every job whose lease ran out; return how many were queued again or failed."""
    with connection.cursor() as cursor:
        cursor.execute(EXPIRED)
        expired = cursor.fetchall()
    return sum(_take(job_id, attempt) for job_id, attempt in expired)


def _take(job_id: UUID, attempt: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(END_SESSION, [session_name(job_id, attempt)])
    with transaction.atomic():
        still_expired = Job.objects.raw(LOCK, [job_id, attempt])
        job = next(iter(still_expired), None)
        if job is None:
            return False
        logger.warning("job %s %s: worker %s lost", job.name, job.pk, job.worker)
        job.attempt += 1
        job.save(update_fields=["attempt"])
        requeue(job, counts=True, code="worker_lost")
    return True
