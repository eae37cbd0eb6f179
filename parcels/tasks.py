"""What the queue does for the register."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import Place
from jobs.attempts import Attempt
from jobs.registry import task
from jobs.schedule import daily
from parcels.services.many import TASK, give_up, write_bulk_act
from parcels.services.work import look_for_work
from parcels.status import refresh_asset_status, refresh_status
from search.services import index

REFRESH = "parcels.refresh_status"
LOOK = "parcels.look_for_work"


@task(REFRESH, title=_("Bring the status of all land in step with today"))
def refresh(attempt: Attempt, **_payload: Any) -> None:
    """Bring the status of all land in step with today: leases end and begin while nobody touches them.

    The search index follows, because it is filtered by status.
    """
    today = clock.today()
    with attempt.publishing():
        index("parcel", refresh_status(on=today))
        index("asset", refresh_asset_status(on=today))


@task(LOOK, title=_("Look for what has to be put right in the land book"))
def look(attempt: Attempt, **_payload: Any) -> None:
    """Look through each governorate: what is missing, doubled or differs comes on the worklist."""
    for code in Place.objects.filter(kind=Place.Kind.GOVERNORATE).values_list("code", flat=True):
        with attempt.publishing():
            look_for_work(governorate=code, at=clock.now())


def not_carried_out(code: str, act: str, **_payload: Any) -> None:
    """Say so where the work failed: nothing was written."""
    give_up(UUID(act), code, at=clock.now())


@task(TASK, title=_("Carry out an act on many parcels"), failed=not_carried_out)
def carry_out(attempt: Attempt, act: str) -> None:
    """Write it whole; a worker that dies has written nothing."""
    with attempt.publishing(last=True):
        write_bulk_act(UUID(act), at=clock.now())


def declare_daily() -> None:
    """Have both done once a day, soon after midnight in Cairo."""
    daily(REFRESH)
    daily(LOOK)
