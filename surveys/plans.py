"""Small plans as SVG paths: what the register has, what the survey says, and the fault between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.gis.geos import GEOSGeometry

SIDE = 200.0
MARGIN = 0.4  # of the frame's side, all around


@dataclass(frozen=True)
class Drawn:
    """One path of a plan: its class in the style sheet and its data."""

    css: str
    d: str


def plan(shapes: Sequence[tuple[str, GEOSGeometry | None]], frame: GEOSGeometry) -> list[Drawn]:
    """Return paths for (class, geometry in a metric system), north up, in a square of 200 around the frame."""
    west, south, east, north = frame.extent
    span = max(east - west, north - south) * (1 + 2 * MARGIN) or 1.0
    left, top = (west + east - span) / 2, (south + north + span) / 2
    scale = SIDE / span
    return [
        Drawn(css, " ".join(_rings(shape, left, top, scale)))
        for css, shape in shapes
        if shape is not None and not shape.empty
    ]


def _rings(shape: GEOSGeometry, left: float, top: float, scale: float) -> Iterator[str]:
    for polygon in _polygons(shape):
        for ring in cast("Iterable[Any]", polygon):
            points = (f"{(x - left) * scale:.1f} {(top - y) * scale:.1f}" for x, y, *_ in ring.coords)
            yield f"M{'L'.join(points)}Z"


def _polygons(shape: GEOSGeometry) -> Iterator[GEOSGeometry]:
    if shape.geom_type == "Polygon":
        yield shape
    elif shape.geom_type in ("MultiPolygon", "GeometryCollection"):
        for part in cast("Iterable[GEOSGeometry]", shape):
            yield from _polygons(part)
