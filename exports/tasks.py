"""Long work of the room: writing files."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from authority import clock
from exports import services
from jobs.attempts import Attempt
from jobs.registry import task
from jobs.schedule import daily, system_user


def unwritten(*, code: str, export: str) -> None:
    """End a request whose writing finally failed."""
    services.fail(UUID(export), services.BROKEN)


@task("exports.write", title=_("Prepare a file to download"), failed=unwritten)
def write(attempt: Attempt, *, export: str) -> None:
    """Write the file of one request."""
    services.write(attempt, UUID(export))


@task("exports.expire", title=_("Close files that are older than they are kept"))
def expire(attempt: Attempt) -> None:
    """Close the files that are older than they are kept."""
    attempt.progress(100, str(services.expire(by=system_user(), at=clock.now())))


daily("exports.expire", not_before=time(1, 0))  # before the sweep
