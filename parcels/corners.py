"""The corners of a parcel: the vertices of the boundary of record, with what is known of each on the ground.

Coordinates are in the boundary's own system; lengths are measured there when it is metric, else on the ellipsoid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import shapely
from pyproj import Geod

from parcels import shapes
from parcels.models import Corner, Monument, ParcelVersion

MATCH_M = 0.005  # a mark belongs to the corner it lies on, within half a centimetre
LONLAT = "EPSG:4326"
GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Point:
    """A corner as lists and drawings show it; `to_next_m` and `bearing` lead to the next corner of its ring."""

    number: str
    ring: int  # 0 the outline, 1… further parts and holes
    east: Decimal
    north: Decimal
    method: str
    sigma_m: float | None
    monument: str
    note: str
    to_next_m: Decimal
    bearing: Decimal  # degrees clockwise from the north of the system's grid
    marked: bool  # recorded as an object, not only drawn

    @property
    def monument_title(self) -> str:
        """The words of the mark."""
        return str(Monument(self.monument).label)


def corners_of(version: ParcelVersion, marks: Sequence[Corner] | None = None) -> list[Point]:
    """Return the corners of a version's boundary of record in order, clockwise from the north-west; [] without one."""
    if not version.source_geom:
        return []
    crs = version.source_crs or LONLAT
    known = marks if marks is not None else list(standing(version))
    found: list[Point] = []
    for place, ring in enumerate(rings_of(bytes(version.source_geom))):
        found += list(_of_ring(version, ring, place, crs, known, len(found)))
    return found


def standing(version: ParcelVersion) -> Iterator[Corner]:
    """Yield what the book says today of the parcel's corners, in the boundary's system."""
    yield from Corner.objects.filter(parcel_id=version.parcel_id, in_book=True, crs=version.source_crs or LONLAT)


def rings_of(wkb: bytes) -> list[list[tuple[float, float]]]:
    """Return the rings of a boundary, each clockwise and beginning at its north-western corner, unclosed."""
    shape = shapely.force_2d(shapely.from_wkb(wkb))
    rings = []
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            rings.append(_ordered([(float(x), float(y)) for x, y in ring.coords[:-1]]))
    return rings


def _ordered(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    turn = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True))
    if turn > 0:  # anticlockwise
        ring = ring[::-1]
    start = min(range(len(ring)), key=lambda i: (ring[i][0] - ring[i][1], ring[i]))
    return ring[start:] + ring[:start]


def _of_ring(
    version: ParcelVersion, ring: list[tuple[float, float]], place: int, crs: str, known: Sequence[Corner], before: int
) -> Iterator[Point]:
    metric = shapes.way_to_wgs84(crs).metric
    places = 4 if metric else 9
    for i, here in enumerate(ring):
        there = ring[(i + 1) % len(ring)]
        mark = next((one for one in known if _lies_on(one, here, metric)), None)
        length, bearing = _leg(here, there, metric)
        yield Point(
            number=mark.number if mark else str(before + i + 1),
            ring=place,
            east=Decimal(f"{here[0]:.{places}f}"),
            north=Decimal(f"{here[1]:.{places}f}"),
            method=mark.method if mark and mark.method else version.survey_method,
            sigma_m=mark.sigma_m if mark and mark.sigma_m else version.survey_accuracy_m,
            monument=mark.monument if mark else Monument.NONE,
            note=mark.note if mark else "",
            to_next_m=Decimal(f"{length:.3f}"),
            bearing=Decimal(f"{bearing:.4f}"),
            marked=mark is not None,
        )


def _lies_on(mark: Corner, here: tuple[float, float], metric: bool) -> bool:
    reach = MATCH_M if metric else MATCH_M / 111_000
    return abs(float(mark.east) - here[0]) <= reach and abs(float(mark.north) - here[1]) <= reach


def _leg(here: tuple[float, float], there: tuple[float, float], metric: bool) -> tuple[float, float]:
    if not metric:
        forward, _back, length = GEOD.inv(here[0], here[1], there[0], there[1])
        return float(length), float(forward) % 360
    east, north = there[0] - here[0], there[1] - here[1]
    return math.hypot(east, north), math.degrees(math.atan2(east, north)) % 360
