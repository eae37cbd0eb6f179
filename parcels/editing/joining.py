"""Parcels become one, or two neighbours draw their line anew; edges that were shared stay shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import Point, Polygon
from shapely.strtree import STRtree

from parcels.editing.cutting import split_by_line
from parcels.editing.faults import EditError, Limits
from parcels.editing.rings import XY, distance, foot, is_sliver, of_rings, require_sound, rings_of


def share_vertices(polygons: Sequence[Polygon], reach_m: float) -> list[Polygon]:
    """Return the polygons with each other's corners: a corner on a neighbour's edge is put on that edge too.

    Corners within reach of each other become the first one's; no corner moves by more than the reach.
    """
    corners = _one_of_each([corner for one in polygons for ring in rings_of(one) for corner in ring], reach_m)
    tree = STRtree([Point(corner) for corner in corners])
    return [_with_corners(one, corners, tree, reach_m) for one in polygons]


def _one_of_each(corners: Sequence[XY], reach_m: float) -> list[XY]:
    points = [Point(corner) for corner in corners]
    tree = STRtree(points)
    kept: list[XY] = []
    gone: set[int] = set()
    for i, point in enumerate(points):
        if i not in gone:
            kept.append(corners[i])
            gone.update(int(j) for j in tree.query(point, predicate="dwithin", distance=reach_m))
    return kept


def _with_corners(polygon: Polygon, corners: Sequence[XY], tree: STRtree, reach_m: float) -> Polygon:
    return of_rings([_noded(ring, corners, tree, reach_m) for ring in rings_of(polygon)])


def _noded(ring: list[XY], corners: Sequence[XY], tree: STRtree, reach_m: float) -> list[XY]:
    made: list[XY] = []
    for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
        near = tree.query(shapely.LineString([start, end]), predicate="dwithin", distance=reach_m)
        on_edge = sorted((foot(corners[int(j)], start, end)[1], corners[int(j)]) for j in near)
        made += [corner for _along, corner in on_edge]
    turned = [corner for i, corner in enumerate(made) if corner != made[i - 1]]
    return turned or ring


@dataclass(frozen=True)
class Merged:
    """One outline out of several, and what was said of it."""

    shape: Polygon
    holes: int  # that none of the parcels had
    filled_m2: float  # slivers between them that were closed


def merge(polygons: Sequence[Polygon], limits: Limits, *, holes_allowed: bool = False) -> Merged:
    """Join parcels that share an edge; slivers between them are closed and told.

    Raise `too_few`, `not_adjacent`, `overlap`, `makes_hole` unless holes were said to be meant.
    """
    if len(polygons) < 2:
        raise EditError("too_few")
    sound = [require_sound(one) for one in polygons]
    for reach in (limits.same_m, limits.sliver_width_m):  # first as they lie, then with the gaps of two surveys closed
        shared = share_vertices(sound, reach)
        union = shapely.union_all(shared)
        if isinstance(union, Polygon):
            break
    else:
        raise EditError("not_adjacent")
    overlap = sum(one.area for one in sound) - shapely.union_all(sound).area
    if overlap > limits.overlap_area_m2:
        raise EditError("overlap", area=round(overlap, 2))
    return _filled(union, shared, limits, holes_allowed)


def _filled(union: Polygon, parts: Sequence[Polygon], limits: Limits, holes_allowed: bool) -> Merged:
    old = [Polygon(ring) for part in parts for ring in part.interiors]
    holes = [Polygon(ring) for ring in union.interiors]
    slivers = [one for one in holes if is_sliver(one, limits)]
    kept = [one for one in holes if not is_sliver(one, limits)]
    new = [one for one in kept if not any(one.equals(before) for before in old)]
    if new and not holes_allowed:
        raise EditError("makes_hole", area=round(sum(one.area for one in new), 2))
    shape = Polygon(union.exterior, [one.exterior for one in kept])
    return Merged(shape, len(new), sum(one.area for one in slivers))


def change_boundary(
    first: Polygon, second: Polygon, line: Sequence[XY], limits: Limits
) -> tuple[tuple[Polygon, Polygon], Polygon]:
    """Replace the line between two neighbours by another; return both and their union, which stays as it was.

    Raise as `merge` and `split_by_line`; `boundary_of_more_pieces` where the line leaves other than two pieces.
    """
    union = merge([first, second], limits, holes_allowed=True).shape
    pieces = split_by_line(union, line, limits)
    if len(pieces) != 2:
        raise EditError("boundary_of_more_pieces", pieces=len(pieces))
    straight = pieces[0].intersection(first).area + pieces[1].intersection(second).area
    turned = pieces[1].intersection(first).area + pieces[0].intersection(second).area
    mine, other = pieces if straight >= turned else pieces[::-1]
    return (mine, other), union


def nearest_corner(polygon: Polygon, point: XY) -> tuple[XY, float]:
    """Return the corner of a parcel nearest to a point and how far it lies."""
    corner = min((one for ring in rings_of(polygon) for one in ring), key=lambda one: distance(one, point))
    return corner, distance(corner, point)
