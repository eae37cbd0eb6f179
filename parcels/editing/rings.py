"""Outlines: whether they can stand, and their corners."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from shapely import Polygon

from parcels.editing.faults import EditError, Limits

XY = tuple[float, float]


def require_sound(shape: Any) -> Polygon:
    """Return the one polygon of a shape, flat; raise `outline_crosses_itself`, `outline_empty`, `several_parts`."""
    parts = [part for part in shapely.get_parts(shapely.force_2d(shape)) if not part.is_empty]
    if not parts:
        raise EditError("outline_empty")
    if len(parts) > 1:
        raise EditError("several_parts", parts=len(parts))
    if not isinstance(parts[0], Polygon):
        raise EditError("outline_empty")
    if not all(math.isfinite(value) for value in parts[0].bounds) or not parts[0].is_valid:
        raise EditError("outline_crosses_itself")
    return parts[0]


def width_of(polygon: Polygon) -> float:
    """Return the mean width of a piece in metres: what it would be wide if it were a strip."""
    return 2 * polygon.area / polygon.length if polygon.length else 0.0


def is_sliver(polygon: Polygon, limits: Limits) -> bool:
    """Say whether a piece is too little to be land."""
    return polygon.area < limits.sliver_area_m2 or width_of(polygon) < limits.sliver_width_m


def refuse_slivers(polygons: Iterable[Polygon], limits: Limits) -> None:
    """Raise `sliver` with the area and mean width of the first piece that is none."""
    for polygon in polygons:
        if is_sliver(polygon, limits):
            raise EditError("sliver", area=round(polygon.area, 2), width=round(width_of(polygon), 2))


def rings_of(polygon: Polygon) -> list[list[XY]]:
    """Return the rings, the outline first, each unclosed."""
    rings = (polygon.exterior, *polygon.interiors)
    return [[(float(x), float(y)) for x, y in ring.coords[:-1]] for ring in rings]


def of_rings(rings: Sequence[Sequence[XY]]) -> Polygon:
    """Return a polygon of unclosed rings; raise `outline_crosses_itself` where it cannot stand."""
    if len(rings[0]) < 3:
        raise EditError("outline_empty")
    made = Polygon(rings[0], [ring for ring in rings[1:] if len(ring) > 2])
    if not made.is_valid or made.is_empty:
        raise EditError("outline_crosses_itself")
    return made


def distance(a: XY, b: XY) -> float:
    """Return metres between two points."""
    return math.hypot(a[0] - b[0], a[1] - b[1])


def foot(point: XY, start: XY, end: XY) -> tuple[XY, float]:
    """Return the nearest point of an edge and how far along it lies (0 at its start, 1 at its end)."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
    along = min(1.0, max(0.0, along))
    return (start[0] + along * dx, start[1] + along * dy), along
