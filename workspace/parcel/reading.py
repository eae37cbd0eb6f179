"""What the parcel page reads, each list in one query, all within the reader's jurisdiction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import QuerySet

from authority.models import User
from authority.moments import Moment
from cases.models import Case
from cases.policies import cases_visible_to
from parcels.models import (
    Asset,
    Holding,
    Parcel,
    ParcelDocument,
    ParcelVersion,
    ProtectionLayer,
    Restriction,
)
from parcels.policies import versions_visible_to
from parcels.screening import layers_of
from parcels.timeline import holdings_registered, versions_registered

MOST_NEIGHBOURS = 80
ROOM = 1.0  # of the parcel's larger side: how far around it neighbours are drawn


@dataclass(frozen=True)
class Book:
    """Versions and holdings as the book stood at the moment."""

    versions: list[ParcelVersion]
    version: ParcelVersion | None  # the one true on the day
    holdings: list[Holding]
    registered: tuple[dict[dt.date, dt.date], dict[tuple[str, dt.date], dt.date]]  # when versions, holdings reached it


def versions_of(parcel: Parcel, moment: Moment) -> list[ParcelVersion]:
    """Return the versions that stood in the book at the moment, the oldest first."""
    rows = parcel.versions.filter(recorded_range__contains=moment.known_at)
    light = rows.defer("geom", "source_geom", "source_attributes")
    return list(light.select_related("place", "custodian", "recorded_by").order_by("legal_range"))


def book_of(parcel: Parcel, moment: Moment) -> Book:
    """Return what the book said of the parcel."""
    versions = versions_of(parcel, moment)
    standing = [version for version in versions if holds(version, moment)]
    holdings = parcel.holdings.filter(recorded_range__contains=moment.known_at).select_related("party")
    registered = (versions_registered(parcel), holdings_registered(parcel))
    return Book(versions, standing[0] if standing else None, list(holdings.order_by("legal_range")), registered)


def holds(row: ParcelVersion | Holding, moment: Moment) -> bool:
    """Say whether a row is true in law on the day."""
    lower, upper = row.legal_range.lower, row.legal_range.upper
    return (lower is None or lower <= moment.on) and (upper is None or moment.on < upper)


def neighbours_of(version: ParcelVersion, user: User) -> QuerySet[ParcelVersion]:
    """Return the standing versions of parcels around, within the reader's jurisdiction."""
    west, south, east, north = version.geom_3857.extent
    room = max(east - west, north - south) * ROOM
    window = GEOSGeometry(
        f"SRID=3857;POLYGON(({west - room} {south - room},{east + room} {south - room},"
        f"{east + room} {north + room},{west - room} {north + room},{west - room} {south - room}))"
    )
    rows = ParcelVersion.objects.filter(in_book=True, legal_range__contains=version.legal_range.lower)
    rows = rows.filter(geom_3857__bboverlaps=window).exclude(parcel_id=version.parcel_id)
    return (
        versions_visible_to(user, rows)
        .select_related("parcel")
        .only("parcel_no_raw", "geom_3857", "parcel__status", "parcel__id")[:MOST_NEIGHBOURS]
    )


def restrictions_of(parcel: Parcel) -> list[Restriction]:
    """Return the restrictions that stand, those found by screening with their layer."""
    return list(parcel.restrictions.filter(ended_on__isnull=True).select_related("layer").order_by("-checked_at"))


def layers(parcel: Parcel) -> list[ProtectionLayer]:
    """Return the layers that cover the parcel's place."""
    return sorted(layers_of(parcel.place), key=lambda layer: layer.code)


def documents_of(parcel: Parcel) -> list[ParcelDocument]:
    """Return the papers of the file, the newest first."""
    return list(parcel.documents.select_related("document").order_by("-dated_on", "-id"))


def assets_of(parcel: Parcel) -> list[Asset]:
    """Return what stands on the parcel."""
    return list(parcel.assets.filter(closed_on__isnull=True).defer("geom", "geom_3857").order_by("asset_code"))


def cases_of(parcel: Parcel, user: User) -> list[Case]:
    """Return the cases on the parcel that the reader may see, the newest first."""
    rows = cases_visible_to(user, Case.objects.filter(parcel=parcel)).select_related("party")
    return list(rows.defer("geom_3857").order_by("-opened_at"))
