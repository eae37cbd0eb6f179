"""Regular work of the room itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority import clock
from jobs.attempts import Attempt
from jobs.registry import task


@task("jobs.prune", title=_("Remove work that ended long ago from the list"))
def prune(attempt: Attempt) -> None:
    """Remove what nobody looks at any more."""
    from jobs import services

    attempt.progress(100, str(services.prune(at=clock.now())))
