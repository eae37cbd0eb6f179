"""What a hand meant: the neighbour's corner or edge that lies within reach, and a walk along a neighbour's outline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely import LineString, Polygon

from parcels.editing.faults import EditError
from parcels.editing.rings import XY, distance, foot


@dataclass(frozen=True)
class Snapped:
    """Where a point came to lie."""

    at: XY
    onto: Literal["", "corner", "edge"] = ""


def snap(point: XY, neighbours: Iterable[Polygon], reach_m: float) -> Snapped:
    """Return the nearest corner within reach, else the nearest point of an edge, else the point as it is."""
    here = shapely.Point(point)
    near = [one for one in neighbours if one.boundary.distance(here) <= reach_m]
    if not near:
        return Snapped(point)
    corners = np.vstack([shapely.get_coordinates(one) for one in near])
    away = np.hypot(corners[:, 0] - point[0], corners[:, 1] - point[1])
    if away.min() <= reach_m:
        x, y = corners[away.argmin()]
        return Snapped((float(x), float(y)), "corner")
    edge = min((shapely.shortest_line(one.boundary, here) for one in near), key=lambda line: float(line.length))
    x, y = shapely.get_coordinates(edge)[0]
    return Snapped((float(x), float(y)), "edge")


def snap_line(points: Sequence[XY], neighbours: Sequence[Polygon], reach_m: float) -> list[XY]:
    """Return the points of a line or outline, each snapped; points that fell together are one."""
    made: list[XY] = []
    for point in points:
        found = snap(point, neighbours, reach_m).at
        if not made or found != made[-1]:
            made.append(found)
    return made


def trace(neighbour: Polygon, start: XY, end: XY, reach_m: float, *, longer: bool = False) -> list[XY]:
    """Return the way along a neighbour's outline between two points near it, with every corner it passes.

    The shorter way round unless `longer`. Raise `trace_off_the_outline`, `trace_on_two_outlines`, `trace_is_a_point`.
    """
    for ring in (neighbour.exterior, *neighbour.interiors):
        ends = [ring.distance(shapely.Point(point)) <= reach_m for point in (start, end)]
        if all(ends):
            return _walk([(float(x), float(y)) for x, y in ring.coords[:-1]], start, end, longer)
        if any(ends):
            raise EditError("trace_on_two_outlines")
    raise EditError("trace_off_the_outline", reach=reach_m)


def _walk(ring: list[XY], start: XY, end: XY, longer: bool) -> list[XY]:
    from_edge, first = _nearest(ring, start)
    to_edge, last = _nearest(ring, end)
    if distance(first, last) == 0:
        raise EditError("trace_is_a_point")
    onward = _clean([first, *_between(ring, from_edge, to_edge, first, last), last])
    back = _clean([last, *_between(ring, to_edge, from_edge, last, first), first])[::-1]
    shorter, other = sorted((onward, back), key=lambda way: LineString(way).length)
    return other if longer else shorter


def _nearest(ring: list[XY], point: XY) -> tuple[int, XY]:
    feet = [foot(point, ring[i], ring[(i + 1) % len(ring)])[0] for i in range(len(ring))]
    best = min(range(len(ring)), key=lambda i: distance(feet[i], point))
    return best, feet[best]


def _between(ring: list[XY], from_edge: int, to_edge: int, first: XY, last: XY) -> list[XY]:
    """Return the corners passed when walking in the ring's own direction."""
    start = ring[from_edge]
    ahead = from_edge == to_edge and distance(start, first) <= distance(start, last)
    steps = 0 if ahead else (to_edge - from_edge) % len(ring) or len(ring)
    return [ring[(from_edge + 1 + i) % len(ring)] for i in range(steps)]


def _clean(points: list[XY]) -> list[XY]:
    return [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]
