"""Long or regular work of the room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority import clock
from jobs.attempts import Attempt
from jobs.registry import task


@task("training.reset", title=_("Put the training data back to its beginning"))
def reset_training(attempt: Attempt, asked_by: str = "system") -> None:
    """Reset; this job itself goes with the data, so nothing is published of it."""
    from workspace import training

    training.reset(asked_by=asked_by, at=clock.now())
