"""The status of a parcel or asset (ar: الموقف): derived from who holds it on a day, by precedence; never typed.

Said in Python (`derive`), in SQL (`status_sql`) and as an expression (`status_on`), tested to agree. The precedence is
the order of `Status`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, CharField, Func, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from authority.joins import joined_by_hash
from parcels.models import Holding, OwnershipClass, Status
from tiles.services import bump

OF_HOLDING: dict[str, Status] = {
    Holding.Kind.DISPUTE: Status.DISPUTED,
    Holding.Kind.ENCROACHMENT: Status.ENCROACHED,
    Holding.Kind.REGULARIZATION: Status.REGULARIZING,
    Holding.Kind.SALE: Status.SOLD,
    Holding.Kind.SALE_INSTALLMENTS: Status.SOLD_INSTALLMENTS,
    Holding.Kind.LEASE: Status.LEASED,
    Holding.Kind.LEASE_TO_OWN: Status.LEASED,
    Holding.Kind.USUFRUCT: Status.USUFRUCT,
    Holding.Kind.USE_LICENCE: Status.USUFRUCT,
    Holding.Kind.ALLOCATION: Status.ALLOCATED,
    Holding.Kind.RESERVATION: Status.RESERVED,
}
PRECEDENCE: tuple[Status, ...] = tuple(Status)
NAMES = ", ".join(f"'{status}'" for status in PRECEDENCE)  # as SQL


def derive(kinds: Iterable[str], *, surveyed: bool = True, ownership: str = OwnershipClass.STATE_PRIVATE) -> Status:
    """Return the status of a parcel from the kinds of the holdings that stand on the day.

    Without any: UNKNOWN where it was never surveyed or its class is not known, else FREE.
    """
    found = {OF_HOLDING[kind] for kind in kinds}
    if found:
        return next(status for status in PRECEDENCE if status in found)
    known = surveyed and ownership != OwnershipClass.UNKNOWN
    return Status.FREE if known else Status.UNKNOWN


def _strongest(column: str, owner: str) -> str:
    """Return the SQL of the strongest holding's status, NULL without any; parameter %(on)s."""
    cases = " ".join(f"WHEN '{kind}' THEN {PRECEDENCE.index(status)}" for kind, status in OF_HOLDING.items())
    return f"""(ARRAY[{NAMES}])[1 + (
        SELECT min(CASE h.kind {cases} END) FROM parcels_holding h
        WHERE h.{column} = {owner}.id AND h.in_book AND h.legal_range @> %(on)s::date)]"""  # noqa: S608 - constants


def status_sql(parcel: str = "p", version: str = "v") -> str:
    """Return the SQL expression of a parcel's status, given the aliases of parcel and its version of the day."""
    return f"""coalesce({_strongest("parcel_id", parcel)},
        CASE WHEN {version}.ownership_class = 'UNKNOWN' OR ({version}.geom IS NULL AND {version}.survey_area_m2 IS NULL)
             THEN 'UNKNOWN' ELSE 'FREE' END)"""


def asset_status_sql(asset: str = "a") -> str:
    """Return the SQL expression of an asset's status; one that nobody holds is free."""
    return f"coalesce({_strongest('asset_id', asset)}, 'FREE')"


class Strongest(Subquery):
    """The lowest `rank` of a subquery: one look at an index and no sorting, for each parcel of a tile."""

    template = "(SELECT min(s.rank) FROM (%(subquery)s) s)"
    output_field = IntegerField()


class Named(Func):
    """The status of a rank."""

    template = f"(ARRAY[{NAMES}])[1 + %(expressions)s]"
    output_field = CharField()


def status_on(on: dt.date, known_at: dt.datetime | None = None, path: str = "") -> Coalesce:
    """Return the same rule as an expression over ParcelVersion rows, for another day than today or an earlier book.

    `path` leads to the version whose class and survey count, where it is another than the row itself.
    """
    standing = Q(in_book=True) if known_at is None else Q(recorded_range__contains=known_at)
    rank = Case(*(When(kind=kind, then=PRECEDENCE.index(status)) for kind, status in OF_HOLDING.items()))
    held = Holding.objects.filter(standing, parcel=OuterRef("parcel_id"), legal_range__contains=on)
    strongest = Named(Strongest(held.order_by().annotate(rank=rank).values("rank")))
    unknown = Q(**{f"{path}ownership_class": OwnershipClass.UNKNOWN}) | Q(
        **{f"{path}geom__isnull": True, f"{path}survey_area_m2__isnull": True}
    )
    unheld = Case(When(unknown, then=Value(Status.UNKNOWN.value)), default=Value(Status.FREE.value))
    return Coalesce(strongest, unheld, output_field=CharField())


def _asked(column: str) -> str:
    """Return the SQL condition that a row is asked for: %(every)s of them, or %(ids)s."""
    return f"(%(every)s OR {column} = ANY(%(ids)s::uuid[]))"


# What a parcel's row repeats of its version of the day, so that visibility and lists need no join. Every table is told
# the ids: each is read once by its keys and joined, whatever the planner has counted.
REFRESH_PARCELS = f"""
    WITH standing AS MATERIALIZED (
        SELECT p.id, v.place_id, v.custodian_id, {status_sql()} AS status
        FROM parcels_parcel p
        JOIN parcels_parcelversion v ON v.parcel_id = p.id AND v.in_book AND v.legal_range @> %(on)s::date
        WHERE {_asked("p.id")} AND {_asked("v.parcel_id")}
    )
    UPDATE parcels_parcel p
    SET place_id = s.place_id, custodian_id = s.custodian_id, status = s.status, row_version = p.row_version + 1
    FROM standing s, authority_place a
    WHERE p.id = s.id AND a.id = s.place_id AND {_asked("p.id")}
        AND (p.place_id, p.custodian_id, p.status) IS DISTINCT FROM (s.place_id, s.custodian_id, s.status)
    RETURNING p.id, left(a.path, 2)
"""  # noqa: S608 - built of constants

REFRESH_ASSETS = f"""
    WITH standing AS MATERIALIZED (
        SELECT a.id, {asset_status_sql()} AS status FROM parcels_asset a WHERE {_asked("a.id")}
    )
    UPDATE parcels_asset t SET status = s.status, row_version = t.row_version + 1
    FROM standing s, authority_place a
    WHERE t.id = s.id AND a.id = t.place_id AND {_asked("t.id")} AND t.status IS DISTINCT FROM s.status
    RETURNING t.id, left(a.path, 2)
"""  # noqa: S608 - built of constants


def refresh_status(ids: Collection[UUID] | None = None, *, on: dt.date) -> list[UUID]:
    """Bring status, place and custodian of parcels in step with the day; None: of all. Return what changed."""
    return _refresh("parcels", REFRESH_PARCELS, ids, on)


def refresh_asset_status(ids: Collection[UUID] | None = None, *, on: dt.date) -> list[UUID]:
    """Bring the status of assets in step with the day; None: of all. Return what changed."""
    return _refresh("assets", REFRESH_ASSETS, ids, on)


def _refresh(layer: str, sql: str, ids: Collection[UUID] | None, on: dt.date) -> list[UUID]:
    given: dict[str, Any] = {"on": on, "every": ids is None, "ids": [str(one) for one in ids or ()]}
    with transaction.atomic(), connection.cursor() as cursor:
        with joined_by_hash(len(given["ids"])):
            cursor.execute(sql, given)
        changed: Sequence[tuple[UUID, str]] = cursor.fetchall()
        for governorate in sorted({code for _, code in changed}):
            bump(layer, governorate)
    return [one for one, _ in changed]
