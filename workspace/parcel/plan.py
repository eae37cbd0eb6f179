"""The plan of a parcel among its neighbours as an SVG drawing: north up, prints as it stands.

Geometries come in EPSG:3857 (angles are true, lengths are stretched by 1/cos φ; the scale bar takes that back).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

BOX = 1000.0  # the drawing's own units
MARGIN = 0.28  # of the parcel's larger side, on each side
FINEST = 0.5  # units: finer detail is left out
EARTH = 6378137.0
ROUND_LENGTHS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000)

Point = tuple[float, float]
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Land:
    """A piece of land to draw: what it is called, its status for the colour, its shape in EPSG:3857."""

    label: str
    status: str
    shape: Any  # GEOSGeometry of polygons
    url: str = ""


@dataclass(frozen=True)
class Drawn:
    """A drawn piece of land."""

    label: str
    status: str
    path: str
    x: float
    y: float
    url: str = ""
    big: bool = True  # large enough for its label


@dataclass(frozen=True)
class Plan:
    """The drawing."""

    box: str
    land: Drawn
    near: list[Drawn]
    hurt: list[Drawn]
    metres: int  # length of the scale bar on the ground
    bar: float  # and in the drawing's units


@dataclass(frozen=True)
class Frame:
    """How ground becomes drawing: y grows downwards."""

    west: float
    north: float
    scale: float

    def put(self, point: Sequence[float]) -> Point:
        """Return the place of a point in the drawing."""
        return (point[0] - self.west) * self.scale, (self.north - point[1]) * self.scale


def frame_of(extent: Extent) -> Frame:
    """Return a square frame around a shape, with room for its neighbours."""
    west, south, east, north = extent
    side = max(east - west, north - south, 1.0) * (1 + 2 * MARGIN)
    return Frame((west + east - side) / 2, (south + north + side) / 2, BOX / side)


def thinned(points: Iterable[Point]) -> Iterator[Point]:
    """Leave out points nearer to the last one kept than can be seen."""
    last: Point | None = None
    for point in points:
        if last is None or math.dist(point, last) >= FINEST:
            yield point
            last = point


def ring_path(ring: Any, frame: Frame) -> str:
    """Return a closed path of one ring."""
    points = list(thinned(frame.put(point) for point in ring.coords))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z" if len(points) > 2 else ""


def polygons(shape: Any) -> Iterator[Any]:
    """Yield the polygons of a geometry."""
    if shape.geom_type == "Polygon":
        yield shape
    elif hasattr(shape, "__iter__") and shape.geom_type != "Point" and shape.num_geom:
        for part in shape:
            if part.geom_type in ("Polygon", "MultiPolygon", "GeometryCollection"):
                yield from polygons(part)


def path_of(shape: Any, frame: Frame) -> str:
    """Return the path of all rings; holes are cut by the even-odd rule."""
    return "".join(ring_path(ring, frame) for polygon in polygons(shape) for ring in polygon)


def drawn(land: Land, frame: Frame) -> Drawn:
    """Draw a piece of land with its label inside."""
    x, y = frame.put(land.shape.point_on_surface.coords)
    west, south, east, north = land.shape.extent
    big = min(east - west, north - south) * frame.scale > 70 and 0 < x < BOX and 0 < y < BOX
    return Drawn(land.label, land.status, path_of(land.shape, frame), round(x, 1), round(y, 1), land.url, big)


def scale_bar(frame: Frame, latitude: float) -> tuple[int, float]:
    """Return a round length in metres and how long it is drawn: about a fifth of the drawing."""
    units = frame.scale / math.cos(math.radians(latitude))  # drawing units to a metre on the ground
    metres = max((length for length in ROUND_LENGTHS if length * units <= BOX / 4), default=1)
    return metres, round(metres * units, 1)


def latitude_of(northing: float) -> float:
    """Return the latitude of an EPSG:3857 northing, in degrees."""
    return math.degrees(math.atan(math.sinh(northing / EARTH)))


def draw(land: Land, near: Iterable[Land] = (), hurt: Iterable[Land] = ()) -> Plan:
    """Draw a parcel, its neighbours and what encroaches on it."""
    frame = frame_of(land.shape.extent)
    metres, bar = scale_bar(frame, latitude_of((land.shape.extent[1] + land.shape.extent[3]) / 2))
    return Plan(
        box=f"0 0 {BOX:.0f} {BOX:.0f}",
        land=drawn(land, frame),
        near=[drawn(other, frame) for other in near],
        hurt=[drawn(other, frame) for other in hurt],
        metres=metres,
        bar=bar,
    )


def side_of(centre: Point, other: Point) -> str:
    """Return on which side another piece of land lies: n, e, s or w."""
    east, north = other[0] - centre[0], other[1] - centre[1]
    if abs(north) >= abs(east):
        return "n" if north >= 0 else "s"
    return "e" if east >= 0 else "w"
