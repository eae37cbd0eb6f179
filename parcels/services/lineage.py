"""A parcel is split, or parcels are merged: old ones end in law, new ones begin, and each knows the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import shapely
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.refusal import Conflict, Invalid
from parcels import areas, shapes
from parcels.bitemporal import Span
from parcels.facts import Boundary, clean
from parcels.locks import Lockable, require_unlocked
from parcels.models import Asset, Holding, Lineage, Parcel, ParcelVersion
from parcels.policies import require_keeper
from parcels.services import book
from parcels.services.register import NewParcel, enter

AREAS = ("deed_area_m2", "survey_area_m2", "geom_area_m2")


@dataclass(frozen=True)
class Part:
    """One parcel that comes out of a split."""

    number: str
    boundary: Boundary | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    assets: Collection[UUID] = ()  # assets of the old parcel that go with it


@transaction.atomic
def split_parcel(
    *,
    by: User,
    at: dt.datetime,
    parcel: Parcel | UUID,
    parts: Sequence[Part],
    on: dt.date,
    basis: str = "",
    expected: int | None = None,
) -> list[Parcel]:
    """Split a parcel from the day `on`; what is not said of a part it takes over from the old parcel.

    Raise Conflict `holding_stands`, `areas_not_conserved`, `parts_overlap`, `assets_unassigned`, `parcel_closed`;
    Invalid `too_few_parts`, `areas_missing`; NotAllowed; Stale.
    """
    if len(parts) < 2:
        raise Invalid("too_few_parts", _("A split needs at least two parts."))
    old = book.open_parcel(parcel if isinstance(parcel, UUID) else parcel.pk, expected)
    require_unlocked([old.pk], Lockable.SPLIT)
    require_keeper(by, old.place, old.custodian_id)
    base = _ready_to_end(old, on)
    news = _news_of_parts(old, base, parts)
    _check_conserved([base.__dict__], [dict(new.boundary_fields) | dict(new.facts) for new in news])
    _check_parts_apart(base, [part.boundary for part in parts], news)
    _check_assets([old], [one for part in parts for one in part.assets])
    moment = _end_in_law([old], on, at)
    made = enter(news, by=by, at=moment, span=Span(on), basis=basis, invented=old.invented)
    _join([old], made, Lineage.Act.SPLIT, on, moment, by)
    for part, new in zip(parts, made, strict=True):
        Asset.objects.filter(pk__in=part.assets).update(parcel=new)
    _tell("parcels.split", [old], made, by=by, at=at, on=on, basis=basis)
    return made


@transaction.atomic
def merge_parcels(
    *,
    by: User,
    at: dt.datetime,
    parcels: Sequence[Parcel | UUID],
    number: str,
    on: dt.date,
    facts: Mapping[str, Any] | None = None,
    boundary: Boundary | None = None,
    basis: str = "",
) -> Parcel:
    """Merge parcels of one place and custody from the day `on`; without a boundary theirs are joined.

    Raise Conflict `holding_stands`, `merge_of_different`, `areas_not_conserved`, `parcel_closed`; Invalid
    `too_few_parts`; NotAllowed.
    """
    ids = sorted({one if isinstance(one, UUID) else one.pk for one in parcels})
    if len(ids) < 2:
        raise Invalid("too_few_parts", _("A merge needs at least two parcels."))
    olds = [book.open_parcel(one) for one in ids]
    require_unlocked(ids, Lockable.MERGE)
    first = olds[0]
    require_keeper(by, first.place, first.custodian_id)
    if len({(old.place_id, old.custodian_id) for old in olds}) > 1:
        raise Conflict("merge_of_different", _("Only parcels of one place and one custodian can be merged."))
    bases = [_ready_to_end(old, on) for old in olds]
    fields = book.boundary_of(boundary or _joined(bases), first.place)
    said = _taken_over(bases[0]) | _sums(bases) | dict(clean(facts or {}))
    new = NewParcel(first.place, first.custodian_id, number, said, fields)
    _check_conserved([base.__dict__ for base in bases], [said | fields])
    moment = _end_in_law(olds, on, at)
    (made,) = enter([new], by=by, at=moment, span=Span(on), basis=basis, invented=first.invented)
    _join(olds, [made], Lineage.Act.MERGE, on, moment, by)
    Asset.objects.filter(parcel__in=olds, closed_on=None).update(parcel=made)
    _tell("parcels.merged", olds, [made], by=by, at=at, on=on, basis=basis)
    return made


# Asked before an entry ends without a successor of its own land: rooms above refuse while something hangs on it.
Ending = Callable[[Parcel], None]
_before_ending: list[Ending] = []


def before_ending(guard: Ending) -> None:
    """Let a room above refuse (raise Conflict) the ending of an entry as a double or by a judgment."""
    if guard not in _before_ending:
        _before_ending.append(guard)


@transaction.atomic
def merge_doubles(
    *, by: User, at: dt.datetime, keep: Parcel | UUID, drop: Parcel | UUID, on: dt.date, basis: str
) -> Parcel:
    """End an entry that says the same land a second time; the entry kept takes over what it lacks.

    Assets go over; holdings stand in the way, because only a person can say which of two is right. Raise NotAllowed,
    Invalid `doubles_are_one`, `basis_missing`, Conflict `merge_of_different`, `holding_stands`, `parcel_closed`, and
    what rooms above refuse.
    """
    ids = [one if isinstance(one, UUID) else one.pk for one in (keep, drop)]
    if ids[0] == ids[1]:
        raise Invalid("doubles_are_one", _("Name two entries."))
    held = {pk: book.open_parcel(pk) for pk in sorted(ids)}
    kept, dropped = held[ids[0]], held[ids[1]]
    require_unlocked([dropped.pk], Lockable.MERGE)
    for one in (kept, dropped):
        require_keeper(by, one.place, one.custodian_id)
    if kept.place.governorate_code != dropped.place.governorate_code:
        raise Conflict("merge_of_different", _("The two entries lie in different governorates."))
    moment = _end_entry(dropped, on, at, basis)
    _join([dropped], [kept], Lineage.Act.REPLACE, on, moment, by)
    Asset.objects.filter(parcel=dropped, closed_on=None).update(parcel=kept)
    number = dropped.unified_property_no
    if number and not kept.unified_property_no:
        Parcel.objects.filter(pk=dropped.pk).update(unified_property_no=None)
        Parcel.objects.filter(pk=kept.pk).update(unified_property_no=number)
    _tell("parcels.doubles_merged", [dropped], [kept], by=by, at=at, on=on, basis=basis)
    return kept


@transaction.atomic
def strike_by_judgment(*, by: User, at: dt.datetime, parcel: Parcel | UUID, on: dt.date, basis: str) -> Parcel:
    """End an entry because a court said that it should not stand; its history stays. Raise as `merge_doubles`."""
    held = book.open_parcel(parcel if isinstance(parcel, UUID) else parcel.pk)
    require_keeper(by, held.place, held.custodian_id)
    _end_entry(held, on, at, basis)
    _tell("parcels.struck", [held], [], by=by, at=at, on=on, basis=basis)
    return held


def _end_entry(old: Parcel, on: dt.date, at: dt.datetime, basis: str) -> dt.datetime:
    if not basis.strip():
        raise Invalid("basis_missing", _("Name the paper it rests on."), field="basis")
    _ready_to_end(old, on)
    for guard in _before_ending:
        guard(old)
    return _end_in_law([old], on, at)


# ---- guards ----------------------------------------------------------------------------------------------------------


def _ready_to_end(old: Parcel, on: dt.date) -> ParcelVersion:
    rows = book.rows_in_book([old.pk], Span(on))
    base = next((row for row in rows if book.span_of(row).holds(on)), None)
    before = ParcelVersion.objects.filter(parcel=old, in_book=True, legal_range__startswith__lt=on)
    if base is None or not before.exists():
        raise Conflict(
            "no_version_then",
            _("The book says nothing of parcel %(thing)s before %(on)s."),
            thing=old.parcel_code,
            on=on,
        )
    _refuse_held(old, on)
    return base


def _refuse_held(old: Parcel, on: dt.date) -> None:
    standing = Holding.objects.filter(parcel=old, in_book=True, legal_range__overlap=book.legal(Span(on)))
    held = standing.order_by("-exclusive", "legal_range").first()
    if held is not None:
        raise Conflict(
            "holding_stands",
            _("Parcel %(thing)s is held: %(kind)s %(reference)s from %(start)s. End it before the split or merge."),
            thing=old.parcel_code,
            kind=held.get_kind_display(),
            reference=held.reference,
            start=held.legal_range.lower,
            holding=held.pk,
        )


def _check_conserved(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> None:
    """Compare the sums of each kind of area that all sides have; at least one kind must be comparable."""
    olds, news = list(before), list(after)
    compared = 0
    for name in AREAS:
        before_m2, after_m2 = _sum(name, olds), _sum(name, news)
        if before_m2 is not None and after_m2 is not None:
            compared += 1
            _refuse_difference(name, before_m2, after_m2)
    if not compared:
        raise Invalid("areas_missing", _("Say the areas: nothing shows that no land is lost."))


def _sum(name: str, rows: Iterable[Mapping[str, Any]]) -> Decimal | None:
    """Return the sum of one kind of area, None where a row does not say it."""
    values: list[Decimal | None] = [row.get(name) for row in rows]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def _refuse_difference(name: str, old: Decimal, new: Decimal) -> None:
    difference = areas.compare(new, old)
    if difference.verdict is not areas.Verdict.OK:
        raise Conflict(
            "areas_not_conserved",
            _("The areas do not add up: before %(before)s m², after %(after)s m²."),
            before=old,
            after=new,
            field=name,
        )


def _check_parts_apart(base: ParcelVersion, given: Sequence[Boundary | None], news: Sequence[NewParcel]) -> None:
    """Refuse parts that overlap or leave the old boundary by more than the tolerance (worked out of the database)."""
    if base.geom is None or any(boundary is None for boundary in given):
        return
    srid = book.working_srids([base.place]).get(base.place.governorate_code) or 22992
    parts = shapes.in_metres([_wkb(new.boundary_fields["geom"]) for new in news], srid)
    (whole,) = shapes.in_metres([bytes(base.geom.wkb)], srid)
    union = shapely.union_all(parts)
    tolerance = max(1.0, 0.005 * float(shapely.area(whole)))
    overlap = float(shapely.area(parts).sum() - shapely.area(union))
    outside = float(shapely.area(shapely.symmetric_difference(union, whole)))
    if overlap > tolerance or outside > tolerance:
        raise Conflict(
            "parts_overlap",
            _("The parts overlap by %(overlap)s m² or differ from the old boundary by %(outside)s m²."),
            overlap=round(overlap, 2),
            outside=round(outside, 2),
        )


def _wkb(hex_ewkb: str) -> bytes:
    return bytes(shapely.to_wkb(shapely.from_wkb(bytes.fromhex(hex_ewkb))))


def _check_assets(olds: Sequence[Parcel], assigned: Collection[UUID]) -> None:
    standing = set(Asset.objects.filter(parcel__in=olds, closed_on=None).values_list("pk", flat=True))
    if standing != set(assigned) or len(set(assigned)) != len(assigned):
        raise Conflict("assets_unassigned", _("Say for each asset on the parcel to which part it belongs."))


# ---- writing ---------------------------------------------------------------------------------------------------------


def _taken_over(base: ParcelVersion) -> dict[str, Any]:
    """Return the facts that a successor takes over when nothing else is said."""
    names = (
        "custody_decree", "custody_decree_on", "address_mode", "hamlet", "street", "ownership_class", "land_use",
        "location_class", "register_book", "register_page", "register_no", "sheet_no", "sheet_scale",
        "cadastral_edition", "registration_system", "folio", "file_no", "shelf", "governing_area",
    )  # fmt: skip
    return {name: base.__dict__[name] for name in names}


def _news_of_parts(old: Parcel, base: ParcelVersion, parts: Sequence[Part]) -> list[NewParcel]:
    srid = book.working_srids([old.place]).get(old.place.governorate_code)
    located = [part.boundary for part in parts if part.boundary is not None]
    fields = iter(book.boundaries(located, [srid] * len(located)))
    return [
        NewParcel(
            old.place,
            old.custodian_id,
            part.number,
            _taken_over(base) | dict(clean(part.facts)),
            next(fields) if part.boundary is not None else {},
        )
        for part in parts
    ]


def _sums(bases: Sequence[ParcelVersion]) -> dict[str, Any]:
    return {name: _sum(name, [base.__dict__ for base in bases]) for name in AREAS[:2]}


def _joined(bases: Sequence[ParcelVersion]) -> Boundary | None:
    """Return the joined boundary: in the source's system when all share one, else as derived."""
    if any(base.geom is None for base in bases):
        return None
    systems = {base.source_crs for base in bases}
    crs = systems.pop() if len(systems) == 1 else ""
    if shapes.NAME.fullmatch(crs):
        union = shapely.union_all(shapely.from_wkb([bytes(base.source_geom or b"") for base in bases]))
        return Boundary(bytes(shapely.to_wkb(union)), crs, made="joined", method=bases[0].survey_method)
    union = shapely.union_all(shapely.from_wkb([bytes(base.geom.wkb) for base in bases if base.geom is not None]))
    return Boundary(bytes(shapely.to_wkb(union)), "EPSG:4326", made="joined")


def _end_in_law(olds: Sequence[Parcel], on: dt.date, at: dt.datetime) -> dt.datetime:
    """Let nothing be true of these parcels from the day on."""
    rows = book.rows_in_book([old.pk for old in olds], Span(on))
    moment = book.moment_after(rows, at)
    left = book.superseded(rows, Span(on), moment, None)
    book.close(rows, moment)
    book.write(left)
    Parcel.objects.filter(pk__in=[old.pk for old in olds]).update(closed_on=on)
    return moment


def _join(
    olds: Sequence[Parcel], news: Sequence[Parcel], act: Lineage.Act, on: dt.date, at: dt.datetime, by: User
) -> None:
    Lineage.objects.bulk_create(
        Lineage(predecessor=old, successor=new, act=act, on=on, recorded_at=at, recorded_by=by)
        for old in olds
        for new in news
    )


def _tell(
    action: str,
    olds: Sequence[Parcel],
    news: Sequence[Parcel],
    *,
    by: User,
    at: dt.datetime,
    on: dt.date,
    basis: str,
) -> None:
    both = [*olds, *news]
    book.settle([one.pk for one in both], at, [olds[0].place.governorate_code])
    detail = {
        "from": [old.parcel_code for old in olds],
        "to": [new.parcel_code for new in news],
        "on": on,
        "basis": basis,
    }
    for one in both:
        audit.record(action, by=by, at=at, obj=one, governorate=olds[0].place.governorate_code, detail=detail)
    for one in both:
        one.refresh_from_db()
