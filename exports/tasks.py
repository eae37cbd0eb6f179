"""Long work of the room: writing files."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from exports import services
from jobs.attempts import Attempt
from jobs.registry import task


def unwritten(*, code: str, export: str) -> None:
    """End a request whose writing finally failed."""
    services.fail(UUID(export), services.BROKEN)


@task("exports.write", title=_("Prepare a file to download"), failed=unwritten)
def write(attempt: Attempt, *, export: str) -> None:
    """Write the file of one request."""
    services.write(attempt, UUID(export))
