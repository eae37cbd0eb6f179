"""A parcel is cut: by a line, or so that each piece has its area."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, Point, Polygon
from shapely.ops import polygonize

from parcels.editing.faults import EditError, Limits
from parcels.editing.rings import XY, distance, refuse_slivers, require_sound, rings_of
from parcels.editing.snapping import snap

MISS_M2 = 0.01  # a cut that misses its area by more is none
BISECTIONS = 200


@dataclass(frozen=True)
class Side:
    """From where land is cut: the unit vector that points out of the parcel to that side."""

    east: float
    north: float

    @classmethod
    def named(cls, letter: str) -> Side:
        """Return the side E, W, N or S."""
        found = {"E": (1.0, 0.0), "W": (-1.0, 0.0), "N": (0.0, 1.0), "S": (0.0, -1.0)}.get(letter)
        if found is None:
            raise EditError("side_unknown", side=letter[:8])
        return cls(*found)

    @classmethod
    def towards(cls, bearing: float) -> Side:
        """Return the side that lies at a grid bearing, degrees clockwise from north."""
        if not math.isfinite(bearing):
            raise EditError("side_unknown", side=str(bearing))
        return cls(math.sin(math.radians(bearing)), math.cos(math.radians(bearing)))

    @classmethod
    def along(cls, polygon: Polygon, edge: int) -> Side:
        """Return the side of an edge of the outline (counted from 0): the cut runs parallel to it."""
        ring = rings_of(shapely.geometry.polygon.orient(polygon))[0]
        given = rings_of(polygon)[0]
        if not 0 <= edge < len(given):
            raise EditError("edge_unknown", edge=edge, edges=len(given))
        ends = (given[edge], given[(edge + 1) % len(given)])
        anticlockwise = ring.index(ends[1]) == (ring.index(ends[0]) + 1) % len(ring)
        start, end = ends if anticlockwise else ends[::-1]
        length = distance(start, end)
        if not length:
            raise EditError("edge_unknown", edge=edge, edges=len(given))
        return cls((end[1] - start[1]) / length, (start[0] - end[0]) / length)


# ---- by a line -------------------------------------------------------------------------------------------------------


def split_by_line(polygon: Polygon, line: Sequence[XY], limits: Limits) -> list[Polygon]:
    """Cut a parcel along a line whose ends lie on its outline (within reach of the hand) or beyond it.

    The pieces share the line, their union is the parcel. Raise `line_too_short`, `line_crosses_itself`,
    `line_ends_inside`, `line_does_not_cross`, `sliver`.
    """
    whole = require_sound(polygon)
    cut = _onto_outline(whole, line, limits)
    pieces = _pieces(whole, cut)
    if len(pieces) < 2:
        raise EditError("line_does_not_cross")
    refuse_slivers(pieces, limits)
    return sorted(pieces, key=lambda piece: (piece.centroid.x, piece.centroid.y))


def _onto_outline(whole: Polygon, line: Sequence[XY], limits: Limits) -> LineString:
    points = [(float(x), float(y)) for x, y in line]
    if len(points) < 2 or not np.isfinite(points).all() or LineString(points).length < limits.same_m:
        raise EditError("line_too_short")
    points[0] = _end(whole, points[1], points[0], limits)
    points[-1] = _end(whole, points[-2], points[-1], limits)
    made = LineString(points)
    if not made.is_simple:
        raise EditError("line_crosses_itself")
    return made


def _end(whole: Polygon, before: XY, end: XY, limits: Limits) -> XY:
    """Put an end on the corner or edge it meant; a hair beyond it, so that the cut surely reaches the outline."""
    found = snap(end, [whole], limits.snap_m)
    if not found.onto:
        if whole.contains(Point(end)):
            raise EditError("line_ends_inside", reach=limits.snap_m)
        return end
    if found.onto == "corner":
        return found.at
    length = distance(before, found.at) or 1.0
    hair = limits.same_m / length
    return found.at[0] + (found.at[0] - before[0]) * hair, found.at[1] + (found.at[1] - before[1]) * hair


def _pieces(whole: Polygon, cut: LineString) -> list[Polygon]:
    lines = shapely.union_all([whole.boundary, cut])
    made = [one for one in polygonize(shapely.get_parts(lines)) if whole.contains(one.representative_point())]
    return [one for one in made if one.area > 0]


# ---- by area ---------------------------------------------------------------------------------------------------------


def cut_areas(polygon: Polygon, areas: Sequence[Fraction], side: Side, limits: Limits) -> list[Polygon]:
    """Cut pieces of these areas (m²) one after the other from a side; return them and, last, what is left.

    Each piece hits its area to 0.01 m². Raise `area_not_positive`, `area_too_large`, `cut_falls_apart`, `sliver`.
    """
    left = require_sound(polygon)
    if not areas or any(area <= 0 for area in areas):
        raise EditError("area_not_positive")
    made: list[Polygon] = []
    for area in areas:
        piece, left = _cut(left, float(area), side)
        made.append(piece)
    refuse_slivers([*made, left], limits)
    return [*made, left]


def _cut(whole: Polygon, area: float, side: Side) -> tuple[Polygon, Polygon]:
    if area >= whole.area:
        raise EditError("area_too_large", asked=round(area, 4), there=round(whole.area, 4))
    where = _where(whole, area, side)
    pieces = _pieces(whole, _across(whole, where, side))
    inner = [piece for piece in pieces if _depth(piece.representative_point(), whole, side) < where]
    outer = [piece for piece in pieces if _depth(piece.representative_point(), whole, side) >= where]
    if len(inner) != 1 or len(outer) != 1:
        raise EditError("cut_falls_apart", pieces=len(pieces))
    if abs(outer[0].area - area) > MISS_M2:
        raise EditError("cut_misses", asked=area, made=outer[0].area)
    return outer[0], inner[0]


def _where(whole: Polygon, area: float, side: Side) -> float:
    """Return how far towards the side, from the outline's first corner, the line runs that cuts off the area."""
    edges = _edges(whole, side)
    depths = np.concatenate([edges[:, 0], edges[:, 2]])
    low, high = float(depths.min()), float(depths.max())
    for _step in range(BISECTIONS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _beyond(edges, middle) > area else (low, middle)
    return (low + high) / 2


def _edges(whole: Polygon, side: Side) -> npt.NDArray[np.float64]:
    """Return depth and breadth of both ends of each edge, the outline anticlockwise and holes clockwise."""
    rings = rings_of(shapely.geometry.polygon.orient(whole))
    origin = np.array(rings_of(whole)[0][0])
    turn = np.array([[side.east, -side.north], [side.north, side.east]])
    turned = [(np.array(ring) - origin) @ turn for ring in rings]
    return np.vstack([np.hstack([ring, np.roll(ring, -1, axis=0)]) for ring in turned])


def _beyond(edges: npt.NDArray[np.float64], depth: float) -> float:
    """Return the area that lies beyond a depth: ∮ max(x − depth, 0) dy, edge by edge (Green's theorem), exactly."""
    start, end = edges[:, 0] - depth, edges[:, 2] - depth
    rise = edges[:, 3] - edges[:, 1]
    a, b = np.maximum(start, 0.0), np.maximum(end, 0.0)
    crossing = (start > 0) != (end > 0)
    span = np.where(crossing, np.abs(end - start), 1.0)
    share = np.where(crossing, (a + b) / span, 1.0)  # of the edge that lies beyond
    return float(((a + b) / 2 * share * rise).sum())


def _across(whole: Polygon, depth: float, side: Side) -> LineString:
    x, y = rings_of(whole)[0][0]
    low_x, low_y, high_x, high_y = whole.bounds
    reach = 2 * math.hypot(high_x - low_x, high_y - low_y) + 1
    foot_x, foot_y = x + depth * side.east, y + depth * side.north
    ends = (
        (foot_x - reach * side.north, foot_y + reach * side.east),
        (foot_x + reach * side.north, foot_y - reach * side.east),
    )
    return LineString(ends)


def _depth(point: Point, whole: Polygon, side: Side) -> float:
    x, y = rings_of(whole)[0][0]
    return (point.x - x) * side.east + (point.y - y) * side.north
