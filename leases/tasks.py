"""Daily work of leases."""

from __future__ import annotations

from typing import Any

from authority import clock
from jobs.attempts import Attempt
from jobs.registry import task
from jobs.schedule import daily, system_user
from leases import services

EXPIRE = "leases.expire"


@task(EXPIRE)
def expire(attempt: Attempt, **_: Any) -> None:
    """End the contracts whose last day is over."""
    services.expire_due(by=system_user(), at=clock.now())


daily(EXPIRE)
