"""The plane on which the sample is laid out (EPSG:22992, the Red belt, metres) and the way back to 4326."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from authority.reference.governorates import BY_CODE, RED
from authority.reference.outlines import outlines
from workspace.sample.gazetteer import TREES, Quarter

Floats = NDArray[np.float64]
# The chief basin of Lake Mariout, roughly: the package's outline of Alexandria leaves it in (longitude, latitude).
MARIOUT = Polygon(
    (
        *((29.862, 31.130), (29.895, 31.160), (29.940, 31.163), (29.968, 31.150), (29.960, 31.105)),
        *((29.925, 31.080), (29.875, 31.075), (29.850, 31.100)),
    )
)
WIGGLE_M, WIGGLE_LENGTH_M = 70.0, 900.0  # how far and how often invented borders swing


@cache
def to_belt() -> Transformer:
    """Return the way from 4326 to the belt by EPSG:7697; never a guess (domain.md §0.5)."""
    return Transformer.from_crs(4326, RED, always_xy=True, allow_ballpark=False, accuracy=2.0)


@cache
def to_earth() -> Transformer:
    """Return the way from the belt to 4326."""
    return Transformer.from_crs(RED, 4326, always_xy=True, allow_ballpark=False, accuracy=2.0)


def lonlat(points: Floats) -> Floats:
    """Transform belt coordinates (n, 2) to longitude and latitude; equal points stay equal to the last bit."""
    return np.column_stack(to_earth().transform(points[:, 0], points[:, 1]))


def belt(points: Floats) -> Floats:
    """Transform longitude and latitude (n, 2) to belt coordinates."""
    return np.column_stack(to_belt().transform(points[:, 0], points[:, 1]))


def on_earth(geometry: BaseGeometry) -> Any:
    """Return a geometry of the belt in 4326."""
    return shapely.transform(geometry, lonlat)


def seed_of(quarter: Quarter) -> Floats:
    """Return the middle of a quarter in the belt."""
    found: Floats = belt(np.array([[quarter.lon, quarter.lat]]))[0]
    return found


def _wiggled(points: Floats) -> Floats:
    turns = 2 * np.pi * points / WIGGLE_LENGTH_M
    return points + WIGGLE_M * np.column_stack([np.sin(turns[:, 1] + turns[:, 0] / 3), np.cos(turns[:, 0])])


def land_of(governorate: str) -> BaseGeometry:
    """Return the dry land of a governorate in the belt."""
    outline = outlines()[BY_CODE[governorate].outline]
    return shapely.make_valid(shapely.transform(outline.difference(MARIOUT), belt))


def territories(governorate: str) -> list[MultiPolygon]:
    """Split a governorate's land among its quarters, in the order of the gazetteer: each gets what lies nearest."""
    quarters = [one for district in TREES[governorate] for one in district.quarters]
    land = land_of(governorate)
    points = shapely.multipoints(np.array([seed_of(one) for one in quarters]))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=land, ordered=True))
    return [_territory(cell, land) for cell in cells]


def _territory(cell: BaseGeometry, land: BaseGeometry) -> MultiPolygon:
    bent = shapely.transform(shapely.segmentize(cell, 150.0), _wiggled)
    parts = shapely.get_parts(shapely.make_valid(bent).intersection(land))
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and part.area > 1000])
