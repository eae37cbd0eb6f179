"""A parcel enters the book."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import Custodian, Place, User
from authority.refusal import Conflict
from parcels import codes, numbers
from parcels.bitemporal import Span
from parcels.facts import BASIS_LENGTH, Boundary, address_mode_of, clean, number_fields, within
from parcels.models import Parcel, ParcelVersion
from parcels.policies import require_keeper
from parcels.services import book, bulk


@dataclass(frozen=True)
class NewParcel:
    """What a parcel's first version says."""

    place: Place
    custodian_id: int
    number: str  # as written
    facts: Mapping[str, Any] = field(default_factory=dict)  # parcels.facts.Facts, already cleaned
    boundary_fields: Mapping[str, Any] = field(default_factory=dict)  # of book.boundaries


@transaction.atomic
def register_parcel(
    *,
    by: User,
    at: dt.datetime,
    place: Place,
    custodian: Custodian,
    number: str,
    legal_from: dt.date,
    facts: Mapping[str, Any] | None = None,
    boundary: Boundary | None = None,
    basis: str = "",
    unified_property_no: str | None = None,
    invented: bool = False,
) -> Parcel:
    """Register one parcel; without a boundary it is a paper parcel, located later.

    Raise NotAllowed, Invalid (`fact_invalid`, `geometry_*`, `crs_unknown`).
    """
    require_keeper(by, place, custodian.pk)
    fields = book.boundary_of(boundary, place)
    new = NewParcel(place, custodian.pk, number, clean(facts or {}), fields)
    (parcel,) = enter([new], by=by, at=at, span=Span(legal_from), basis=basis, invented=invented)
    if unified_property_no:
        give_national_number(parcel, unified_property_no)
    book.settle([parcel.pk], at, [place.governorate_code])
    audit.record("parcels.registered", by=by, at=at, obj=parcel, detail={"number": number, "basis": basis})
    parcel.refresh_from_db()
    return parcel


def give_national_number(parcel: Parcel, number: str) -> None:
    """Keep the number of Law 88/2025, which one parcel alone may bear."""
    within("unified_property_no", number, 64)
    if Parcel.objects.filter(unified_property_no=number).exclude(pk=parcel.pk).exists():
        raise Conflict("unified_number_taken", _("Another parcel bears the number %(number)s."), number=number)
    Parcel.objects.filter(pk=parcel.pk).update(unified_property_no=number)


def enter(
    news: Sequence[NewParcel], *, by: User, at: dt.datetime, span: Span, basis: str, invented: bool = False
) -> list[Parcel]:
    """Write parcels with their first versions by COPY, in the order given; inside the caller's transaction."""
    within("basis", basis, BASIS_LENGTH)
    taken = assign_codes([(new.place, new.number) for new in news])
    parcels = [
        Parcel(id=uuid4(), parcel_code=code, place=new.place, custodian_id=new.custodian_id, invented=invented)
        for new, (code, _seq) in zip(news, taken, strict=True)
    ]
    bulk.load(parcels)
    both = zip(parcels, news, taken, strict=True)
    book.write([first_version(parcel, new, seq, by, at, span, basis) for parcel, new, (_code, seq) in both])
    return parcels


def first_version(
    parcel: Parcel, new: NewParcel, part_seq: int | None, by: User, at: dt.datetime, span: Span, basis: str
) -> ParcelVersion:
    """Return the unsaved first row of a parcel."""
    values: dict[str, Any] = {
        "parcel_id": parcel.pk,
        "legal_range": book.legal(span),
        "recorded_range": book.recorded_from(at),
        "place_id": new.place.pk,
        "custodian_id": new.custodian_id,
        "address_mode": address_mode_of(new.place),
        "part_seq": part_seq,
        "basis": basis,
        "recorded_by_id": by.pk,
    }
    return ParcelVersion(**{**values, **number_fields(new.number), **new.facts, **new.boundary_fields})


# ---- codes -----------------------------------------------------------------------------------------------------------


def assign_codes(wanted: Sequence[tuple[Place, str]]) -> list[tuple[str, int | None]]:
    """Return a free code and the sequence among parts (ضمن) for each place and number, set-based.

    One transaction at a time gives out codes in a place, so that two never choose the same.
    """
    _queue_for({place.pk for place, _raw in wanted})
    read = [(place, *numbers.read(raw)) for place, raw in wanted]
    sequences = _last_sequences({(place.pk, norm) for place, number, norm in read if number.is_part_of})
    parts: list[int | None] = []
    for place, number, norm in read:
        if number.is_part_of:
            sequences[place.pk, norm] += 1
        parts.append(sequences[place.pk, norm] if number.is_part_of else None)
    stems = [(place.code, number, seq) for (place, number, _norm), seq in zip(read, parts, strict=True)]
    return list(zip(_free_codes(stems), parts, strict=True))


def _queue_for(place_ids: set[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('parcels.codes'), id) FROM unnest(%s::int[]) AS id",
            [sorted(place_ids)],
        )


def _last_sequences(keys: set[tuple[int, str]]) -> Counter[tuple[int, str]]:
    found: Counter[tuple[int, str]] = Counter()
    if keys:
        places, norms = {place for place, _norm in keys}, {norm for _place, norm in keys}
        rows = ParcelVersion.objects.filter(in_book=True, place_id__in=places, parcel_no_norm__in=norms)
        for place, norm, last in rows.values_list("place_id", "parcel_no_norm").annotate(last=Max("part_seq")):
            found[place, norm] = last or 0
    return found


Stem = tuple[str, numbers.ParcelNumber, int | None]


def _free_codes(stems: Sequence[Stem]) -> list[str]:
    """Return a free code for each; a number used before gets a serial behind it."""
    chosen: list[str] = [""] * len(stems)
    serials: Counter[Stem] = Counter()
    used: set[str] = set()
    open_ones = list(range(len(stems)))
    while open_ones:
        for i in open_ones:
            serials[stems[i]] += 1
            place, number, seq = stems[i]
            chosen[i] = codes.parcel_code(place, number, part_seq=seq, serial=serials[stems[i]])
        used |= _existing(chosen[i] for i in open_ones)
        open_ones = [i for i in open_ones if not _take(used, chosen[i])]
    return chosen


def _take(used: set[str], code: str) -> bool:
    """Take a code if it is free."""
    free = code not in used
    used.add(code)
    return free


def _existing(wanted: Iterable[str]) -> set[str]:
    return set(Parcel.objects.filter(parcel_code__in=list(wanted)).values_list("parcel_code", flat=True))
