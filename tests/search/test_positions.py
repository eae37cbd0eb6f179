"""Coordinates typed into the box; the golden points of domain.md §3.3."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.positions import EGYPT, inside, read

GOLDEN = [
    ("637570.862 814926.671", 22992, 31.2357, 30.0444),
    ("511785.130, 943532.078", 22992, 29.9187, 31.2001),
    ("736862.874 876796.578", 22992, 32.2723, 30.5965),
    ("808033.096 156312.106", 22992, 32.8998, 24.0889),
    ("233867.886 869163.475", 22991, 34.3299, 27.9158),
    ("722424.782 350145.731", 22993, 27.2373, 31.3543),
    ("796073.870 874149.370", 22994, 27.9700, 27.0567),
    ("679292.16 -38855.98", 22992, 31.6329, 22.3372),
    ("329899.643 3325016.736", 32636, 31.2357, 30.0444),
    ("778109.404 3455449.854", 32635, 29.9187, 31.2001),
]


@pytest.mark.parametrize(("text", "epsg", "lon", "lat"), GOLDEN[:7] + GOLDEN[8:])
def test_metres_are_read_in_every_system_they_fit_and_land_where_they_should(
    text: str, epsg: int, lon: float, lat: float
) -> None:
    found = {one.epsg: one for one in read(text)}
    assert found[epsg].lon == pytest.approx(lon, abs=1e-8)
    assert found[epsg].lat == pytest.approx(lat, abs=1e-8)


def test_a_negative_northing_is_good_land() -> None:
    assert 22992 in {one.epsg for one in read("679292.16 -38855.98")}


def test_metres_that_fit_two_belts_are_answered_with_both() -> None:
    assert {one.epsg for one in read("600000 800000")} >= {22992, 22994}


@pytest.mark.parametrize(
    "text",
    [
        "30.0444, 31.2357",
        "30.0444 31.2357",
        "٣٠٫٠٤٤٤ ، ٣١٫٢٣٥٧",
        "N 30.0444 E 31.2357",
        "31.2357E, 30.0444N",
        "30°02'39.84\"N 31°14'08.52\"E",
        "30.0444 شمالا 31.2357 شرقا",
    ],
)
def test_degrees_are_read_however_they_are_written(text: str) -> None:
    first = read(text)[0]
    assert (first.epsg, first.swapped) == (4326, False)
    assert (first.lon, first.lat) == (pytest.approx(31.2357, abs=1e-6), pytest.approx(30.0444, abs=1e-6))


def test_a_pair_that_lies_in_egypt_both_ways_round_is_shown_both_ways() -> None:
    assert [(one.lon, one.swapped) for one in read("30.0444, 31.2357")] == [(31.2357, False), (30.0444, True)]


def test_the_order_is_not_doubted_where_it_is_said() -> None:
    assert len(read("N 30.0444 E 31.2357")) == 1


@pytest.mark.parametrize("text", ["12/3", "45", "30 31", "محمد", "51.5, -0.12", "0 0", "", "1e5 2e5", "12.5 مكرر"])
def test_what_is_no_place_in_egypt_is_not_read_as_one(text: str) -> None:
    assert read(text) == []


@given(st.text(max_size=120))
def test_whatever_is_typed_every_reading_lies_in_egypt(text: str) -> None:
    assert all(inside(one.lon, one.lat) for one in read(text))


@given(st.floats(EGYPT[0], EGYPT[2]), st.floats(EGYPT[1], EGYPT[3]))
def test_labelled_degrees_come_back_as_they_were_typed(lon: float, lat: float) -> None:
    found = read(f"N {lat:.6f} E {lon:.6f}")
    if found:
        assert math.isclose(found[0].lon, lon, abs_tol=1e-6)
        assert math.isclose(found[0].lat, lat, abs_tol=1e-6)
