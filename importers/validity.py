"""Say what is wrong with a geometry, and where. Nothing is repaired. Pure (Shapely)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from importers.readers.rings import Geometries

REASON = re.compile(r"^(?P<what>[A-Za-z ,\-()]+?)\s*(?:\[(?P<x>\S+) (?P<y>[^\s\]]+)[^\]]*\])?$")
CODES = {
    "self-intersection": "self_intersection",
    "ring self-intersection": "ring_self_intersection",
    "hole lies outside shell": "hole_outside_shell",
    "holes are nested": "nested_holes",
    "nested shells": "nested_shells",
    "interior is disconnected": "disconnected_interior",
    "duplicate rings": "duplicate_rings",
    "too few points in geometry component": "too_few_points",
    "ring is not closed": "unclosed_ring",
    "invalid coordinate": "coordinates_not_finite",
}


@dataclass(frozen=True)
class Defect:
    """Why a geometry is not valid: code, and the point in its own coordinates where one is known."""

    code: str
    x: float | None
    y: float | None


def defects(geometry: Geometries) -> dict[int, Defect]:
    """Return the defect of each geometry that is not valid; missing ones are not looked at."""
    there = ~shapely.is_missing(geometry)
    broken: npt.NDArray[np.int64] = np.flatnonzero(there & ~shapely.is_valid(geometry))
    reasons = shapely.is_valid_reason(geometry[broken])
    return {int(at): understood(str(reason)) for at, reason in zip(broken, reasons, strict=True)}


def understood(reason: str) -> Defect:
    """Return GEOS's reason as a code of ours."""
    match = REASON.match(reason)
    if match is None:
        return Defect("invalid_geometry", None, None)
    code = CODES.get(match["what"].strip().lower(), "invalid_geometry")
    x, y = (float(match[axis]) if match[axis] else None for axis in "xy")
    return Defect(code, x, y)
