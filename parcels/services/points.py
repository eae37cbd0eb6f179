"""Corners are marked on the ground, control points are kept with their cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point as GeosPoint
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import Place, Role, User
from authority.policies import require
from authority.refusal import Conflict, Invalid, NotFound, Stale
from parcels import shapes
from parcels.corners import corners_of
from parcels.models import ControlPoint, Corner, Parcel, ParcelVersion
from parcels.policies import require_marker
from parcels.services import book
from tiles.services import bump

CONTROL_KEEPERS: frozenset[str] = frozenset({Role.SURVEYOR, Role.GIS_OFFICER})
WRONG_CORNER = _("Row %(row)s, %(field)s: %(reason)s")
CARD_FIELDS = frozenset(
    {"order", "height_m", "sigma_m", "monument", "description", "condition", "visited_on", "source"}
)


@dataclass(frozen=True)
class Mark:
    """What a surveyor says of one corner, by its coordinates in the boundary's system."""

    number: str
    east: Decimal
    north: Decimal
    monument: str = "NONE"
    method: str = ""
    sigma_m: float | None = None
    note: str = ""


@transaction.atomic
def mark_corners(
    *, by: User, at: dt.datetime, parcel: Parcel | UUID, marks: Sequence[Mark], expected: int | None = None
) -> list[Corner]:
    """Record what marks the corners of a parcel; what was recorded of them before is closed, not overwritten.

    Raise NotAllowed, Stale, NotFound, Invalid `corner_not_on_boundary`, `corner_twice`, `corner_invalid` with the row.
    """
    held = book.open_parcel(parcel if isinstance(parcel, UUID) else parcel.pk, expected)
    require_marker(by, held)
    version = ParcelVersion.objects.filter(parcel=held, in_book=True).order_by("-legal_range").first()
    if version is None or not version.source_geom:
        raise Conflict("parcel_not_located", _("The parcel has no boundary yet; a survey gives it one."))
    crs = version.source_crs or "EPSG:4326"
    before = list(Corner.objects.filter(parcel=held, in_book=True))
    moment = book.moment_after(before, at)
    rows = [_corner(mark, row, held, crs, by, moment) for row, mark in enumerate(marks, 1)]
    _refuse_doubles(rows)
    _refuse_strangers(rows, version)
    book.close(before, moment)
    Corner.objects.bulk_create(rows)
    book.settle([held.pk], at, [held.place.governorate_code])
    audit.record("parcels.corners_marked", by=by, at=at, obj=held, detail={"corners": len(rows), "crs": crs})
    return rows


def _corner(mark: Mark, row: int, parcel: Parcel, crs: str, by: User, at: dt.datetime) -> Corner:
    made = Corner(
        parcel=parcel,
        number=mark.number.strip(),
        east=mark.east,
        north=mark.north,
        crs=crs,
        method=mark.method,
        sigma_m=mark.sigma_m,
        monument=mark.monument,
        note=mark.note.strip(),
        recorded_range=book.recorded_from(at),
        recorded_by=by,
    )
    if mark.sigma_m is not None and not 0 < mark.sigma_m <= 100:
        raise Invalid("corner_invalid", WRONG_CORNER, row=row, field="sigma_m", reason="0–100")
    try:
        made.clean_fields(exclude=["parcel", "recorded_range", "recorded_by", "in_book"])
    except ValidationError as wrong:
        name, reasons = next(iter(wrong.message_dict.items()))
        raise Invalid("corner_invalid", WRONG_CORNER, row=row, field=name, reason=" ".join(reasons)) from None
    return made


def _refuse_doubles(rows: Sequence[Corner]) -> None:
    seen: set[str] = set()
    for place, row in enumerate(rows, 1):
        if row.number in seen:
            raise Invalid(
                "corner_twice", _("Row %(row)s: the number %(number)s stands twice."), row=place, number=row.number
            )
        seen.add(row.number)


def _refuse_strangers(rows: Sequence[Corner], version: ParcelVersion) -> None:
    """Refuse a mark that lies on no corner: it would be lost from every list."""
    for place, row in enumerate(rows, 1):
        if not any(point.marked for point in corners_of(version, [row])):
            raise Invalid(
                "corner_not_on_boundary",
                _("Row %(row)s: no corner of the boundary lies at E %(east)s, N %(north)s."),
                row=place,
                east=row.east,
                north=row.north,
            )


# ---- control points --------------------------------------------------------------------------------------------------


@transaction.atomic
def register_control_point(
    *,
    by: User,
    at: dt.datetime,
    name: str,
    place: Place,
    east: Decimal,
    north: Decimal,
    crs: str,
    card: Mapping[str, Any] | None = None,
) -> ControlPoint:
    """Enter a control point; raise NotAllowed, Invalid (`crs_unknown`, `fact_*`, `geometry_*`), Conflict."""
    require(by, CONTROL_KEEPERS, place=place)
    lonlat = _lonlat(east, north, crs)
    point = ControlPoint(
        name=name.strip(), place=place, east=east, north=north, crs=crs, geom=lonlat, recorded_by=by, recorded_at=at
    )
    _fill(point, card or {})
    try:
        with transaction.atomic():
            point.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            "control_point_known", _("%(name)s is entered already in this place."), name=point.name
        ) from None
    bump("control_points", place.governorate_code)
    audit.record("parcels.control_point_entered", by=by, at=at, obj=point, detail={"name": point.name, "crs": crs})
    return point


@transaction.atomic
def visit_control_point(
    *, by: User, at: dt.datetime, point: ControlPoint, card: Mapping[str, Any], expected: int | None = None
) -> ControlPoint:
    """Write what was found at a control point; its coordinates never change: a better fix is another point."""
    held = _held(point, by, expected)
    before = {name: getattr(held, name) for name in card if name in CARD_FIELDS}
    _fill(held, card)
    held.row_version += 1
    held.save()
    detail = {"before": before, "after": dict(card)}
    audit.record("parcels.control_point_visited", by=by, at=at, obj=held, detail=detail)
    return held


@transaction.atomic
def close_control_point(*, by: User, at: dt.datetime, point: ControlPoint, on: dt.date, reason: str) -> ControlPoint:
    """Take a control point out of use; its card stays. Raise NotAllowed, Invalid `reason_needed`, Conflict."""
    held = _held(point, by, None)
    if not reason.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."))
    held.closed_on = on
    held.row_version += 1
    held.save(update_fields=["closed_on", "row_version"])
    bump("control_points", held.place.governorate_code)
    audit.record("parcels.control_point_closed", by=by, at=at, obj=held, detail={"on": on, "reason": reason.strip()})
    return held


def _held(point: ControlPoint, by: User, expected: int | None) -> ControlPoint:
    held = ControlPoint.objects.select_for_update(of=("self",)).select_related("place").filter(pk=point.pk).first()
    if held is None:
        raise NotFound()
    require(by, CONTROL_KEEPERS, place=held.place)
    if held.closed_on is not None:
        raise Conflict(
            "control_point_closed", _("%(name)s is out of use since %(on)s."), name=held.name, on=held.closed_on
        )
    if expected is not None and held.row_version != expected:
        raise Stale()
    return held


def _lonlat(east: Decimal, north: Decimal, crs: str) -> GeosPoint:
    way = shapes.way_to_wgs84(crs)
    x, y = way.transformer.transform(float(east), float(north))
    low_x, low_y, high_x, high_y = shapes.bounds_of(way.crs)
    if not (low_x <= x <= high_x and low_y <= y <= high_y):
        raise Invalid("geometry_outside_egypt", _("The point lies outside Egypt in this coordinate system."))
    return GeosPoint(x, y, srid=4326)


def _fill(point: ControlPoint, card: Mapping[str, Any]) -> None:
    unknown = set(card) - CARD_FIELDS
    if unknown:
        raise Invalid("fact_unknown", _("A control point has no field %(field)s."), field=sorted(unknown)[0])
    for name, value in card.items():
        setattr(point, name, value)
    try:
        point.clean_fields(exclude=["place", "recorded_by", "photo", "geom", "geom_3857"])
    except ValidationError as wrong:
        name, reasons = next(iter(wrong.message_dict.items()))
        raise Invalid("fact_invalid", _("%(field)s: %(reason)s"), field=name, reason=" ".join(reasons)) from None
