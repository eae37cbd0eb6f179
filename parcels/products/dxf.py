"""The sketch for CAD: DXF R2010 in metres of the boundary's system, a layer for each thing drawn."""

from __future__ import annotations

import io
from collections.abc import Sequence

from ezdxf.enums import TextEntityAlignment
from ezdxf.filemanagement import new
from ezdxf.layouts.layout import Modelspace

from parcels.corners import Point
from parcels.products.ground import Ground, rings

LAYERS = {"PARCEL": 1, "CORNERS": 3, "CORNER_NUMBERS": 3, "LENGTHS": 5, "NEIGHBOURS": 8, "NEIGHBOUR_NUMBERS": 8}
METRES = 6  # $INSUNITS


def dxf_of(ground: Ground, points: Sequence[Point], number: str) -> bytes:
    """Return the drawing as DXF (UTF-8), closed polylines in E, N metres."""
    made = new("R2010")
    made.header["$INSUNITS"] = METRES
    made.header["$PROJECTNAME"] = ground.crs
    for name, colour in LAYERS.items():
        made.layers.add(name, color=colour)
    space = made.modelspace()
    height = max(0.4, (ground.own.bounds[2] - ground.own.bounds[0]) / 60)
    outline(space, ground, number, height)
    if ground.of_record:
        corners(space, points, height)
    out = io.StringIO()
    made.write(out)
    return out.getvalue().encode("utf-8")


def outline(space: Modelspace, ground: Ground, number: str, height: float) -> None:
    """Draw the parcel and its neighbours."""
    for name, shape, layer in ((number, ground.own, "PARCEL"), *((n, s, "NEIGHBOURS") for n, s in ground.others)):
        for ring in rings(shape):
            space.add_lwpolyline(ring[:-1], close=True, dxfattribs={"layer": layer})
        middle = shape.point_on_surface()
        words = "PARCEL" if layer == "PARCEL" else "NEIGHBOUR_NUMBERS"
        text = space.add_text(name, height=height * 1.5, dxfattribs={"layer": words})
        text.set_placement((middle.x, middle.y), align=TextEntityAlignment.MIDDLE_CENTER)


def corners(space: Modelspace, points: Sequence[Point], height: float) -> None:
    """Draw the corners with their numbers, and the lengths between them."""
    for ring in {point.ring for point in points}:
        own = [point for point in points if point.ring == ring]
        for i, point in enumerate(own):
            here, after = (float(point.east), float(point.north)), own[(i + 1) % len(own)]
            space.add_point(here, dxfattribs={"layer": "CORNERS"})
            number = space.add_text(point.number, height=height, dxfattribs={"layer": "CORNER_NUMBERS"})
            number.set_placement((here[0] + height, here[1] + height))
            middle = ((here[0] + float(after.east)) / 2, (here[1] + float(after.north)) / 2)
            length = space.add_text(f"{point.to_next_m:.2f}", height=height, dxfattribs={"layer": "LENGTHS"})
            length.set_placement(middle, align=TextEntityAlignment.MIDDLE_CENTER)
