"""The strokes of the pen that all services share: lock, close a row, write another, bring the rest in step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import shapely
from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import DateTimeField, F, Func, Value
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import DateRange, DateTimeTZRange

from authority.changes import changed
from authority.clock import day_of
from authority.models import Place
from authority.refusal import Conflict, NotFound, Stale
from parcels import shapes
from parcels.bitemporal import Span, common, of_range, without
from parcels.facts import Boundary
from parcels.models import Asset, Parcel, ParcelVersion
from parcels.services import bulk
from parcels.status import refresh_asset_status, refresh_status
from search.services import index
from tiles.services import bump

MICROSECOND = dt.timedelta(microseconds=1)


def span_of(row: ParcelVersion | Any) -> Span:
    """Return a row's days of law."""
    return of_range(row.legal_range)


def legal(span: Span) -> DateRange:
    """Return a span as the column stores it."""
    return DateRange(span.start, span.end, "[)")


def recorded_from(at: dt.datetime) -> DateTimeTZRange:
    """Return the range of a row that stands in the book from now on."""
    return DateTimeTZRange(at, None, "[)")


def lock(parcel_id: UUID, expected: int | None = None) -> Parcel:
    """Return the parcel, held until the transaction ends; raise NotFound, or Stale where it is not as it was read."""
    found = Parcel.objects.select_for_update(of=("self",)).select_related("place", "custodian").filter(pk=parcel_id)
    parcel = found.first()
    if parcel is None:
        raise NotFound()
    if expected is not None and parcel.row_version != expected:
        raise Stale()
    return parcel


def open_parcel(parcel_id: UUID, expected: int | None = None) -> Parcel:
    """Return the parcel, held; raise Conflict `parcel_closed` where it was split, merged or replaced."""
    parcel = lock(parcel_id, expected)
    if parcel.closed_on is not None:
        raise Conflict(
            "parcel_closed",
            _("Parcel %(thing)s was closed on %(on)s; its successors are in its file."),
            thing=parcel.parcel_code,
            on=parcel.closed_on,
        )
    return parcel


def rows_in_book(parcel_ids: Collection[UUID], span: Span) -> list[ParcelVersion]:
    """Return the standing rows of the parcels that are true on a day of the span, earliest first."""
    rows = ParcelVersion.objects.filter(parcel_id__in=parcel_ids, in_book=True, legal_range__overlap=legal(span))
    return list(rows.order_by("parcel_id", "legal_range"))


def moment_after(rows: Iterable[Any], at: dt.datetime) -> dt.datetime:
    """Return `at`, or the moment after the last of these rows was written: the book only grows."""
    written: list[dt.datetime] = [row.recorded_range.lower + MICROSECOND for row in rows]
    return max([at, *written])


def close(rows: Sequence[Any], at: dt.datetime) -> None:
    """End the rows' standing in the book; their facts stay for ever."""
    if not rows:
        return
    model = type(rows[0])
    lower = Func(F("recorded_range"), function="lower", output_field=DateTimeField())
    until = Func(lower, Value(at, DateTimeField()), function="tstzrange", output_field=DateTimeRangeField())
    model.objects.filter(pk__in=[row.pk for row in rows]).update(recorded_range=until)


def twin(row: ParcelVersion, span: Span, at: dt.datetime, changes: Mapping[str, Any]) -> ParcelVersion:
    """Return an unsaved copy of a row for other days, from `at` on, with changes."""
    values = {name: row.__dict__[name] for name in VERSION_VALUES}
    return ParcelVersion(**{**values, "legal_range": legal(span), "recorded_range": recorded_from(at), **changes})


VERSION_VALUES = tuple(
    field.attname for field in ParcelVersion._meta.concrete_fields if not field.generated and not field.primary_key
)


Change = Callable[[ParcelVersion], Mapping[str, Any]]


def superseded(
    rows: Iterable[ParcelVersion], span: Span, at: dt.datetime, change: Change | None
) -> list[ParcelVersion]:
    """Return the rows that replace these: what lies outside the span as it was, inside it changed (None: nothing)."""
    made: list[ParcelVersion] = []
    for row in rows:
        own = span_of(row)
        made += [twin(row, left, at, {}) for left in without(own, span)]
        inside = common(own, span)
        if inside is not None and change is not None:
            made.append(twin(row, inside, at, change(row)))
    return made


def write(rows: Sequence[ParcelVersion]) -> None:
    """Put new rows into the book."""
    bulk.load(rows)


def working_srids(places: Iterable[Place]) -> dict[str, int | None]:
    """Return the metric working system of each governorate that the places lie in."""
    codes = {place.governorate_code for place in places}
    return dict(Place.objects.filter(code__in=codes).values_list("code", "working_srid"))


def boundary_fields(boundary: Boundary, hex_ewkb: str, area: Decimal, way: shapes.Way) -> dict[str, Any]:
    """Return the fields of a version that say its boundary: of record, and derived."""
    elsewhere = boundary.lonlat is not None
    return {
        "geom": hex_ewkb,
        "geom_area_m2": area,
        "source_geom": boundary.wkb,
        "source_crs": boundary.crs,
        "source_made": boundary.made,
        "source_frame": boundary.frame,
        "source_file_id": boundary.file.pk if boundary.file else None,
        "source_row": boundary.row,
        "source_encoding": boundary.encoding,
        "source_attributes": dict(boundary.attributes),
        "transform_op": (boundary.operation or shapes.NO_SHIFT) if elsewhere else way.operation,
        "transform_accuracy_m": boundary.lonlat_accuracy_m if elsewhere else way.accuracy_m,
        "survey_accuracy_m": boundary.accuracy_m,
        "survey_method": boundary.method,
    }


Group = tuple[str, str, int | None, bool]


def boundaries(given: Sequence[Boundary], srids: Sequence[int | None]) -> list[dict[str, Any]]:
    """Return the boundary fields of many versions, derived in one pass for each system and governorate."""
    made: list[dict[str, Any]] = [{} for _ in given]
    groups: dict[Group, list[int]] = {}
    for at, (boundary, srid) in enumerate(zip(given, srids, strict=True)):
        key = (boundary.crs, boundary.operation, srid, boundary.lonlat is not None)
        groups.setdefault(key, []).append(at)
    for key, members in groups.items():
        derived = _derived([given[i] for i in members], [given[i].row or i + 1 for i in members], key)
        hexes = shapely.to_wkb(shapely.set_srid(derived.geoms, 4326), hex=True, include_srid=True)
        for i, hex_ewkb, area in zip(members, hexes, derived.areas, strict=True):
            made[i] = boundary_fields(given[i], hex_ewkb, area, derived.way)
    return made


def _derived(members: Sequence[Boundary], rows: Sequence[int], key: Group) -> shapes.Derived:
    crs, operation, srid, elsewhere = key
    if elsewhere:
        return shapes.given([one.lonlat or b"" for one in members], srid, rows)
    wkbs = [one.wkb for one in members]
    return shapes.derive(wkbs, crs, working_srid=srid, operation=operation, rows=rows)


def boundary_of(boundary: Boundary | None, place: Place) -> dict[str, Any]:
    """Return the boundary fields of one version; nothing for a parcel that is not located yet."""
    if boundary is None:
        return {}
    return boundaries([boundary], [working_srids([place]).get(place.governorate_code)])[0]


def settle(parcel_ids: Collection[UUID], at: dt.datetime, governorates: Iterable[str]) -> None:
    """Bring status, row versions, search index and tiles in step with what was just written of parcels."""
    Parcel.objects.filter(pk__in=parcel_ids).update(row_version=F("row_version") + 1)
    refresh_status(parcel_ids, on=day_of(at))
    index("parcel", parcel_ids)
    changed("parcel", parcel_ids)
    for governorate in sorted(set(governorates)):
        bump("parcels", governorate)


def settle_assets(asset_ids: Collection[UUID], at: dt.datetime, governorates: Iterable[str]) -> None:
    """Do the same for assets."""
    Asset.objects.filter(pk__in=asset_ids).update(row_version=F("row_version") + 1)
    refresh_asset_status(asset_ids, on=day_of(at))
    index("asset", asset_ids)
    for governorate in sorted(set(governorates)):
        bump("assets", governorate)
