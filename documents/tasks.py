"""Long or regular work of the room."""

from __future__ import annotations

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
