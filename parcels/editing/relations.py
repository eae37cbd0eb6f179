"""How an edited boundary lies to its neighbours and to the governorate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from shapely import Polygon

from parcels.editing.faults import EditError, Limits


def new_overlaps(
    before: Sequence[Polygon], after: Sequence[Polygon], neighbours: Sequence[Polygon], limits: Limits
) -> dict[int, float]:
    """Return by neighbour's index the m² that the edit newly lays over it; overlaps that stood before do not count."""
    old, new = shapely.union_all(list(before)), shapely.union_all(list(after))
    found: dict[int, float] = {}
    for i, one in enumerate(neighbours):
        gained = new.intersection(one).area - old.intersection(one).area
        if gained > limits.overlap_area_m2:
            found[i] = round(gained, 2)
    return found


def touched(
    before: Sequence[Polygon], after: Sequence[Polygon], neighbours: Sequence[Polygon], limits: Limits
) -> list[int]:
    """Return the neighbours on whose outline a corner came to lie that was not there: they are told, not changed."""
    known = shapely.multipoints(_corners(before))
    fresh = [
        point
        for point in shapely.get_parts(shapely.multipoints(_corners(after)))
        if point.distance(known) > limits.same_m
    ]
    return [
        i for i, one in enumerate(neighbours) if any(one.boundary.distance(point) <= limits.same_m for point in fresh)
    ]


def _corners(polygons: Sequence[Polygon]) -> Any:
    return shapely.get_coordinates(list(polygons))


def require_inside(shapes: Sequence[Polygon], governorate: Any, limits: Limits) -> None:
    """Raise `outside_governorate` where land lies farther beyond the governorate's border than is believed."""
    if governorate is None or governorate.is_empty:
        return
    beyond = max((_beyond(one, governorate) for one in shapes), default=0.0)
    if beyond > limits.outside_m:
        raise EditError("outside_governorate", metres=round(beyond))


def _beyond(shape: Polygon, governorate: Any) -> float:
    outside = shapely.get_coordinates(shape.difference(governorate))
    return max((float(shapely.Point(xy).distance(governorate)) for xy in outside), default=0.0)
