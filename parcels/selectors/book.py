"""What the book says of a parcel: today, or as of a day of law and a moment of record."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F, Q, QuerySet

from authority import clock
from authority.models import User
from authority.refusal import NotFound
from parcels import codes
from parcels.bitemporal import of_range
from parcels.models import Asset, Holding, Lineage, Parcel, ParcelVersion
from parcels.policies import assets_visible_to, parcels_visible_to
from parcels.status import status_on


def parcel_by_id(parcel_id: UUID, user: User | None = None) -> Parcel:
    """Return the parcel with its place and custodian, within the user's sight; raise NotFound."""
    return _one(Parcel.objects.filter(pk=parcel_id), user)


def parcel_of(text: str, user: User | None = None) -> Parcel:
    """Return the parcel by its internal code or its national number, as typed; raise NotFound."""
    return _one(Parcel.objects.filter(Q(parcel_code=codes.clean(text)) | Q(unified_property_no=text.strip())), user)


def _one(rows: QuerySet[Parcel], user: User | None) -> Parcel:
    seen = rows if user is None else parcels_visible_to(user, rows)
    found = seen.select_related("place", "custodian").first()
    if found is None:
        raise NotFound()
    return found


def asset_by_id(asset_id: UUID, user: User | None = None) -> Asset:
    """Return the asset, within the user's sight; raise NotFound."""
    rows = Asset.objects.filter(pk=asset_id)
    found = (rows if user is None else assets_visible_to(user, rows)).select_related("place", "custodian").first()
    if found is None:
        raise NotFound()
    return found


def versions_as_of(*, on: dt.date | None = None, known_at: dt.datetime | None = None) -> QuerySet[ParcelVersion]:
    """Return what was true on a day of law (today), as the book stood at a moment (now): one row a parcel at most."""
    rows = ParcelVersion.objects.filter(legal_range__contains=on or clock.today())
    return rows.filter(in_book=True) if known_at is None else rows.filter(stood_at(known_at))


def stood_at(known_at: dt.datetime) -> Q:
    """Return the condition that a row stood in the book at a moment.

    What still stands and what was superseded are named apart: each half of the table has indexes of its own.
    """
    return (Q(in_book=True) | Q(in_book=False)) & Q(recorded_range__contains=known_at)


def holdings_as_of(*, on: dt.date | None = None, known_at: dt.datetime | None = None) -> QuerySet[Holding]:
    """Return who held what on a day of law (today), as the book stood at a moment (now)."""
    rows = Holding.objects.filter(legal_range__contains=on or clock.today())
    return rows.filter(in_book=True) if known_at is None else rows.filter(recorded_range__contains=known_at)


def latest_versions(parcel: Parcel | UUID) -> QuerySet[ParcelVersion]:
    """Return what stands in the book of one parcel, the latest days of law first."""
    return ParcelVersion.objects.filter(parcel=parcel, in_book=True).order_by("-legal_range")


def with_status(
    rows: QuerySet[ParcelVersion], *, on: dt.date | None = None, known_at: dt.datetime | None = None
) -> QuerySet[ParcelVersion]:
    """Add `shown_status`: the parcel's own for today as the book stands, else derived for that day and book."""
    now = on is None and known_at is None
    return rows.annotate(shown_status=F("parcel__status") if now else status_on(on or clock.today(), known_at))


def as_of(parcel: Parcel | UUID, *, on: dt.date | None = None, known_at: dt.datetime | None = None) -> ParcelVersion:
    """Return the version of one parcel as of the two times; raise NotFound where the book says nothing."""
    rows = with_status(versions_as_of(on=on, known_at=known_at).filter(parcel=parcel), on=on, known_at=known_at)
    found = rows.select_related("place", "custodian", "parcel").first()
    if found is None:
        raise NotFound()
    return found


def standing_version(parcel: Parcel | UUID) -> ParcelVersion:
    """Return the version of today; of a closed parcel the last one, of a future one the first; raise NotFound."""
    today = clock.today()
    rows = list(
        with_status(ParcelVersion.objects.filter(parcel=parcel, in_book=True))
        .select_related("place", "custodian", "parcel")
        .order_by("legal_range")
    )
    begun = [row for row in rows if of_range(row.legal_range).start <= today]
    if not rows:
        raise NotFound()
    return begun[-1] if begun else rows[0]


def lineage(parcel: Parcel) -> list[Lineage]:
    """Return what the parcel came out of and what came out of it, the earliest first."""
    either = Q(predecessor=parcel) | Q(successor=parcel)
    return list(Lineage.objects.filter(either).select_related("predecessor", "successor").order_by("on", "pk"))
