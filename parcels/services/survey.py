"""An accepted survey enters the book: many boundaries at once, new parcels and new versions, by COPY."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.joins import joined_by_hash
from authority.models import Place, User
from authority.refusal import Conflict, Invalid
from parcels import numbers
from parcels.bitemporal import Span
from parcels.facts import Boundary, clean
from parcels.models import GoverningArea, Parcel, ParcelVersion, SurveyMethod
from parcels.policies import require_accepter
from parcels.services import book
from parcels.services.protection import outdate_screening
from parcels.services.register import NewParcel, enter
from parcels.services.versions import next_saying

INSTRUMENTS = (SurveyMethod.GNSS_RTK, SurveyMethod.TOTAL_STATION)


@dataclass(frozen=True)
class SurveyItem:
    """One feature of a survey: where it lies, its boundary, what its columns say of the register's fields."""

    place: Place
    custodian_id: int
    number: str
    boundary: Boundary
    facts: Mapping[str, Any] = field(default_factory=dict)
    parcel: UUID | None = None  # which parcel it speaks of; None: found by place and number, else new
    match: bool = True  # False: always a new parcel


@dataclass(frozen=True)
class Applied:
    """What became of a feature."""

    parcel_id: UUID
    created: bool


@transaction.atomic
def apply_survey(
    *,
    by: User,
    at: dt.datetime,
    items: Sequence[SurveyItem],
    on: dt.date,
    basis: str = "",
    invented: bool = False,
) -> list[Applied]:
    """Write a survey true in law from the day `on`; return what became of each item, in the order given.

    All or nothing. Raise NotAllowed, Invalid (`geometry_*`, `crs_unknown`, `fact_invalid`), Conflict `matched_twice`,
    `parcel_closed`. 10,000 features take a few seconds.
    """
    if not items:
        return []
    require_accepter(by, {(item.place, item.custodian_id) for item in items})
    said = _said(items)
    matched = _match(items, on)
    created = [i for i in range(len(items)) if i not in matched]
    news = [_new(items[i], said[i]) for i in created]
    # Parcels are locked before codes are given out, here as in a split: the same order everywhere.
    _add_versions({matched[i]: said[i] for i in matched}, by=by, at=at, on=on, basis=basis)
    made = enter(news, by=by, at=at, span=Span(on), basis=basis, invented=invented)
    ids = matched | {i: parcel.pk for i, parcel in zip(created, made, strict=True)}
    places = {item.place.governorate_code: item.place for item in items}
    book.settle(list(ids.values()), at, places)
    for place in places.values():
        detail = {"basis": basis, "on": on, "created": len(created), "changed": len(matched)}
        audit.record("parcels.survey_applied", by=by, at=at, obj=place, detail=detail)
    return [Applied(ids[i], i not in matched) for i in range(len(items))]


def _said(items: Sequence[SurveyItem]) -> list[dict[str, Any]]:
    """Return all that each item says: facts, boundary, and the area that the survey measured."""
    srids = book.working_srids({item.place for item in items})
    by_item = [srids.get(item.place.governorate_code) for item in items]
    derived = book.boundaries([item.boundary for item in items], by_item)
    return [_with_area(dict(clean(item.facts)) | fields) for item, fields in zip(items, derived, strict=True)]


def _with_area(said: dict[str, Any]) -> dict[str, Any]:
    """Take the measured area from the boundary when an instrument measured it and no column says it."""
    if said.get("survey_area_m2") is None and said["survey_method"] in INSTRUMENTS:
        said["survey_area_m2"] = said["geom_area_m2"]
    return said


def _new(item: SurveyItem, said: dict[str, Any]) -> NewParcel:
    if said.get("deed_area_m2") is None and said.get("survey_area_m2") is not None:
        said.setdefault("governing_area", GoverningArea.SURVEY)
    return NewParcel(item.place, item.custodian_id, item.number, said)


# ---- matching --------------------------------------------------------------------------------------------------------


def _match(items: Sequence[SurveyItem], on: dt.date) -> dict[int, UUID]:
    """Return for each item that speaks of a standing parcel, which; two of one parcel are refused."""
    by_number = _numbered(items, on)
    found: dict[int, UUID] = {}
    for i, item in enumerate(items):
        parcel = item.parcel or (by_number.get(_key(item)) if item.match else None)
        if parcel is not None:
            found[i] = parcel
    twice = {parcel for parcel, count in Counter(found.values()).items() if count > 1}
    if twice:
        rows = [items[i].boundary.row or i + 1 for i, parcel in found.items() if parcel in twice]
        raise Conflict(
            "matched_twice",
            _("Several features speak of one parcel: rows %(rows)s."),
            rows=", ".join(map(str, rows[:20])),
        )
    return found


def _key(item: SurveyItem) -> tuple[int, str]:
    return item.place.pk, numbers.read(item.number)[1]


def _numbered(items: Sequence[SurveyItem], on: dt.date) -> dict[tuple[int, str], UUID]:
    """Return the standing parcels that one number alone names; parts and parcels without number are never guessed."""
    wanted = {_key(item) for item in items if item.parcel is None and item.match}
    rows = ParcelVersion.objects.filter(
        in_book=True,
        legal_range__contains=on,
        place_id__in={place for place, _ in wanted},
        parcel_no_norm__in={norm for _, norm in wanted},
        parcel_no_main__isnull=False,
        is_part_of=False,
        parcel__closed_on=None,
    ).values_list("place_id", "parcel_no_norm", "parcel_id")
    with joined_by_hash(len(wanted)):
        counted = Counter((place, norm) for place, norm, _ in rows)
    return {(place, norm): parcel for place, norm, parcel in rows if counted[place, norm] == 1}


# ---- versions of parcels that stand ----------------------------------------------------------------------------------


def _add_versions(
    said: Mapping[UUID, Mapping[str, Any]], *, by: User, at: dt.datetime, on: dt.date, basis: str
) -> None:
    if not said:
        return
    _lock_open(list(said))
    rows = book.rows_in_book(list(said), Span(on))
    of_parcel: dict[UUID, list[ParcelVersion]] = {}
    for row in rows:
        of_parcel.setdefault(row.parcel_id, []).append(row)
    moment = book.moment_after(rows, at)
    closed: list[ParcelVersion] = []
    made: list[ParcelVersion] = []
    for parcel_id, changes in said.items():
        own = of_parcel.get(parcel_id, [])
        span = _days(own, on, changes)
        touched = [row for row in own if book.span_of(row).overlaps(span)]
        told = {**changes, "basis": basis, "recorded_by_id": by.pk}
        made += book.superseded(touched, span, moment, lambda _row, told=told: told)  # type: ignore[misc]
        closed += touched
    outdate_screening(list(said), at)
    book.close(closed, moment)
    book.write(made)


def _days(rows: Sequence[ParcelVersion], on: dt.date, changes: Mapping[str, Any]) -> Span:
    if not rows:
        raise Conflict("no_version_then", _("The book says nothing of a parcel on %(on)s."), on=on)
    first = rows[0]
    start = max(on, book.span_of(first).start)
    later = next_saying(rows, first, ("source_geom",))
    return Span(start, later if later is None or later > start else None)


def _lock_open(ids: Sequence[UUID]) -> None:
    parcels = list(Parcel.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    closed = [parcel.parcel_code for parcel in parcels if parcel.closed_on is not None]
    if closed:
        raise Conflict("parcel_closed", _("Closed parcels: %(thing)s."), thing=", ".join(closed[:20]))
    if len(parcels) != len(ids):
        raise Invalid("parcel_unknown", _("A feature speaks of a parcel that is not in the book."))
