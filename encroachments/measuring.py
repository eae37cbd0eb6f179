"""What an encroachment takes of a parcel: area of the measured shape and of its part inside, each with its error.

Pure geometry: shapely shapes in longitude and latitude (EPSG:4326) in, square metres out, computed in a metric system.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from pyproj import Transformer
from shapely import Polygon, get_coordinates, transform
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

Shape = TypeVar("Shape", bound=BaseGeometry)

# Edges of the register are densified: corners that lie on a straight edge carry no error of their own.
COLLINEAR_M = 0.05
SPECK_M2 = 0.01
# 1σ of one corner in metres, where the measurement states none.
USUAL_SIGMA_M = {"GNSS_RTK": 0.03, "TOTAL_STATION": 0.02, "PHONE": 3.2, "IMAGERY": 1.5, "SKETCH": 5.0}
FOR_ORDERS = frozenset({"GNSS_RTK", "TOTAL_STATION"})  # the rest is «for triage» (domain.md §0b.3)


class ShapeError(ValueError):
    """A shape with which nothing is computed."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Areas in m² with 1σ; `inside` is the part within the parcel (EPSG:4326), None where the parcel has no shape."""

    area_m2: float
    sigma_m2: float
    inside: MultiPolygon | None
    inside_m2: float | None
    inside_sigma_m2: float | None
    srid: int


def measure(*, shape: BaseGeometry, parcel: BaseGeometry | None, srid: int, sigma_m: float) -> Measured:
    """Measure a shape against a parcel; raises ShapeError when one of them is not sound."""
    flat = to_metres(sound(shape), srid)
    area, sigma = flat.area, area_sigma(flat, sigma_m)
    if parcel is None or parcel.is_empty:
        return Measured(area_m2=area, sigma_m2=sigma, inside=None, inside_m2=None, inside_sigma_m2=None, srid=srid)
    common = polygons_of(flat.intersection(to_metres(sound(parcel), srid)))
    return Measured(
        area_m2=area,
        sigma_m2=sigma,
        inside=to_degrees(common, srid),
        inside_m2=common.area,
        inside_sigma_m2=area_sigma(common, sigma_m),
        srid=srid,
    )


def sound(shape: BaseGeometry) -> BaseGeometry:
    """The shape itself, if an overlay may be computed with it."""
    if shape.is_empty or not shape.is_valid:
        raise ShapeError(explain_validity(shape))
    return shape


def polygons_of(shape: BaseGeometry) -> MultiPolygon:
    """The areas of a shape without lines, points and specks."""
    parts = getattr(shape, "geoms", [shape])
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and part.area > SPECK_M2])


def area_sigma(shape: BaseGeometry, sigma_m: float) -> float:
    """1σ of an area whose corners are each off by `sigma_m` in both directions, independently of each other.

    From A = ½ Σ x_i (y_{i+1} − y_{i−1}): σ_A = ½ σ √Σ d_i², with d_i the distance between a corner's two neighbours.
    """
    return sigma_m / 2 * math.sqrt(sum(square for ring in rings_of(shape) for square in neighbour_squares(ring)))


def rings_of(shape: BaseGeometry) -> list[list[tuple[float, float]]]:
    """Corners of every ring, the closing one left out."""
    corners = shape.simplify(COLLINEAR_M)
    parts = [part for part in getattr(corners, "geoms", [corners]) if not part.is_empty]
    return [get_coordinates(ring).tolist()[:-1] for part in parts for ring in (part.exterior, *part.interiors)]


def neighbour_squares(ring: list[tuple[float, float]]) -> list[float]:
    """For each corner, the squared distance between the one before and the one after."""
    count = len(ring)
    return [math.dist(ring[i - 1], ring[(i + 1) % count]) ** 2 for i in range(count)]


@lru_cache(maxsize=32)
def between(source: int, target: int) -> Transformer:
    """A transformation that never falls back to a guess of the datum (domain.md §0)."""
    return Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)


def moved(shape: Shape, source: int, target: int) -> Shape:
    """The shape in another system."""
    way = between(source, target)
    return transform(shape, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1])))


def to_metres(shape: BaseGeometry, srid: int) -> BaseGeometry:
    """Longitude and latitude to metres."""
    return moved(shape, 4326, srid)


def to_degrees(shape: MultiPolygon, srid: int) -> MultiPolygon:
    """Metres to longitude and latitude."""
    return moved(shape, srid, 4326)
