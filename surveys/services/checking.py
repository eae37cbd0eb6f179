"""Checking a staged survey: all rules in one transaction, so that a report is whole or not there."""

from __future__ import annotations

import time
from uuid import UUID

from authority import clock
from jobs.attempts import Attempt
from surveys.checks import run_checks
from surveys.models import Submission
from surveys.services.locking import locked, move
from surveys.services.placing import find_parcels
from tiles.models import LayerVersion
from tiles.services import bump

State = Submission.State
LAYER = "staged"


def check(attempt: Attempt, submission_id: UUID) -> None:
    """Run the checks of a survey that waits for them and make its report."""
    attempt.progress(10, "check")
    with attempt.publishing(last=True):
        held = locked(Submission(pk=submission_id))
        if held.state == State.CHECKING:
            report(held)
            move(held, State.REPORTED)


def register_version(governorate: str) -> int:
    """Return a number that rises with every change of the governorate's register."""
    versions = LayerVersion.objects.filter(layer="parcels", governorate__in=[governorate, ""])
    return sum(versions.values_list("version", flat=True))


def report(held: Submission) -> None:
    """Find the parcels the rows speak of, run all checks, and keep what they found; the caller holds the survey."""
    started, now = time.monotonic(), clock.now()
    version = register_version(held.governorate)
    today = clock.day_of(now)
    find_parcels(held, today=today)
    found = run_checks(held, today=today)
    held.block_count, held.warn_count, held.note_count = found["block"], found["warn"], found["note"]
    held.checked_at, held.check_seconds = now, round(time.monotonic() - started, 2)
    held.register_version = version
    held.save(
        update_fields=[
            "block_count", "warn_count", "note_count", "checked_at", "check_seconds", "register_version",
        ]
    )  # fmt: skip
    bump(LAYER, held.governorate)
