"""The plan of a parcel."""

from __future__ import annotations

import math
import re

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from workspace.parcel import plan

SQUARE = Polygon(((0, 0), (100, 0), (100, 100), (0, 100), (0, 0)), ((40, 40), (60, 40), (60, 60), (40, 60), (40, 40)))


def land(shape: object = SQUARE, label: str = "12/3") -> plan.Land:
    return plan.Land(label, "LEASED", MultiPolygon(shape) if isinstance(shape, Polygon) else shape)


def test_north_is_up() -> None:
    frame = plan.frame_of((0, 0, 100, 100))
    assert frame.put((50, 100))[1] < frame.put((50, 0))[1]
    assert frame.put((0, 50))[0] < frame.put((100, 50))[0]


def test_the_parcel_stands_in_the_middle_with_room_around() -> None:
    drawn = plan.draw(land())
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", drawn.land.path)]
    assert min(numbers) > 0
    assert max(numbers) < plan.BOX


def test_a_hole_is_a_path_of_its_own() -> None:
    assert plan.draw(land()).land.path.count("M") == 2


def test_the_scale_bar_is_true_on_the_ground() -> None:
    northing = plan.EARTH * math.asinh(math.tan(math.radians(30.6)))
    square = Polygon.from_bbox((0, northing, 1000, northing + 1000))
    drawn = plan.draw(land(square))
    frame = plan.frame_of(square.extent)
    on_the_map = drawn.bar / frame.scale  # units of EPSG:3857
    assert on_the_map * math.cos(math.radians(30.6)) == pytest.approx(drawn.metres, rel=0.01)


def test_points_and_empty_shapes_draw_nothing() -> None:
    frame = plan.frame_of((0, 0, 10, 10))
    assert plan.path_of(Point(1, 1), frame) == ""
    assert plan.path_of(MultiPolygon(), frame) == ""


def test_a_sliver_gets_no_label() -> None:
    drawn = plan.draw(land(), near=[land(Polygon.from_bbox((100, 0, 101, 100)), "thin")])
    assert drawn.near[0].big is False


@pytest.mark.parametrize(
    ("other", "side"), [((0, 5), "n"), ((0, -5), "s"), ((5, 1), "e"), ((-5, -1), "w"), ((1, 9), "n")]
)
def test_a_neighbour_lies_on_one_of_four_sides(other: tuple[float, float], side: str) -> None:
    assert plan.side_of((0, 0), other) == side
