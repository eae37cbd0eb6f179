"""The register's API: GeoJSON, rights, ETags, refusals by code."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from authority import clock
from authority.models import Role, User
from parcels import services
from parcels.models import Asset, Parcel, ParcelVersion
from tests.authority.builders import make_custodian, make_place, make_user
from tests.parcels import builders

pytestmark = pytest.mark.django_db
PARCELS, ASSETS = "/api/v1/parcels/", "/api/v1/assets/"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[32.27, 30.59], [32.271, 30.59], [32.271, 30.591], [32.27, 30.591], [32.27, 30.59]]],
}


def client(user: User | None = None) -> APIClient:
    made = APIClient()
    made.force_authenticate(user or builders.a_keeper())
    return made


def body(**more: Any) -> dict[str, Any]:
    hod = builders.a_hod()
    return {
        "place": hod.code,
        "custodian": make_custodian().code,
        "number": "12/3",
        "legal_from": "2024-01-01",
        "geometry": SQUARE,
        **more,
    }


def test_nobody_reads_without_signing_in() -> None:
    assert APIClient().get(PARCELS).status_code == 401


def test_parcels_are_listed_as_geojson_with_eight_decimals() -> None:
    builders.a_parcel(number="12/3", deed_area_m2="9101.8056")
    answer = client().get(PARCELS).json()
    (feature,) = answer["features"]
    assert (answer["type"], feature["type"], feature["geometry"]["type"]) == (
        "FeatureCollection",
        "Feature",
        "MultiPolygon",
    )
    assert (feature["properties"]["number"], feature["properties"]["area_fqs"]) == ("12/3", "2f 4q 0s")
    numbers = [x for ring in feature["geometry"]["coordinates"][0] for point in ring for x in point]
    assert any(round(x, 7) != x for x in numbers)


def test_pages_follow_by_their_link_and_lose_nothing() -> None:
    wanted = {str(builders.a_parcel().pk) for _ in range(5)}
    who, url, seen = client(), f"{PARCELS}?page_size=2", []
    while url:
        page = who.get(url).json()
        seen += [feature["id"] for feature in page["features"]]
        url = page["next"]
    assert (len(seen), set(seen)) == (5, wanted)


def test_each_sees_only_the_own_jurisdiction() -> None:
    parcel = builders.a_parcel()
    stranger = client(make_user(Role.GIS_OFFICER, place=make_place("02")))
    assert stranger.get(PARCELS).json()["features"] == []
    assert stranger.get(f"{PARCELS}{parcel.pk}/").json()["code"] == "not_found"
    assert client(make_user(Role.CITIZEN)).get(PARCELS).json()["features"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("place=19", 1),
        ("place=02", 0),
        ("status=FREE", 1),
        ("status=LEASED", 0),
        ("number=١٢ / ٣", 1),
        ("number=13", 0),
        ("custodian=governorate", 1),
        ("use=VACANT", 1),
        ("bbox=32,30,33,31", 1),
        ("bbox=29,30,30,31", 0),
        ("as_of=2019-12-31", 0),
        ("as_of=2020-01-01", 1),
        ("known_at=2019-01-01T00:00:00Z", 0),
        ("known_at=2020-01-01", 0),
    ],
)
def test_lists_are_filtered(query: str, found: int) -> None:
    parcel = builders.a_parcel(number="12/3")
    services.new_version(
        by=builders.a_keeper(), at=clock.now(), parcel=parcel, on=dt.date(2024, 1, 1), facts={"street": "شارع"}
    )
    assert len(client().get(f"{PARCELS}?{query}").json()["features"]) == found


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("status=NICE", "bad_parameter"),
        ("bbox=1,2,3", "bad_parameter"),
        ("bbox=nan,0,1,1", "bad_parameter"),
        ("as_of=yesterday", "bad_parameter"),
        ("known_at=2020-01-01T00:00:00", "bad_parameter"),
        ("as_of=2999-01-01", "day_in_future"),
        ("known_at=2999-01-01", "day_in_future"),
        ("as_of=0019-07-01", "day_too_early"),
        ("place=1'; --", "bad_parameter"),
        ("colour=red", "unknown_parameter"),
        ("cursor=rubbish", "bad_cursor"),
    ],
)
def test_wrong_filters_are_refused_by_name(query: str, code: str) -> None:
    answer = client().get(f"{PARCELS}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_parcel_is_registered_read_and_changed_over_http() -> None:
    who = client()
    made = who.post(PARCELS, body(deed_area_m2="9101.8056"), format="json")
    assert made.status_code == 201, made.content
    url = made["Location"]
    read = who.get(url)
    assert read.json()["properties"]["code"] == made.json()["properties"]["code"]
    changed = who.patch(
        url,
        {"on": "2025-01-01", "land_use": "ROAD", "basis": "قرار 7"},
        format="json",
        headers={"If-Match": read["ETag"]},
    )
    assert (changed.status_code, changed.json()["properties"]["land_use"]) == (200, "ROAD")
    assert changed["ETag"] != read["ETag"]
    past = who.get(f"{url}?as_of=2024-06-01").json()
    assert past["properties"]["land_use"] == "VACANT"
    assert len(who.get(f"{url}history/").json()["results"]) == 3


def test_a_reader_who_has_it_gets_304() -> None:
    url, who = f"{PARCELS}{builders.a_parcel().pk}/", client()
    tag = who.get(url)["ETag"]
    assert who.get(url, headers={"If-None-Match": tag}).status_code == 304


def test_a_change_needs_the_version_it_was_made_from() -> None:
    url, who = f"{PARCELS}{builders.a_parcel().pk}/", client()
    change = {"on": "2025-01-01", "street": "شارع"}
    tag = who.get(url)["ETag"]
    assert who.patch(url, change, format="json").status_code == 428
    assert who.patch(url, change, format="json", headers={"If-Match": tag}).status_code == 200
    stale = [who.patch(url, change, format="json", headers={"If-Match": tag}).status_code for _ in range(10)]
    assert set(stale) == {412}
    assert ParcelVersion.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": None}, "field_missing"),
        ({"place": "99"}, "field_invalid"),
        ({"legal_from": "01/01/2024"}, "field_invalid"),
        ({"geometry": {"type": "Point", "coordinates": [32, 30]}}, "field_invalid"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[32, 30]]]}}, "field_invalid"),
        ({"geometry": {"type": "Polygon"}}, "field_invalid"),
        ({"geometry": 7}, "field_invalid"),
        ({"crs": "http://169.254.169.254/"}, "crs_unknown"),
        ({"colour": "red"}, "field_unknown"),
        ({"deed_area_m2": -5}, "area_too_small"),
        ({"deed_area_m2": "NaN"}, "fact_invalid"),
        ({"land_use": ["ROAD"]}, "fact_invalid"),
        ({"street": "a\u0000b"}, "bad_text"),
    ],
)
def test_what_cannot_be_registered_is_refused_by_its_field(change: dict[str, Any], code: str) -> None:
    answer = client().post(PARCELS, body(**change), format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Parcel.objects.exists()


def test_who_only_reads_may_not_write() -> None:
    auditor = client(make_user(Role.AUDITOR, place=builders.a_governorate()))
    assert auditor.post(PARCELS, body(), format="json").status_code == 403


def halves() -> list[dict[str, Any]]:
    return [
        {"number": f"12/{i + 1}", "crs": "EPSG:22992", "geometry": rectangle(i * 50), "survey_method": "GNSS_RTK"}
        for i in range(2)
    ]


def rectangle(x: float) -> dict[str, Any]:
    ring = builders.corners(x, 0, 50, 50)
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def test_a_parcel_is_split_and_merged_over_http() -> None:
    parcel, who = builders.a_parcel(boundary=builders.a_boundary()), client()
    url = f"{PARCELS}{parcel.pk}/"
    split = who.post(
        f"{url}split/",
        {"on": "2024-01-01", "parts": halves()},
        format="json",
        headers={"If-Match": who.get(url)["ETag"]},
    )
    assert split.status_code == 201, split.content
    made = [feature["id"] for feature in split.json()["features"]]
    assert {f["id"] for f in who.get(f"{PARCELS}{made[0]}/neighbours/").json()["features"]} == {made[1]}
    merged = who.post(f"{PARCELS}merge/", {"on": "2025-01-01", "number": "12", "parcels": made}, format="json")
    assert merged.status_code == 201, merged.content
    assert Decimal(merged.json()["properties"]["geom_area_m2"]) == 5000


def test_leased_land_is_not_split_over_http() -> None:
    parcel, who = builders.a_parcel(boundary=builders.a_boundary()), client()
    builders.a_holding(parcel)
    url = f"{PARCELS}{parcel.pk}/"
    answer = who.post(
        f"{url}split/",
        {"on": "2024-01-01", "parts": halves()},
        format="json",
        headers={"If-Match": who.get(url)["ETag"]},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "holding_stands")


def test_the_timeline_is_told_over_http() -> None:
    parcel = builders.a_parcel()
    builders.a_holding(parcel, reference="ع/2026/1")
    lanes = {entry["lane"] for entry in client().get(f"{PARCELS}{parcel.pk}/timeline/").json()}
    assert lanes >= {"versions", "holdings"}


def test_a_parcels_file_is_read_and_added_to_over_http() -> None:
    parcel, who = builders.a_parcel(), client()
    builders.a_holding(parcel, last_day=dt.date(2026, 12, 31), reference="ع/2026/1")
    url = f"{PARCELS}{parcel.pk}/"
    (held,) = who.get(f"{url}holdings/").json()["results"]
    assert (held["kind"], held["last_day"], held["reference"]) == ("LEASE", "2026-12-31", "ع/2026/1")
    assert who.post(f"{url}restrictions/", {"text": "حظر البناء"}, format="json").status_code == 201
    (row,) = who.get(f"{url}restrictions/").json()["results"]
    assert (row["text"], row["restricts"], row["layer"]) == ("حظر البناء", True, None)
    assert {one["state"] for one in who.post(f"{url}screening/").json()} == {"not_checked"}
    assert who.post(f"{url}restrictions/", {}, format="json").json()["code"] == "field_missing"


def test_assets_are_registered_listed_and_closed_over_http() -> None:
    who = client()
    hod, custodian = builders.a_hod(), make_custodian()
    given = {
        "kind": "KIOSK",
        "name_ar": "كشك",
        "place": hod.code,
        "custodian": custodian.code,
        "registered_on": "2024-01-01",
        "geometry": {"type": "Point", "coordinates": [32.27, 30.59]},
        "area_m2": "12.5",
    }
    made = who.post(ASSETS, given, format="json")
    assert made.status_code == 201, made.content
    (feature,) = who.get(f"{ASSETS}?kind=KIOSK&bbox=32,30,33,31").json()["features"]
    assert feature["properties"]["area_m2"] == "12.5000"
    url = made["Location"]
    closed = who.patch(url, {"closed_on": "2026-01-01"}, format="json", headers={"If-Match": who.get(url)["ETag"]})
    assert closed.status_code == 200, closed.content
    assert Asset.objects.get().closed_on == dt.date(2026, 1, 1)
