"""Long or regular work of the room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jobs.attempts import Attempt
from jobs.registry import task


@task("documents.sweep", title=_("Remove files that no record speaks of"))
def sweep(attempt: Attempt) -> None:
    """Remove files that no record speaks of."""
    from documents import services

    attempt.progress(100, str(services.sweep()))
