"""The facts of the card beside the map: what is known of a parcel at a glance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from authority import clock
from authority.models import Place, User
from parcels import areas
from parcels.models import Holding, Parcel, ParcelVersion
from parcels.policies import may_keep
from parcels.selectors.book import standing_version


@dataclass(frozen=True)
class Card:
    """A parcel at a glance."""

    parcel: Parcel
    version: ParcelVersion
    chain: list[Place]  # governorate first
    holdings: list[Holding]  # standing today, strongest first
    governing_m2: Decimal | None
    difference: areas.Difference | None  # deed against survey, where both are known
    may_keep: bool


def card(parcel: Parcel, user: User, *, on: dt.date | None = None) -> Card:
    """Return the card's facts; raise NotFound where the book says nothing of the parcel."""
    version = standing_version(parcel)
    return Card(
        parcel=parcel,
        version=version,
        chain=chain_of(version.place),
        holdings=list(holdings_on(parcel, on or clock.today())),
        governing_m2=version.governing_m2,
        difference=difference(version),
        may_keep=may_keep(user, parcel),
    )


def chain_of(place: Place) -> list[Place]:
    """Return the places above and the place itself, the governorate first."""
    codes = place.path.split(".")
    paths = [".".join(codes[: depth + 1]) for depth in range(len(codes))]
    return list(Place.objects.filter(path__in=paths).defer("geom", "geom_3857").order_by("path"))


def holdings_on(parcel: Parcel, on: dt.date) -> QuerySet[Holding]:
    """Return the holdings of a parcel that stand on a day, exclusive ones first."""
    rows = parcel.holdings.filter(in_book=True, legal_range__contains=on)
    return rows.select_related("party").order_by("-exclusive", "legal_range")


def difference(version: ParcelVersion) -> areas.Difference | None:
    """Compare the area that does not govern with the one that does."""
    deed, survey = version.deed_area_m2, version.survey_area_m2
    if deed is None or survey is None:
        return None
    governs_survey = version.governing_area == "SURVEY"
    return areas.compare(deed, survey) if governs_survey else areas.compare(survey, deed)
