"""Whether anybody carries out what is queued: supervisors say so each round, `/readyz` asks."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection

BEAT = """
    INSERT INTO jobs_heartbeat (supervisor, beat_at) VALUES (%s, clock_timestamp())
    ON CONFLICT (supervisor) DO UPDATE SET beat_at = clock_timestamp()
"""
FORGET = "DELETE FROM jobs_heartbeat WHERE supervisor = %s OR beat_at < clock_timestamp() - interval '1 day'"
HEARD = "SELECT EXISTS (SELECT FROM jobs_heartbeat WHERE beat_at > clock_timestamp() - %s * interval '1 second')"
LEAST_S = 15.0  # a busy machine may be late by so much


def beat(supervisor: str) -> None:
    """Say that this supervisor lives."""
    with connection.cursor() as cursor:
        cursor.execute(BEAT, [supervisor[:80]])


def forget(supervisor: str) -> None:
    """Take back the sign of life of a supervisor that ends, and those that were left behind long ago."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [supervisor[:80]])


def silence() -> str | None:
    """Return why nothing that is queued will be done, or None."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(HEARD, [max(LEAST_S, 5 * settings.JOB_REAP_SECONDS)])
            return None if cursor.fetchone()[0] else "worker_silent"
    except DatabaseError:
        return "database_unavailable"
