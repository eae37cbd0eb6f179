"""Daily work of leases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority import clock
from jobs.attempts import Attempt
from jobs.registry import task
from jobs.schedule import daily, system_user
from leases import services

EXPIRE = "leases.expire"


@task(EXPIRE, title=_("End the leases whose last day is over"))
def expire(attempt: Attempt) -> None:
    """End the contracts whose last day is over."""
    services.expire_due(by=system_user(), at=clock.now())


daily(EXPIRE)
