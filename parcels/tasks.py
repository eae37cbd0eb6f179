"""What the queue does for the register."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from authority import clock
from jobs.attempts import Attempt
from jobs.registry import task
from jobs.schedule import daily
from parcels.status import refresh_asset_status, refresh_status
from search.services import index

REFRESH = "parcels.refresh_status"


@task(REFRESH, title=_("Bring the status of all land in step with today"))
def refresh(attempt: Attempt, **_payload: Any) -> None:
    """Bring the status of all land in step with today: leases end and begin while nobody touches them.

    The search index follows, because it is filtered by status.
    """
    today = clock.today()
    with attempt.publishing():
        index("parcel", refresh_status(on=today))
        index("asset", refresh_asset_status(on=today))


def declare_daily() -> None:
    """Have it done once a day, soon after midnight in Cairo."""
    daily(REFRESH)
