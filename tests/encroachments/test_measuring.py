"""Areas with their errors."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Polygon, box

from encroachments.measuring import ShapeError, area_sigma, measure

ZONE = 32636
GEOD = Geod(ellps="WGS84")


def test_half_of_a_shape_over_the_edge_lies_inside() -> None:
    found = measure(
        shape=box(32.2705, 30.6, 32.2715, 30.601), parcel=box(32.27, 30.6, 32.271, 30.601), srid=ZONE, sigma_m=0.03
    )
    assert found.inside_m2 == pytest.approx(found.area_m2 / 2, rel=1e-6)
    assert found.inside is not None
    assert found.inside.area == pytest.approx(box(32.2705, 30.6, 32.271, 30.601).area, rel=1e-6)


@given(
    lon=st.floats(30.1, 34.9), lat=st.floats(22.5, 31.4), width=st.floats(0.0002, 0.01), height=st.floats(0.0002, 0.01)
)
def test_an_area_agrees_with_the_ellipsoids(lon: float, lat: float, width: float, height: float) -> None:
    shape = box(lon, lat, lon + width, lat + height)
    truth = abs(GEOD.geometry_area_perimeter(shape)[0])
    # 0.9996² at the zone's middle up to 1.0005² at its edge
    assert measure(shape=shape, parcel=None, srid=ZONE, sigma_m=1).area_m2 == pytest.approx(truth, rel=0.0025)


def test_eleven_corners_walked_with_a_phone_give_an_area_for_triage() -> None:
    radius = math.sqrt(1181 / (5.5 * math.sin(2 * math.pi / 11)))
    ring = [(radius * math.cos(2 * math.pi * k / 11), radius * math.sin(2 * math.pi * k / 11)) for k in range(11)]
    assert area_sigma(Polygon(ring), 3.2) == pytest.approx(
        115, abs=2
    )  # domain.md §0b.3: 1,181 ± 124 m² for an irregular one


def test_the_error_agrees_with_many_repeated_measurements() -> None:
    import random

    corners, source = [(0, 0), (40, 5), (50, 30), (20, 45), (-5, 25)], random.Random(7)
    areas = [
        Polygon([(x + source.gauss(0, 0.5), y + source.gauss(0, 0.5)) for x, y in corners]).area for _ in range(20_000)
    ]
    mean = sum(areas) / len(areas)
    spread = math.sqrt(sum((area - mean) ** 2 for area in areas) / len(areas))
    assert area_sigma(Polygon(corners), 0.5) == pytest.approx(spread, rel=0.03)


def test_corners_on_a_straight_edge_do_not_lessen_the_error() -> None:
    plain = Polygon([(0, 0), (1000, 0), (1000, 500), (0, 500)])
    assert area_sigma(shapely.segmentize(plain, 10), 1) == pytest.approx(area_sigma(plain, 1))


@pytest.mark.parametrize("shape", [Polygon([(32, 30), (32.1, 30.1), (32.1, 30), (32, 30.1)]), Polygon()])
def test_nothing_is_computed_with_an_unsound_shape(shape: Polygon) -> None:
    with pytest.raises(ShapeError):
        measure(shape=shape, parcel=None, srid=ZONE, sigma_m=1)
    with pytest.raises(ShapeError):
        measure(
            shape=box(32, 30, 32.1, 30.1),
            parcel=shape if not shape.is_empty else Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
            srid=ZONE,
            sigma_m=1,
        )


def test_a_shape_that_only_touches_takes_nothing() -> None:
    found = measure(
        shape=box(32.271, 30.6, 32.272, 30.601), parcel=box(32.27, 30.6, 32.271, 30.601), srid=ZONE, sigma_m=1
    )
    assert found.inside is not None
    assert found.inside.is_empty
