"""Daily work of the register of suits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority import clock
from jobs.attempts import Attempt
from jobs.registry import task
from jobs.schedule import daily, system_user
from litigation import services

SETTLE = "litigation.settle"


@task(SETTLE, title=_("Make final the judgments whose days of appeal are over"))
def settle(attempt: Attempt) -> None:
    """Make final what nobody has appealed in time."""
    services.settle_due(by=system_user(), at=clock.now())


def declare_daily() -> None:
    """Have it done once a day."""
    daily(SETTLE)
