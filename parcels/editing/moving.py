"""A corner moves, and with it every outline that meets there."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shapely import Polygon

from parcels.editing.faults import EditError, Limits
from parcels.editing.joining import nearest_corner, share_vertices
from parcels.editing.rings import XY, distance, of_rings, refuse_slivers, require_sound, rings_of

FARTHEST_M = 5_000.0  # a corner that moves farther was mistyped


def from_bearing(start: XY, bearing: float, metres: float) -> XY:
    """Return the point at a grid bearing (degrees clockwise from the grid's north) and distance from another."""
    if not (math.isfinite(bearing) and math.isfinite(metres)) or metres < 0:
        raise EditError("bearing_unreadable")
    turn = math.radians(bearing)
    return start[0] + metres * math.sin(turn), start[1] + metres * math.cos(turn)


def move_corner(
    polygon: Polygon, neighbours: Sequence[Polygon], corner: XY, to: XY, limits: Limits
) -> tuple[Polygon, dict[int, Polygon]]:
    """Move a corner of a parcel; neighbours that meet there follow, so that no gap and no overlap comes to be.

    Return the parcel and, by their index, the neighbours that changed. Raise `corner_unknown`, `corner_too_far`,
    `corner_stays`, `outline_crosses_itself`, `sliver`.
    """
    whole = require_sound(polygon)
    meant, missed = nearest_corner(whole, corner)
    if missed > limits.snap_m:
        raise EditError("corner_unknown", reach=limits.snap_m)
    _refuse_step(distance(meant, to), limits)
    shared = share_vertices([whole, *(require_sound(one) for one in neighbours)], limits.same_m)
    _refuse_taken(shared[0], meant, to, limits)
    moved = [_moved(one, meant, to) for one in shared]
    changed = {i - 1: new for i, new in enumerate(moved) if new is not None and i}
    own = moved[0]
    if own is None:
        raise EditError("corner_unknown", reach=limits.snap_m)
    refuse_slivers([own, *changed.values()], limits)
    return own, changed


def _refuse_step(step: float, limits: Limits) -> None:
    if not math.isfinite(step) or step > FARTHEST_M:
        raise EditError("corner_too_far", metres=FARTHEST_M)
    if step <= limits.same_m:
        raise EditError("corner_stays")


def _refuse_taken(whole: Polygon, corner: XY, to: XY, limits: Limits) -> None:
    others = [one for ring in rings_of(whole) for one in ring if one != corner]
    if any(distance(one, to) <= limits.same_m for one in others):
        raise EditError("corner_taken")


def _moved(polygon: Polygon, corner: XY, to: XY) -> Polygon | None:
    """Return the polygon with its corner elsewhere; None where it has no such corner."""
    rings = rings_of(polygon)
    if not any(corner in ring for ring in rings):
        return None
    return of_rings([[to if one == corner else one for one in ring] for ring in rings])
