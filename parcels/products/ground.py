"""A parcel and its neighbours on flat ground: one metric system, metres east and north."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from authority.refusal import Conflict
from parcels import shapes
from parcels.models import ParcelVersion
from parcels.screening import FALLBACK_SRID
from parcels.selectors.neighbours import neighbours

NEAR_M = 60.0


@dataclass(frozen=True)
class Ground:
    """What is drawn: shapes in metres of `crs` (EPSG:22992 …)."""

    crs: str
    of_record: bool  # the parcel's own coordinates, untouched; else derived
    own: Any  # shapely MultiPolygon or Polygon
    others: list[tuple[str, Any]]  # number as written, shape


def ground_of(version: ParcelVersion, user: User) -> Ground:
    """Return the parcel with what lies around it; raises Conflict `parcel_not_located`."""
    if version.geom is None or not version.source_geom:
        raise Conflict("parcel_not_located", _("The parcel has no boundary yet; a survey gives it one."))
    crs = version.source_crs or "EPSG:4326"
    srid = srid_of(crs, version.place)
    of_record = crs == f"EPSG:{srid}"
    near = list(neighbours(version.parcel, user, within_m=NEAR_M))
    wkbs = [bytes(one.geom.wkb) for one in near if one.geom]
    moved: list[Any] = list(shapes.in_metres(wkbs, srid)) if wkbs else []
    own = (
        shapely.from_wkb(bytes(version.source_geom))
        if of_record
        else shapes.in_metres([bytes(version.geom.wkb)], srid)[0]
    )
    numbers = [one.parcel_no_raw for one in near if one.geom]
    return Ground(f"EPSG:{srid}", of_record, shapely.force_2d(own), list(zip(numbers, moved, strict=True)))


def srid_of(crs: str, place: Place) -> int:
    """Return the metric system to draw in: the boundary's own, else the governorate's."""
    authority, _colon, code = crs.partition(":")
    if authority == "EPSG" and code.isdigit() and shapes.way_to_wgs84(crs).metric:
        return int(code)
    found = Place.objects.filter(code=place.governorate_code).values_list("working_srid", flat=True).first()
    return found or FALLBACK_SRID


def rings(shape: Any) -> Sequence[list[tuple[float, float]]]:
    """Return the rings of a shape of areas, closed."""
    found = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            found += [[(float(x), float(y)) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        elif part.geom_type in ("MultiPolygon", "GeometryCollection"):
            found += rings(part)
    return found
