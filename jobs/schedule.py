"""What is done once a day."""

from __future__ import annotations

from datetime import datetime, time

from django.db import connection, transaction

from authority import clock
from authority.models import User
from jobs import nightly
from jobs.models import Job
from jobs.nightly import Daily
from jobs.services import queue


def daily(name: str, *, not_before: time = time(1, 30)) -> None:
    """Have the task of this name run once a day."""
    nightly.add(Daily(name, not_before))


def key_of(name: str, now: datetime) -> str:
    """Return the key of the day's run: the same for all supervisors."""
    return f"{name}:{clock.day_of(now):%Y-%m-%d}"


def queue_due(*, at: datetime) -> list[Job]:
    """Queue what is due today and was not queued yet; any number of supervisors may ask at once."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jobs.schedule'))")
        return [
            queue(entry.name, by=system_user(), key=key_of(entry.name, at), at=at)
            for entry in nightly.entries()
            if _is_due(entry, at)
        ]


def _is_due(entry: Daily, at: datetime) -> bool:
    if at.astimezone(clock.CAIRO).time() < entry.not_before:
        return False
    return not Job.objects.filter(name=entry.name, key=key_of(entry.name, at)).exists()


def system_user() -> User:
    """Return the account in whose name the house itself acts; nobody can sign in with it."""
    user = User.objects.filter(username="system").first()
    return user or User.objects.create_user("system", None, name_ar="النظام", name_en="System")
