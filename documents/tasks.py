"""Long or regular work of the room."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from authority import clock
from jobs.attempts import Attempt
from jobs.registry import task


@task("documents.sweep", title=_("Remove files that no record speaks of"))
def sweep(attempt: Attempt) -> None:
    """Remove files that no record speaks of."""
    from documents import services

    attempt.progress(100, str(services.sweep()))


@task("audit.head", title=_("Sign the day's head of the audit trail and write it out"))
def sign_head(attempt: Attempt) -> None:
    """Sign and export; a second run of a day writes the same files again."""
    from documents import heads

    heads.sign_and_export(by=attempt.queued_by(), at=clock.now())


@task("documents.scan", title=_("Have a file scanned for viruses"))
def scan(attempt: Attempt, document: str) -> None:
    """Ask the scanner; one that is down is asked again in two minutes."""
    from documents import services

    state = services.scan(UUID(document), by=attempt.queued_by(), at=clock.now())
    attempt.progress(100, str(state or "waits"))


@task("documents.scan_waiting", title=_("Have scanned whatever waits in quarantine"))
def scan_waiting(attempt: Attempt) -> None:
    """Queue what waits: files of a time in which no worker ran."""
    from documents import services

    attempt.progress(100, str(services.scan_waiting(by=attempt.queued_by(), at=clock.now())))


@task("documents.read_text", title=_("Read the words of a paper"))
def read_text(attempt: Attempt, document: str) -> None:
    """Read one paper in the sandbox."""
    from documents import reading

    way = reading.read(UUID(document), by=attempt.queued_by(), at=clock.now())
    attempt.progress(100, way or "waits")


@task("documents.read_waiting", title=_("Have read the papers whose words nobody read yet"))
def read_waiting(attempt: Attempt) -> None:
    """Queue papers of a time without a reader."""
    from documents import reading

    attempt.progress(100, str(reading.ask_for_unread(by=attempt.queued_by(), at=clock.now())))
