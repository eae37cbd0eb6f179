"""The XYZ grid: which tiles exist, and what ground they cover."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiles.grid import WORLD, Tile, lonlat, parse


@pytest.mark.parametrize(
    "address",
    [("23", "0", "0"), ("0", "1", "0"), ("0", "0", "1"), ("3", "8", "0"), ("-1", "0", "0"), ("2", "-1", "0"),
     ("1.0", "0", "0"), ("٣", "0", "0"), ("1_0", "0", "0"), ("", "0", "0"), ("9" * 40, "0", "0"), ("2", "1e1", "0")],
)  # fmt: skip
def test_an_impossible_tile_is_refused(address: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="no tile"):
        parse(*address)


def test_the_world_is_tile_zero() -> None:
    assert Tile(0, 0, 0).bounds() == pytest.approx((-WORLD, -WORLD, WORLD, WORLD))


@given(st.integers(0, 22), st.data())
def test_neighbours_share_their_edge(z: int, data: st.DataObject) -> None:
    x, y = (data.draw(st.integers(0, max((1 << z) - 2, 0))) for _ in range(2))
    if z:
        here, east, south = Tile(z, x, y), Tile(z, x + 1, y), Tile(z, x, y + 1)
        assert here.bounds()[2] == pytest.approx(east.bounds()[0], abs=1e-6)
        assert here.bounds()[1] == pytest.approx(south.bounds()[3], abs=1e-6)


@given(st.floats(-179, 179), st.floats(-85, 85))
def test_lonlat_inverts_mercator(lon: float, lat: float) -> None:
    x = lon / 180 * WORLD
    y = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / math.pi * WORLD
    assert lonlat(x, y) == pytest.approx((lon, lat), abs=1e-9)
