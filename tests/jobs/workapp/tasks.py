"""Tasks of the tests: each writes what it did as an audit event, the one table everybody may add to."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.db import connection

from authority.models import AuditEvent
from jobs.attempts import Attempt
from jobs.registry import task


def publish(attempt: Attempt, mark: str) -> None:
    """Publish one mark, with the number of the attempt."""
    with attempt.publishing(last=True):
        AuditEvent.objects.create(
            at=attempt.queued_by().created_at,
            actor=attempt.queued_by(),
            action="tests.mark",
            detail={"mark": mark, "attempt": attempt.number},
        )


def wait_for(path: str) -> None:
    """Wait until the test makes the file."""
    while not Path(path).exists():
        time.sleep(0.05)


@task("tests.mark")
def mark(attempt: Attempt, *, mark: str) -> None:
    """Publish at once."""
    publish(attempt, mark)


@task("tests.first_waits")
def first_waits(attempt: Attempt, *, mark: str, started: str, gate: str) -> None:
    """Wait in the first attempt until the gate opens; later attempts publish at once."""
    if attempt.number == 1:
        Path(started).touch()
        wait_for(gate)
    publish(attempt, mark)


@task("tests.holds_transaction")
def holds_transaction(attempt: Attempt, *, mark: str, started: str, gate: str) -> None:
    """Stand inside the publishing transaction until the gate opens."""
    if attempt.number > 1:
        publish(attempt, mark)
        return
    with attempt.publishing(last=True):
        AuditEvent.objects.create(
            at=attempt.queued_by().created_at, actor=attempt.queued_by(), action="tests.mark", detail={"mark": "half"}
        )
        Path(started).touch()
        wait_for(gate)


@task("tests.patient")
def patient(attempt: Attempt, *, mark: str, started: str) -> None:
    """Say how far it is for ever in the first attempt."""
    while attempt.number == 1:
        attempt.progress(40, "waiting")
        Path(started).touch()
        time.sleep(0.05)
    publish(attempt, mark)


def _told(*, code: str, **payload: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amlak.told', %s, false)", [code])


@task("tests.breaks", failed=_told)
def breaks(attempt: Attempt, *, how: str) -> None:
    """Fail in one of several ways."""
    from authority.refusal import Invalid

    if how == "refusal":
        raise Invalid("wrong_colour")
    raise KeyError("secret path /srv/x")
