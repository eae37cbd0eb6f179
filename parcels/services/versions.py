"""What is true of a parcel changes, or turns out to have been written wrongly: nothing is overwritten.

*In law*: from a day on something else is true; rows before that day stay. *In the book*: a row said what was never so;
its days of law stay, and the row that says better takes its place from now on. Both only close rows and add rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import Custodian, Place, User
from authority.refusal import Conflict, Invalid
from parcels.bitemporal import Span
from parcels.facts import BASIS_LENGTH, Boundary, clean, number_fields, within
from parcels.models import Parcel, ParcelVersion
from parcels.policies import require_keeper
from parcels.services import book
from parcels.services.protection import outdate_screening

Kind = Literal["law", "correction"]


@transaction.atomic
def new_version(
    *,
    by: User,
    at: dt.datetime,
    parcel: Parcel | UUID,
    on: dt.date,
    kind: Kind = "law",
    facts: Mapping[str, Any] | None = None,
    number: str | None = None,
    place: Place | None = None,
    custodian: Custodian | None = None,
    boundary: Boundary | None = None,
    until: dt.date | None = None,
    basis: str = "",
    expected: int | None = None,
) -> Parcel:
    """Say something new of a parcel from the day `on`.

    `law`: true from `on` until `until`, or until the next row that says another thing of the same facts (so a decree
    registered late does not undo what followed it). `correction`: the row of that day was wrong for all its days.
    `expected` is the row version that was read. Raise NotAllowed, Stale, Conflict `parcel_closed`, `no_version_then`,
    Invalid `nothing_new` and those of facts and boundaries.
    """
    held = book.open_parcel(parcel if isinstance(parcel, UUID) else parcel.pk, expected)
    require_keeper(by, held.place, held.custodian_id)
    require_keeper(by, place or held.place, custodian.pk if custodian else held.custodian_id)
    changes = _changes(facts, number, place, custodian)
    changes |= book.boundary_of(boundary, place or held.place)
    if not changes:
        raise Invalid("nothing_new", _("The new version says nothing new."))
    moment = apply_changes(held, changes, Aim(on, until, kind), by=by, at=at, basis=basis)
    if boundary is not None:
        outdate_screening([held.pk], at)
    governorates = {held.place.governorate_code, (place or held.place).governorate_code}
    book.settle([held.pk], at, governorates)
    detail = {"on": on, "basis": basis, "fields": sorted(changes), "recorded": moment}
    audit.record(f"parcels.{kind}_version", by=by, at=at, obj=held, detail=detail)
    held.refresh_from_db()
    return held


class Aim:
    """Which days of law are meant."""

    def __init__(self, on: dt.date, until: dt.date | None, kind: Kind) -> None:
        self.on, self.until, self.kind = on, until, kind


def _changes(
    facts: Mapping[str, Any] | None, number: str | None, place: Place | None, custodian: Custodian | None
) -> dict[str, Any]:
    changes: dict[str, Any] = dict(clean(facts or {}))
    if number is not None:
        changes |= number_fields(number)
    if place is not None:
        changes["place_id"] = place.pk
    if custodian is not None:
        changes["custodian_id"] = custodian.pk
    return changes


def apply_changes(
    parcel: Parcel, changes: Mapping[str, Any], aim: Aim, *, by: User, at: dt.datetime, basis: str
) -> dt.datetime:
    """Close the rows of the days meant and write those that replace them; return the moment of record."""
    rows = book.rows_in_book([parcel.pk], Span(aim.on))
    span = days_meant(parcel, rows, changes, aim)
    touched = [row for row in rows if book.span_of(row).overlaps(span)]
    moment = book.moment_after(touched, at)
    said = {**changes, "basis": within("basis", basis, BASIS_LENGTH), "recorded_by_id": by.pk}
    made = book.superseded(touched, span, moment, lambda _row: said)
    book.close(touched, moment)
    book.write(made)
    return moment


def days_meant(parcel: Parcel, rows: Sequence[ParcelVersion], changes: Mapping[str, Any], aim: Aim) -> Span:
    base = next((row for row in rows if book.span_of(row).holds(aim.on)), None)
    if base is None:
        raise Conflict(
            "no_version_then",
            _("The book says nothing of parcel %(thing)s on %(on)s."),
            thing=parcel.parcel_code,
            on=aim.on,
        )
    if aim.kind == "correction":
        return book.span_of(base)
    if aim.until is not None:
        return _span_to(aim.on, aim.until)
    return Span(aim.on, next_saying(rows, base, changes))


def _span_to(on: dt.date, until: dt.date) -> Span:
    if until <= on:
        raise Invalid("ends_before_it_starts", _("The last day lies before the first."))
    return Span(on, until)


def next_saying(rows: Sequence[ParcelVersion], base: ParcelVersion, names: Iterable[str]) -> dt.date | None:
    """Return the first later day on which a row says another thing of the same facts."""
    told = tuple(names)
    later = [row for row in rows if book.span_of(row).start > book.span_of(base).start]
    for row in later:
        if any(_value(row, name) != _value(base, name) for name in told):
            return book.span_of(row).start
    return None


def _value(row: ParcelVersion, name: str) -> Any:
    value = row.__dict__[name]
    return bytes(value) if isinstance(value, memoryview) else value
