"""From the boundary of record to what the map draws: one vectorised pass over many features.

What was surveyed stays as it was (WKB in its own CRS). Derived from it: a MultiPolygon in EPSG:4326 whose edges were
cut to ≤ 500 m before transforming, which keeps a straight edge of the source within 1 cm everywhere in Egypt (measured
in tests; the sagitta grows with the square of the length: 1.3 cm at 1 km, 5.1 m at 20 km), and the area in m² in the
metric working system of the governorate. A datum shift is named, never guessed: `allow_ballpark=False` (§3.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext_lazy as _
from pyproj import CRS, Geod, Transformer
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup
from shapely.errors import ShapelyError
from shapely.geometry import shape

import importers.crs
from authority.refusal import Invalid, Text
from importers.refusals import UnreadableError

MAX_EDGE_M = 500.0
MAX_VERTICES = 100_000  # a feature (domain.md §0b.22)
EGYPT = (24.0, 21.5, 37.5, 32.5)  # degrees, as the CHECK of the table
BEYOND = 2.0  # degrees outside a system's area of use that are still believed: belts are used across their borders
ROWS_NAMED = 20

# Only names out of a registry or of the importers' closed list: a path, a URL or a definition is refused unread.
REGISTERED = re.compile(r"(EPSG|ESRI|IGNF|OGC):[A-Za-z0-9]{1,12}")
NAME = re.compile(rf"{REGISTERED.pattern}|MTM:[0-9.]{{2,5}}|BELT-ON-WGS84:[0-9]{{5}}")
NO_SHIFT = "none"  # the system stands on WGS 84 already

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Way:
    """How coordinates come from a system to WGS 84."""

    crs: CRS
    transformer: Transformer
    operation: str  # EPSG:7697; the conversion's name where no datum changes
    accuracy_m: float | None

    @property
    def metric(self) -> bool:
        """True where coordinates are metres, so that edges can be cut to a length."""
        return bool(self.crs.is_projected)


@dataclass(frozen=True)
class Derived:
    """What was derived of each feature, in the order given."""

    geoms: Shapes  # MultiPolygon, EPSG:4326, 2D
    areas: list[Decimal]  # m², four decimals
    way: Way


@lru_cache(maxsize=64)
def crs_of(name: str) -> CRS:
    """Return the system of that registry name; raise Invalid `crs_unknown`."""
    try:
        if REGISTERED.fullmatch(name):
            return CRS.from_user_input(name)
        if NAME.fullmatch(name):
            return importers.crs.system(name)
    except (CRSError, UnreadableError):
        pass
    raise Invalid("crs_unknown", _("The coordinate system %(crs)s is not known."), crs=name[:64])


@lru_cache(maxsize=64)
def way_to_wgs84(source_crs: str, operation: str = "") -> Way:
    """Return the best way to WGS 84, or the one whose datum operation is named; raise Invalid where there is none."""
    crs = crs_of(source_crs)
    group = TransformerGroup(crs, 4326, always_xy=True, allow_ballpark=False)
    for transformer in group.transformers:
        named = _operation_of(transformer)
        if operation in ("", named):
            accuracy = transformer.accuracy if transformer.accuracy is not None and transformer.accuracy >= 0 else None
            return Way(crs, transformer, named, accuracy)
    raise Invalid(
        "no_transformation",
        _("There is no known transformation from %(crs)s to WGS 84."),
        crs=source_crs,
        operation=operation,
    )


def _operation_of(transformer: Transformer) -> str:
    """Return the code of the datum shift among the steps, or `none`."""
    steps: list[dict[str, Any]] = [step.to_json_dict() for step in transformer.operations or ()]
    shifts = [step["id"] for step in steps if step.get("type") == "Transformation" and "id" in step]
    return "+".join(f"{one['authority']}:{one['code']}" for one in shifts)[:64] or NO_SHIFT


def read(wkbs: Sequence[bytes], rows: Sequence[int] | None = None) -> Shapes:
    """Read boundaries; raise Invalid naming the rows that are no sound polygons."""
    with np.errstate(invalid="ignore"):  # numbers that are none are refused below, by their row
        shapes = shapely.from_wkb(np.array(wkbs, dtype=object), on_invalid="ignore")
    numbers = np.array(rows if rows is not None else range(1, len(wkbs) + 1))
    kinds = shapely.get_type_id(shapes)
    _refuse(numbers, ~np.isin(kinds, (3, 6)), "geometry_not_polygon", _("Not an area: rows %(rows)s."))
    big = shapely.get_num_coordinates(shapes) > MAX_VERTICES
    _refuse(numbers, big, "geometry_too_many_vertices", _("More than 100,000 vertices: rows %(rows)s."))
    _refuse(numbers, shapely.is_empty(shapes), "geometry_empty", _("Empty geometry: rows %(rows)s."))
    flat = shapely.force_2d(shapes)
    _refuse(
        numbers,
        ~np.isfinite(shapely.bounds(flat)).all(axis=1) | ~shapely.is_valid(flat),
        "geometry_invalid",
        _("The boundary crosses itself: rows %(rows)s."),
    )
    return np.asarray(flat)


def geojson_wkb(value: Any) -> bytes:
    """Return any GeoJSON geometry as WKB; raises ValueError."""
    try:
        return bytes(shapely.to_wkb(shape(value)))
    except (ShapelyError, IndexError) as error:
        raise ValueError(str(error)[:80]) from error


def _refuse(rows: npt.NDArray[Any], wrong: npt.NDArray[np.bool_], code: str, message: Text) -> None:
    if wrong.any():
        named = [int(row) for row in rows[wrong][:ROWS_NAMED]]
        raise Invalid(code, message, rows=", ".join(map(str, named)), count=int(wrong.sum()))


def derive(
    wkbs: Sequence[bytes],
    source_crs: str,
    *,
    working_srid: int | None = None,
    operation: str = "",
    rows: Sequence[int] | None = None,
) -> Derived:
    """Derive geometry and area of boundaries given as WKB in `source_crs`; raise Invalid for what cannot stand."""
    way = way_to_wgs84(source_crs, operation)
    source = read(wkbs, rows)
    cut = shapely.segmentize(source, MAX_EDGE_M) if way.metric else source
    lonlat = _moved(cut, way.transformer)
    numbers = np.array(rows if rows is not None else range(1, len(wkbs) + 1))
    _refuse_outside(numbers, lonlat, way.crs)
    _refuse(numbers, ~shapely.is_valid(lonlat), "geometry_invalid", _("The boundary crosses itself: rows %(rows)s."))
    return Derived(_multi(lonlat), _areas(source, lonlat, way, working_srid), way)


def placed(wkbs: Sequence[bytes], source_crs: str) -> Shapes:
    """Return areas and lines in EPSG:4326, as MultiPolygon and MultiLineString; raise Invalid naming the rows."""
    way = way_to_wgs84(source_crs)
    with np.errstate(invalid="ignore"):
        found = shapely.force_2d(shapely.from_wkb(np.array(wkbs, dtype=object), on_invalid="ignore"))
    rows = np.arange(1, len(wkbs) + 1)
    kinds = shapely.get_type_id(found)
    _refuse(
        rows, ~np.isin(kinds, (1, 3, 5, 6)), "geometry_not_line_or_area", _("Neither line nor area: rows %(rows)s.")
    )
    _refuse(rows, shapely.is_empty(found), "geometry_empty", _("Empty geometry: rows %(rows)s."))
    big = shapely.get_num_coordinates(found) > MAX_VERTICES
    _refuse(rows, big, "geometry_too_many_vertices", _("More than 100,000 vertices: rows %(rows)s."))
    _refuse(rows, ~shapely.is_valid(found), "geometry_invalid", _("The boundary crosses itself: rows %(rows)s."))
    moved = _moved(shapely.segmentize(found, MAX_EDGE_M) if way.metric else found, way.transformer)
    _refuse_outside(rows, moved, way.crs)
    single = kinds == 1
    moved[single] = [shapely.multilinestrings([line]) for line in moved[single]]
    return _multi(moved)


def _refuse_outside(numbers: npt.NDArray[Any], lonlat: Shapes, crs: CRS) -> None:
    low_x, low_y, high_x, high_y = np.nan_to_num(shapely.bounds(lonlat), nan=999.0, posinf=999.0, neginf=-999.0).T
    west, south, east, north = bounds_of(crs)
    outside = (low_x < west) | (low_y < south) | (high_x > east) | (high_y > north)
    _refuse(numbers, outside, "geometry_outside_egypt", _("Outside Egypt in this coordinate system: rows %(rows)s."))


def bounds_of(crs: CRS) -> tuple[float, float, float, float]:
    """Return where land may lie: in Egypt, and not far outside the system's own area (degrees read as metres, T-09)."""
    area = crs.area_of_use
    if area is None:
        return EGYPT
    west, east = max(EGYPT[0], area.west - BEYOND), min(EGYPT[2], area.east + BEYOND)
    return west, max(EGYPT[1], area.south - BEYOND), east, min(EGYPT[3], area.north + BEYOND)


def given(lonlat_wkbs: Sequence[bytes], working_srid: int | None, rows: Sequence[int]) -> Derived:
    """Return shapes that were derived elsewhere (a file's own system, read in the sandbox), checked alike."""
    lonlat = read(lonlat_wkbs, rows)
    way = way_to_wgs84("EPSG:4326")
    _refuse_outside(np.array(rows), lonlat, way.crs)
    return Derived(_multi(lonlat), _areas(lonlat, lonlat, way, working_srid), way)


def _moved(shapes: Shapes, transformer: Transformer) -> Shapes:
    def move(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return np.asarray(shapely.transform(shapes, move))


def _multi(shapes: Shapes) -> Shapes:
    single = shapely.get_type_id(shapes) == 3
    made = shapes.copy()
    made[single] = [shapely.multipolygons([shape]) for shape in shapes[single]]
    return made


def _areas(source: Shapes, lonlat: Shapes, way: Way, working_srid: int | None) -> list[Decimal]:
    if working_srid is None:
        geod = Geod(ellps="WGS84")
        return [_m2(abs(geod.geometry_area_perimeter(shape)[0])) for shape in lonlat]
    if way.crs.to_epsg() == working_srid:
        planar = shapely.area(source)
    else:
        planar = shapely.area(_from_wgs84(working_srid, lonlat))
    return [_m2(area) for area in planar]


def _from_wgs84(srid: int, lonlat: Shapes) -> Shapes:
    """Return EPSG:4326 shapes in a metric system, by the same operation the other way round."""
    way = way_to_wgs84(f"EPSG:{srid}").transformer

    def move(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(way.transform(xy[:, 0], xy[:, 1], direction=TransformDirection.INVERSE))

    return np.asarray(shapely.transform(lonlat, move))


def _m2(area: float) -> Decimal:
    return Decimal(f"{area:.4f}")


def in_metres(lonlat_wkbs: Sequence[bytes], working_srid: int) -> Shapes:
    """Return EPSG:4326 shapes in a metric working system: for distances, overlaps and areas in m and m²."""
    return _from_wgs84(working_srid, np.asarray(shapely.from_wkb(np.array(lonlat_wkbs, dtype=object))))


def in_working(wkb: bytes, source_crs: str, operation: str, working_srid: int) -> Any:
    """Return a boundary of record in a metric working system, corner by corner; untouched where it is its own."""
    shape_of = shapely.force_2d(shapely.from_wkb(wkb))
    if source_crs == f"EPSG:{working_srid}":
        return shape_of
    (moved,) = _moved(np.array([shape_of], dtype=object), way_to_wgs84(source_crs, operation).transformer)
    return _from_wgs84(working_srid, np.array([moved], dtype=object))[0]


def points_in_working(points: Sequence[tuple[float, float]], crs: str, working_srid: int) -> list[tuple[float, float]]:
    """Return points of a system in a metric working system; raise Invalid `crs_unknown`, `geometry_outside_egypt`."""
    system = crs_of(crs)
    if not points:
        return []
    line = np.array([shapely.multipoints(list(points))], dtype=object)
    moved = line if crs == "EPSG:4326" else _moved(line, way_to_wgs84(crs).transformer)
    _refuse_outside(np.array([1]), moved, system)
    if crs == f"EPSG:{working_srid}":
        return [(float(x), float(y)) for x, y in points]
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(_from_wgs84(working_srid, moved))]


def from_working(shapes: Sequence[Any], working_srid: int) -> Shapes:
    """Return shapes of a metric working system in EPSG:4326, edges cut as in `derive`."""
    cut = shapely.segmentize(np.array(shapes, dtype=object), MAX_EDGE_M)
    return _moved(np.asarray(cut), way_to_wgs84(f"EPSG:{working_srid}").transformer)
