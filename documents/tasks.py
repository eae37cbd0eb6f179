"""Long or regular work of the room."""

from __future__ import annotations

from jobs.attempts import Attempt
from jobs.registry import task


@task("documents.sweep")
def sweep(attempt: Attempt) -> None:
    """Remove files that no record speaks of."""
    from documents import services

    attempt.progress(100, str(services.sweep()))
