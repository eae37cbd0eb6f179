"""From the boundary of record to what is drawn: right place, right area, straight edges stay straight."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
import shapely
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from authority.refusal import Invalid
from parcels import shapes

# domain.md §3.3: lon, lat, belt, E, N
GOLDEN = [
    (31.2357, 30.0444, 22992, 637570.862, 814926.671),
    (29.9187, 31.2001, 22992, 511785.130, 943532.078),
    (32.2723, 30.5965, 22992, 736862.874, 876796.578),
    (32.8998, 24.0889, 22992, 808033.096, 156312.106),
    (34.3299, 27.9158, 22991, 233867.886, 869163.475),
    (27.2373, 31.3543, 22993, 722424.782, 350145.731),
    (27.9700, 27.0567, 22994, 796073.870, 874149.370),
]
BELTS = {22991: (33.0, 36.5), 22992: (29.0, 33.0), 22993: (25.0, 29.0), 22994: (25.0, 29.0)}
FEDDAN_SIDE = math.sqrt(25205 / 6)


def square(east: float, north: float, side: float) -> bytes:
    return bytes(shapely.to_wkb(shapely.box(east, north, east + side, north + side)))


@pytest.mark.parametrize(("lon", "lat", "belt", "east", "north"), GOLDEN)
def test_golden_points_land_where_they_should(lon: float, lat: float, belt: int, east: float, north: float) -> None:
    derived = shapes.derive([square(east, north, 10)], f"EPSG:{belt}")
    corner = shapely.get_coordinates(derived.geoms[0])
    nearest = corner[np.argmin(np.hypot(*(corner - (lon, lat)).T))]
    assert np.abs(nearest - (lon, lat)).max() < 1.1e-8
    assert (derived.way.operation, derived.way.accuracy_m) == ("EPSG:7697", 1.2)


@pytest.mark.parametrize(("lon", "lat", "belt", "east", "north"), GOLDEN)
@pytest.mark.django_db
def test_postgis_chooses_the_same_operation(lon: float, lat: float, belt: int, east: float, north: float) -> None:
    """The working system of checks is reached inside the database too: its choice must be EPSG:7697 (§0b.6)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(g), ST_Y(g) FROM ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), 4326), %s) AS g",
            [lon, lat, belt],
        )
        x, y = cursor.fetchone()
    assert math.hypot(x - east, y - north) < 0.002


@pytest.mark.parametrize("belt", sorted(BELTS))
def test_a_feddan_is_a_feddan_in_its_belt(belt: int) -> None:
    _, _, _, east, north = next(point for point in GOLDEN if point[2] == belt)
    derived = shapes.derive([square(east, north, FEDDAN_SIDE)], f"EPSG:{belt}", working_srid=belt)
    assert float(derived.areas[0]) == pytest.approx(4200.8333, abs=0.0001)


@pytest.mark.parametrize(
    ("point", "srid", "utm"),
    [((637570.862, 814926.671), 32636, 4200.44), ((511785.130, 943532.078), 32635, 4204.41)],
)
def test_an_area_depends_on_the_working_system_as_published(point: tuple[float, float], srid: int, utm: float) -> None:
    derived = shapes.derive([square(*point, FEDDAN_SIDE)], "EPSG:22992", working_srid=srid)
    assert float(derived.areas[0]) == pytest.approx(utm, abs=0.02)


def test_without_a_working_system_the_area_is_on_the_ellipsoid() -> None:
    derived = shapes.derive([square(637570.862, 814926.671, FEDDAN_SIDE)], "EPSG:22992")
    assert float(derived.areas[0]) == pytest.approx(4200.80, abs=0.02)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    belt=st.sampled_from(sorted(BELTS)),
    share=st.floats(0, 1),
    lat=st.floats(22.0, 31.8),
    bearing=st.floats(0, 360),
    length=st.floats(600, 20_000),
)
def test_a_straight_edge_stays_within_a_centimetre(
    belt: int, share: float, lat: float, bearing: float, length: float
) -> None:
    west, east = BELTS[belt]
    to_belt = Transformer.from_crs(4326, belt, always_xy=True, allow_ballpark=False)
    x, y = to_belt.transform(west + share * (east - west), lat)
    angle = math.radians(bearing)
    far = (x + length * math.sin(angle), y + length * math.cos(angle))
    side = (x + 50 * math.cos(angle), y - 50 * math.sin(angle))
    triangle = shapely.Polygon([(x, y), far, side])
    try:
        derived = shapes.derive([shapely.to_wkb(triangle)], f"EPSG:{belt}")
    except Invalid:
        return  # over the border
    mercator = moved(derived.geoms[0], 4326, 3857)
    for drawn, srid in ((shapely.segmentize(derived.geoms[0], 0.0002), 4326), (shapely.segmentize(mercator, 20), 3857)):
        points = shapely.points(shapely.get_coordinates(moved(drawn, srid, belt)))
        assert float(shapely.distance(points, triangle.exterior).max()) < 0.0101


def moved(shape: shapely.Geometry, source: int, target: int) -> shapely.Geometry:
    way = Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)
    return shapely.transform(shape, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1])))


def test_a_long_edge_without_cutting_would_bend() -> None:
    """Measured (domain.md §0b.2): 1.27 m at 10 km; the test above would fail without cutting."""
    to_wgs = Transformer.from_crs(22992, 4326, always_xy=True)
    x, y = 637570.862, 814926.671
    ends = np.column_stack(to_wgs.transform([x, x + 10_000], [y, y]))
    back = Transformer.from_crs(4326, 22992, always_xy=True).transform(*ends.mean(axis=0))
    assert abs(back[1] - y) == pytest.approx(1.27, abs=0.15)


def test_there_and_back_is_compared_with_a_tolerance() -> None:
    """T-13: a tenth of a millimetre is lost on the way, so geometries are never compared by `=`."""
    wkb = square(637570.862, 814926.671, 100)
    derived = shapes.derive([wkb], "EPSG:22992")
    (back,) = shapes.in_metres([shapely.to_wkb(derived.geoms[0])], 22992)
    assert shapely.hausdorff_distance(back, shapely.from_wkb(wkb)) < 0.001


def test_polygons_become_multipolygons_without_heights() -> None:
    solid = shapely.Polygon([(637570, 814926, 5), (637670, 814926, 5), (637670, 815026, 6)])
    (made,) = shapes.derive([shapely.to_wkb(solid)], "EPSG:22992").geoms
    assert (made.geom_type, made.has_z) == ("MultiPolygon", False)


@pytest.mark.parametrize(
    ("crs", "operation"),
    [
        ("EPSG:22992", "EPSG:7697"),
        ("EPSG:4326", "none"),
        ("EPSG:32636", "none"),
        ("OGC:CRS84", "none"),
        ("MTM:31.5", "none"),
        ("BELT-ON-WGS84:22992", "none"),
    ],
)
def test_the_operation_is_named(crs: str, operation: str) -> None:
    assert shapes.way_to_wgs84(crs).operation == operation


def test_another_operation_can_be_named_and_is_used() -> None:
    assert shapes.way_to_wgs84("EPSG:22991", "EPSG:7697").operation == "EPSG:7697"
    with pytest.raises(Invalid):
        shapes.way_to_wgs84("EPSG:22992", "EPSG:1546")


def star(points: int) -> shapely.Polygon:
    angles = [i * (points // 2) * 2 * math.pi / points for i in range(points)]
    return shapely.Polygon([(737_000 + 900 * math.sin(a), 877_000 + 900 * math.cos(a)) for a in angles])


@pytest.mark.parametrize("shape", [star(3001), star(301)], ids=["star of 3001", "star of 301"])
def test_a_self_crossing_star_is_refused_and_nothing_crashes(shape: shapely.Polygon) -> None:
    with pytest.raises(Invalid) as refused:
        shapes.derive([shapely.to_wkb(shape)], "EPSG:22992")
    assert refused.value.code == "geometry_invalid"


def nothing_but_nan() -> bytes:
    corners = (0.0, 0.0, 1.0, 0.0, 1.0, math.nan, 0.0, 0.0)
    return struct.pack("<BIII8d", 1, 3, 1, 4, *corners)


@pytest.mark.parametrize(
    ("wkb", "code"),
    [
        (b"", "geometry_not_polygon"),
        (b"\x00\x01rubbish", "geometry_not_polygon"),
        (nothing_but_nan(), "geometry_invalid"),
        (shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)])), "geometry_not_polygon"),
    ],
)
def test_rubbish_is_refused(wkb: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        shapes.derive([wkb], "EPSG:22992")
    assert refused.value.code == code


def test_a_polygon_of_too_many_vertices_is_refused() -> None:
    angles = np.linspace(0, 2 * math.pi, 100_100, endpoint=False)
    circle = shapely.Polygon(np.column_stack([737_000 + 500 * np.cos(angles), 877_000 + 500 * np.sin(angles)]))
    with pytest.raises(Invalid) as refused:
        shapes.derive([shapely.to_wkb(circle)], "EPSG:22992", rows=[17])
    assert (refused.value.code, refused.value.params["rows"]) == ("geometry_too_many_vertices", "17")
