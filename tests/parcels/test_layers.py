"""Map layers of the register: the reader's rows, counted right, filtered by what stands in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry

from authority.models import Role
from parcels.layers import ASSETS, PARCELS
from parcels.models import Status
from tests.authority.builders import make_place, make_user
from tests.parcels import builders
from tiles.registry import find

pytestmark = pytest.mark.django_db


def rows(user: Any, **filters: str) -> list[dict[str, Any]]:
    parsed = {name: PARCELS.filters[name](value) for name, value in filters.items()}
    named = {f"a_{one.name}": one.source for one in PARCELS.attributes}
    return list(PARCELS.rows(user, parsed).annotate(**named).values(*named))


def test_both_layers_are_declared() -> None:
    assert find("parcels") is PARCELS
    assert find("assets") is ASSETS


def test_every_attribute_can_be_read() -> None:
    builders.a_parcel(number="12/3", deed_area_m2="100", land_use="ROAD")
    (row,) = rows(builders.a_keeper())
    assert (row["a_number"], row["a_use"], row["a_status"], row["a_area_m2"]) == ("12/3", "ROAD", "FREE", 100)
    kiosk = builders.an_asset(geom=GEOSGeometry("SRID=4326;POINT(32.27 30.59)"))
    named = {f"a_{one.name}": one.source for one in ASSETS.attributes}
    (asset,) = ASSETS.rows(builders.a_keeper(), {}).annotate(**named).values(*named)
    assert asset["a_code"] == kiosk.asset_code


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 1),
        ({"status": "FREE"}, 1),
        ({"status": "LEASED"}, 0),
        ({"use": "ROAD"}, 0),
        ({"place": "19"}, 1),
        ({"place": "1901"}, 1),
        ({"place": "02"}, 0),
        ({"place": "77"}, 0),
        ({"custodian": "governorate"}, 1),
        ({"on": "2019-12-31"}, 0),
        ({"on": "2020-01-01"}, 1),
    ],
)
def test_the_layer_is_filtered(filters: dict[str, str], count: int) -> None:
    builders.a_parcel()
    assert len(rows(builders.a_keeper(), **filters)) == count


@pytest.mark.parametrize(("name", "value"), [("status", "NICE"), ("on", "x"), ("place", "1 OR 1"), ("custodian", "")])
def test_an_impossible_filter_is_a_value_error(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        PARCELS.filters[name](value)


def test_the_layer_shows_only_the_readers_land() -> None:
    builders.a_parcel()
    assert rows(make_user(Role.GIS_OFFICER, place=make_place("02"))) == []
    assert rows(make_user(Role.ADMIN, place=builders.a_governorate())) == []


def test_counts_by_place_agree_with_the_rows() -> None:
    hod = builders.a_hod()
    parcels = [builders.a_parcel(place=hod, deed_area_m2="100") for _ in range(3)]
    builders.a_holding(parcels[0])
    assert PARCELS.summarise is not None
    counted = {row["category"]: row for row in PARCELS.summarise("19")}
    assert {name: row["count"] for name, row in counted.items()} == {Status.LEASED: 1, Status.FREE: 2}
    assert counted[Status.FREE]["area_m2"] == 200
    assert counted[Status.FREE]["place_id"] == hod.pk
    assert not PARCELS.summarise("02").exists()


def test_every_status_but_two_has_a_line_of_the_legend() -> None:
    (theme, *_) = PARCELS.themes
    told = {value for line in theme.lines() for value in line.values}
    assert set(Status) - told == {Status.UNKNOWN}
    assert all(line.colour for line in theme.lines())


def test_the_map_of_a_past_day_shows_the_parcels_of_that_day() -> None:
    builders.a_parcel(legal_from=dt.date(2025, 1, 1))
    assert len(rows(builders.a_keeper(), on="2024-12-31")) == 0
    assert len(rows(builders.a_keeper(), on="2025-01-01")) == 1


def test_the_map_of_a_past_day_is_coloured_by_that_day() -> None:
    parcel = builders.a_parcel()
    builders.a_holding(parcel, start=dt.date(2021, 1, 1), last_day=dt.date(2021, 12, 31))
    assert [row["a_status"] for row in rows(builders.a_keeper())] == [Status.FREE]
    assert [row["a_status"] for row in rows(builders.a_keeper(), on="2021-06-01")] == [Status.LEASED]
    assert len(rows(builders.a_keeper(), on="2021-06-01", status="LEASED")) == 1
