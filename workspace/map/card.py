"""The card beside the map: one parcel at a glance, with what may be done and why not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from authority import clock
from authority.models import User
from authority.moments import Moment
from cases.models import Event
from parcels.models import Holding
from parcels.selectors import parcel_by_id
from workspace.map.results import boxes_of
from workspace.parcel import acts, file
from workspace.parcel.file import Tenure

LATEST = 3


@dataclass(frozen=True)
class Card:
    """What the card shows."""

    file: file.File
    holding: Tenure | None  # whose land it is in the first place; an encroachment is an alert
    bounds: str
    offers: list[acts.Offer]
    events: list[Event]
    status: str


def card(parcel_id: uuid.UUID, user: User, moment: Moment) -> Card:
    """Return the card; raises NotFound for what is missing or out of sight."""
    parcel = parcel_by_id(parcel_id, user)
    found = file.file_of(parcel, user, moment, clock.today())
    boxes = boxes_of([found.version.pk]) if found.version else {}
    return Card(
        file=found,
        holding=main_holding(found.tenures),
        bounds=next(iter(boxes.values()), ""),
        offers=acts.offers(found, user),
        events=list(latest([case.pk for case in found.cases])),
        status=str(found.status.label),
    )


def main_holding(tenures: list[file.Tenure]) -> file.Tenure | None:
    """Return the tenure by which the land is held: an exclusive one first, an encroachment never."""
    held = [tenure for tenure in tenures if tenure.holding.kind != Holding.Kind.ENCROACHMENT]
    return min(held, key=lambda tenure: not tenure.holding.exclusive, default=None)


def latest(cases: list[Any]) -> QuerySet[Event]:
    """Return the last acts on the parcel's files, the newest first."""
    return Event.objects.filter(case_id__in=cases).select_related("case").order_by("-at", "-id")[:LATEST]
