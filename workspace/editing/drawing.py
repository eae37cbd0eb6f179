"""The shapes of an edit as two small drawings, before and after: north up, one frame for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from parcels.models import EditShape

SIDE = 1000.0  # the drawing's own units
MARGIN = 60.0


@dataclass(frozen=True)
class Outline:
    """One shape in the drawing."""

    path: str
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Pair:
    """Both drawings; `changed` is the land that passes from one parcel to another or is gained or lost."""

    box: str
    before: list[Outline]
    after: list[Outline]


def pair_of(rows: Sequence[EditShape]) -> Pair:
    """Return the drawings of a proposal's shapes."""
    before = [(_shape(row.before), _label(row)) for row in rows if row.before is not None]
    after = [(_shape(row.after), _label(row)) for row in rows if row.after is not None]
    bounds = shapely.total_bounds([shape for shape, _text in (*before, *after)])
    frame = _Frame(*(float(value) for value in bounds))
    return Pair(frame.box, [frame.outline(*one) for one in before], [frame.outline(*one) for one in after])


def _shape(wkb: Any) -> Any:
    return shapely.from_wkb(bytes(wkb))


def _label(row: EditShape) -> str:
    return row.stood.parcel_no_raw if row.stood else row.number


class _Frame:
    """How metres become the drawing's units: y grows downwards."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        self.west, self.north = west, north
        self.scale = (SIDE - 2 * MARGIN) / max(east - west, north - south, 0.01)
        width, height = ((side * self.scale + 2 * MARGIN) for side in (east - west, north - south))
        self.box = f"0 0 {width:.0f} {height:.0f}"

    def point(self, xy: Any) -> tuple[float, float]:
        """Return a point of the drawing."""
        return (float(xy[0]) - self.west) * self.scale + MARGIN, (self.north - float(xy[1])) * self.scale + MARGIN

    def outline(self, shape: Any, label: str) -> Outline:
        """Return a shape of the drawing with its label inside."""
        rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
        path = "".join(
            "M" + "L".join("{:.1f},{:.1f}".format(*self.point(xy)) for xy in ring.coords[:-1]) + "Z" for ring in rings
        )
        inside = shape.representative_point()
        return Outline(path, label, *(round(value, 1) for value in self.point((inside.x, inside.y))))
