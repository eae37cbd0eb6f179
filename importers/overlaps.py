"""Overlaps inside one file, in metres. Runs in the sandbox: overlays of foreign geometry never run in the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import GeometryType, MultiPolygon, STRtree

from importers.readers.rings import Geometries
from importers.readers.shp import Ints

LEAST_AREA_M2, LEAST_WIDTH_M = 1.0, 0.2  # trap T-14: less is the noise of two projections
BATCH = 20_000
DUPLICATE = 0.999  # share of the smaller one, of both


@dataclass(frozen=True)
class Overlap:
    """Two rows that cover the same ground."""

    first: int  # place in the list
    second: int
    area_m2: float
    width_m: float
    duplicate: bool
    shape: shapely.Geometry  # in the metric system


def overlaps(shapes: Geometries) -> Iterator[Overlap]:
    """Yield each overlap wider than noise among polygons in a metric system; None and invalid ones are left out."""
    usable = np.flatnonzero(shapely.is_valid(shapes) & (shapely.get_dimensions(shapes) == 2))
    polygons = shapes[usable]
    shapely.prepare(polygons)
    first, second = STRtree(polygons).query(polygons, predicate="intersects")
    pairs = np.flatnonzero(first < second)
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        yield from among(polygons, usable, first[batch], second[batch])


def among(polygons: Geometries, usable: Ints, first: Ints, second: Ints) -> Iterator[Overlap]:
    """Yield the overlaps of these pairs."""
    touching = shapely.touches(polygons[first], polygons[second])
    first, second = first[~touching], second[~touching]
    shapes = shapely.intersection(polygons[first], polygons[second])
    area, length = shapely.area(shapes), shapely.length(shapes)
    width = np.divide(2 * area, length, out=np.zeros_like(area), where=length > 0)
    smaller = np.minimum(shapely.area(polygons[first]), shapely.area(polygons[second]))
    larger = np.maximum(shapely.area(polygons[first]), shapely.area(polygons[second]))
    for at in np.flatnonzero((area > LEAST_AREA_M2) & (width > LEAST_WIDTH_M)):
        yield Overlap(
            int(usable[first[at]]),
            int(usable[second[at]]),
            float(area[at]),
            float(width[at]),
            bool(area[at] > DUPLICATE * larger[at] and area[at] > DUPLICATE * smaller[at]),
            surfaces(shapes[at]),
        )


def surfaces(shape: shapely.Geometry) -> shapely.Geometry:
    """Return only the polygons of an intersection that may also hold lines and points."""
    if shapely.get_type_id(shape) != GeometryType.GEOMETRYCOLLECTION:
        return shape
    parts = shapely.get_parts(shape)
    return MultiPolygon(list(parts[shapely.get_type_id(parts) == GeometryType.POLYGON]))
