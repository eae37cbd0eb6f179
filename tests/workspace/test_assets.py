"""Buildings with their units as a table and a stacked picture; shops, kiosks, beaches and billboards in pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authority.models import AuditEvent, Role
from parcels.models import Asset
from tests.parcels import builders
from tests.workspace.test_book import signed_in
from workspace.assets.stack import GAP, MARGIN, WIDE, stacked

pytestmark = pytest.mark.django_db


@dataclass
class Drawn:
    """A unit for the picture."""

    unit_no: str
    floor: int | None
    area_m2: Decimal | None = None


def test_the_highest_floor_stands_on_top_and_empty_floors_are_drawn() -> None:
    made = stacked([Drawn("1", 0), Drawn("2", 3), Drawn("9", -1), Drawn("x", None)])
    assert made is not None
    assert [floor.number for floor in made.floors] == [3, 2, 1, 0, -1, None]
    assert [len(floor.boxes) for floor in made.floors] == [1, 0, 0, 1, 1, 1]
    assert made.floors[3].y < (made.ground_y or 0) < made.floors[4].y + 44


def test_units_stand_in_the_order_of_their_numbers() -> None:
    made = stacked([Drawn(number, 1) for number in ("10", "9", "2")])
    assert made is not None
    assert [box.unit.unit_no for box in made.floors[0].boxes] == ["2", "9", "10"]
    assert stacked([]) is None


@given(st.lists(st.decimals(1, 500, places=1), min_size=1, max_size=30))
def test_a_floor_is_filled_by_its_units_in_proportion(areas: list[Decimal]) -> None:
    made = stacked([Drawn(str(n), 1, area) for n, area in enumerate(areas)])
    assert made is not None
    boxes = made.floors[0].boxes
    assert sum(box.width for box in boxes) + GAP * (len(boxes) - 1) == pytest.approx(WIDE, abs=0.5)
    assert boxes[0].x == MARGIN
    assert all(box.width > 0 for box in boxes)


def registered(**more: Any) -> Asset:
    data = {"kind": "BUILDING", "name_ar": "عمارة البحر", "registered_on": "01/01/2020", "area_m2": "٤٠٠"} | more
    parcel = builders.a_parcel()
    answer = signed_in().post("/assets/new/", data | {"parcel": str(parcel.pk)})
    assert answer.status_code == 302, answer.context["form"].errors
    return Asset.objects.get(kind=data["kind"])


def act(asset: Asset, name: str, data: dict[str, Any], **more: Any) -> Any:
    asset.refresh_from_db()
    return signed_in(**more).post(f"/assets/{asset.pk}/acts/{name}/", {"row_version": asset.row_version} | data)


def test_a_building_with_flats_is_registered_and_shown_floor_by_floor() -> None:
    building = registered()
    data = {
        "floor_from": "1", "floor_to": "5", "on_each": "4", "first_no": "1", "area_m2": "95.5", "registered_on": "01/01/2020",
    }  # fmt: skip
    assert act(building, "units", data).status_code == 302
    units = sorted(building.units.all(), key=lambda unit: (unit.floor, int(unit.unit_no)))
    assert (len(units), units[4].floor, units[4].unit_no, units[4].area_m2) == (20, 2, "5", Decimal("95.5"))
    builders.a_holding(asset=units[0], reference="ع/7", start=dt.date(2024, 1, 1))
    page = signed_in(Role.AUDITOR).get(f"/assets/{building.pk}/")
    told = page.content.decode()
    assert page.context["sums"] == {"units": 20, "free": 19, "area_m2": Decimal("1910.0000")}
    assert told.count("<rect") == 20
    assert "ع/7" in told
    assert act(building, "units", data).status_code == 409
    assert building.units.count() == 20


@pytest.mark.parametrize(
    "wrong",
    [
        {"floor_to": "0"},
        {"on_each": "0"},
        {"floor_to": "120", "on_each": "40"},
        {"area_m2": "1,5"},
        {"floor_from": "x"},
    ],
)
def test_units_that_cannot_be_are_refused_and_none_is_made(wrong: dict[str, str]) -> None:
    building = registered()
    data = {"floor_from": "1", "floor_to": "2", "on_each": "2", "first_no": "1", "registered_on": "01/01/2020"} | wrong
    assert act(building, "units", data).status_code == 400
    assert not building.units.exists()


def test_units_are_registered_in_buildings_only() -> None:
    kiosk = registered(kind="KIOSK")
    data = {"floor_from": "1", "floor_to": "1", "on_each": "1", "first_no": "1", "registered_on": "01/01/2020"}
    assert act(kiosk, "units", data).status_code == 400


def test_a_beach_stands_alone_with_its_own_place_on_the_map() -> None:
    ring = '{"type":"Polygon","coordinates":[[[32.3,30.6],[32.301,30.6],[32.301,30.601],[32.3,30.6]]]}'
    from tests.authority.builders import make_custodian

    data = {
        "kind": "BEACH", "name_ar": "شاطئ", "registered_on": "01/01/2020", "place": builders.a_hod().code,
        "custodian": make_custodian().code, "geometry": ring,
    }  # fmt: skip
    assert signed_in().post("/assets/new/", data).status_code == 302
    assert Asset.objects.get().geom.geom_type == "Polygon"
    assert signed_in().post("/assets/new/", data | {"place": "", "geometry": ""}).status_code == 400


def test_what_is_said_of_an_asset_changes_with_a_trail_and_never_behind_a_page() -> None:
    asset = registered()
    assert act(asset, "change", {"name_ar": "عمارة النيل", "floor": "", "area_m2": "410"}).status_code == 302
    asset.refresh_from_db()
    assert (asset.name_ar, asset.area_m2) == ("عمارة النيل", Decimal(410))
    assert AuditEvent.objects.get(action="parcels.asset_changed").detail["name_ar"] == ["عمارة البحر", "عمارة النيل"]
    stale = {"name_ar": "x", "row_version": asset.row_version - 1}
    assert act(asset, "change", stale).status_code == 412
    assert act(asset, "change", {"name_ar": "x"}, role=Role.AUDITOR).status_code == 403


def test_an_asset_ends_on_a_page_and_takes_no_units_after() -> None:
    asset = registered()
    assert act(asset, "close", {"on": "01/01/2026", "reason": "هُدمت"}).status_code == 302
    assert act(asset, "change", {"name_ar": "x"}).status_code == 409


def test_an_asset_of_another_governorate_is_not_found() -> None:
    asset = registered()
    from django.test import Client

    from tests.authority.builders import make_place, make_user

    stranger = Client()
    stranger.force_login(make_user(Role.PROPERTY_OFFICER, place=make_place("02")))
    assert stranger.get(f"/assets/{asset.pk}/").status_code == 404
