"""From WGS 84 to the system of the file: by EPSG:7697 where the datum is Egypt 1907, never a guess (domain.md §3)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection

import importers.crs
from exports.formats import BELT_SYSTEMS, SYSTEMS, WGS84

Shapes = npt.NDArray[np.object_]
Coordinates = npt.NDArray[np.float64]
MERCATOR = 3857


@lru_cache(maxsize=32)
def way_to_wgs84(srid: int) -> Transformer:
    """Return the way from a system to WGS 84; raises LookupError for one outside the list or another datum shift."""
    if srid not in SYSTEMS and srid != MERCATOR:
        raise LookupError(srid)
    shift = importers.crs.shift(f"EPSG:{srid}")
    if srid in BELT_SYSTEMS and shift.operation != importers.crs.OPERATION_EGYPT:
        raise LookupError(f"EPSG:{srid} by {shift.operation}")
    return shift.transformer


def placed(shapes: Shapes, source: int, target: int) -> Shapes:
    """Return shapes in the target system; the source is WGS 84 or Web Mercator."""
    if source == target:
        return shapes
    if source != WGS84:
        shapes = shapely.transform(shapes, _mover(source, TransformDirection.FORWARD))
    return shapes if target == WGS84 else shapely.transform(shapes, _mover(target, TransformDirection.INVERSE))


def _mover(srid: int, direction: TransformDirection) -> Callable[[Coordinates], Coordinates]:
    def move(xy: Coordinates) -> Coordinates:
        return np.column_stack(way_to_wgs84(srid).transform(xy[:, 0], xy[:, 1], errcheck=True, direction=direction))

    return move


@lru_cache(maxsize=16)
def wkt(srid: int) -> str:
    """Return the definition that a .prj holds, as ESRI's programs and QGIS read it."""
    return str(CRS.from_epsg(srid).to_wkt("WKT1_ESRI"))
