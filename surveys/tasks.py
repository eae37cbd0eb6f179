"""Long work of the room: reading, checking, accepting."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from authority.refusal import Refusal
from jobs.attempts import Attempt
from jobs.registry import task
from surveys.services import accepting, checking, reading, refusing


def unread(*, code: str, submission: str) -> None:
    """Refuse a survey whose reading or checking finally failed."""
    refusing.end(UUID(submission), refusing.BROKEN)


def unaccepted(*, code: str, submission: str) -> None:
    """Give a survey whose acceptance finally failed back to the officer."""
    accepting.give_back(UUID(submission), code)


@task("surveys.read", title=_("Read a survey's file"), failed=unread)
def read(attempt: Attempt, *, submission: str) -> None:
    """Look at the file; ask or stage."""
    try:
        reading.read(attempt, UUID(submission))
    except Refusal as refusal:
        refusing.refuse(attempt, UUID(submission), refusal)


@task("surveys.check", title=_("Check a survey"), failed=unread)
def check(attempt: Attempt, *, submission: str) -> None:
    """Run the checks."""
    checking.check(attempt, UUID(submission))


@task("surveys.accept", title=_("Write a survey into the register"), failed=unaccepted)
def accept(attempt: Attempt, *, submission: str) -> None:
    """Write the survey into the register."""
    accepting.accept(attempt, UUID(submission))
