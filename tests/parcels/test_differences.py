"""What differs between two moments: by the list, by the map, by an export."""

from __future__ import annotations

import datetime as dt
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import Client
from rest_framework.test import APIClient

from authority import clock
from authority.models import Role, User
from authority.moments import end_of, moment
from parcels import services
from parcels.differences import compared
from parcels.models import Parcel
from tests.authority.builders import make_custodian, make_place, make_user
from tests.parcels import builders, past
from tests.tiles.test_views import tile_at

pytestmark = pytest.mark.django_db
SINCE, UNTIL = dt.date(2021, 1, 1), dt.date(2024, 1, 1)


@pytest.fixture
def reader() -> User:
    return make_user(Role.PROPERTY_OFFICER, place=builders.a_governorate())


def changed(parcel: Parcel, **said: Any) -> Parcel:
    services.new_version(
        by=builders.a_keeper(), at=clock.now(), parcel=parcel, on=dt.date(2022, 1, 1), basis="قرار", **said
    )
    return parcel


def of(parcel: Parcel) -> str:
    rows = compared(moment(SINCE), moment(UNTIL)).filter(parcel=parcel)
    return " ".join(row.changes.strip() for row in rows)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ({"boundary": builders.a_boundary(0, 7000, width=100.5)}, "GEOMETRY AREA"),
        ({"custodian": "awqaf"}, "CUSTODIAN"),
        ({"number": "77"}, "OTHER"),
        ({"facts": {"land_use": "RESIDENTIAL"}}, "OTHER"),
        ({"facts": {"deed_area_m2": "4999", "governing_area": "DEED"}}, "AREA"),
        ({"facts": {"boundary_n": "طريق"}}, ""),
    ],
)
def test_each_way_to_differ_is_named(said: dict[str, Any], changes: str) -> None:
    parcel = builders.a_parcel(boundary=builders.a_boundary(0, 7000))
    if "custodian" in said:
        said = {"custodian": make_custodian(said["custodian"])}
    assert of(changed(parcel, **said)) == changes


def test_what_never_changed_is_left_out() -> None:
    assert of(builders.a_parcel()) == ""


def test_what_was_registered_in_between_is_new() -> None:
    assert of(builders.a_parcel(legal_from=dt.date(2022, 5, 1))) == "NEW"


def test_what_a_judgment_struck_has_ended_and_shows_what_it_was() -> None:
    parcel = builders.a_parcel()
    services.strike_by_judgment(
        by=builders.a_keeper(), at=clock.now(), parcel=parcel, on=dt.date(2023, 1, 1), basis="حكم"
    )
    (row,) = compared(moment(SINCE), moment(UNTIL)).filter(parcel=parcel)
    told: Any = row
    assert (told.changes.split(), told.ended, told.was_status, told.shown_status) == (["ENDED"], True, "FREE", "")


def test_a_status_that_changed_without_a_version_is_seen() -> None:
    parcel = builders.a_parcel()
    builders.a_holding(parcel, start=dt.date(2022, 1, 1))
    (row,) = compared(moment(SINCE), moment(UNTIL)).filter(parcel=parcel)
    told: Any = row
    assert (told.changes.strip(), told.was_status, told.shown_status) == ("STATUS", "FREE", "LEASED")


def test_the_same_day_differs_by_what_was_registered_late() -> None:
    parcel = past.a_late_decree()
    then = moment(past.ASKED, end_of(past.ASKED))
    (row,) = compared(then, moment(past.ASKED)).filter(parcel=parcel)
    told: Any = row
    assert told.changes.split() == ["GEOMETRY", "CUSTODIAN", "STATUS", "AREA", "OTHER"]
    assert not compared(then, then).filter(parcel=parcel).exists()
    assert not compared(moment(past.ASKED), moment(past.ASKED)).filter(parcel=parcel).exists()


def ask(user: User, **query: str) -> Any:
    who = APIClient()
    who.force_authenticate(user)
    return who.get("/api/v1/parcels/changes/", query)


def test_programs_read_before_and_after(reader: User) -> None:
    parcel = past.a_late_decree()
    (row,) = ask(reader, since="2019-05-01", as_of="2019-07-01", place="19").json()["results"]
    assert row["parcel"] == str(parcel.pk)
    assert (row["before"]["number"], row["after"]["number"]) == (past.BEFORE, past.AFTER)
    assert (row["before"]["custodian"], row["after"]["custodian"]) == ("governorate", "awqaf")
    assert (row["before"]["status"], row["after"]["status"]) == ("FREE", "LEASED")
    book = {"since": "2019-05-01", "as_of": "2019-07-01", "known_at": "2019-07-01", "place": "19"}
    assert ask(reader, **book).json()["results"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"place": "19"}, "since_missing"),
        ({"since": "2020-01-01"}, "extent_missing"),
        ({"since": "2999-01-01", "place": "19"}, "day_in_future"),
        ({"since": "x", "place": "19"}, "bad_parameter"),
        ({"since": "2020-01-01", "place": "19", "change": "NICE"}, "bad_parameter"),
        ({"since": "2020-01-01", "bbox": "1,2"}, "bad_parameter"),
    ],
)
def test_what_cannot_be_compared_is_refused(reader: User, query: dict[str, str], code: str) -> None:
    answer = ask(reader, **query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_differences_are_seen_within_the_jurisdiction() -> None:
    past.a_late_decree()
    stranger = make_user(Role.PROPERTY_OFFICER, place=make_place("02"))
    assert ask(stranger, since="2019-05-01", place="19").json()["results"] == []


def test_the_map_draws_what_differs(reader: User) -> None:
    parcel = past.a_late_decree()
    builders.a_parcel(boundary=builders.a_boundary(200, 3000), legal_from=dt.date(2010, 1, 1))
    lon, lat = parcel.versions.filter(in_book=True).latest("legal_range").geom.centroid.coords
    client = Client()
    client.force_login(reader)
    where = f"/tiles/differences/{tile_at(15, lon, lat)}.mvt"
    answer = client.get(where, {"since": "2019-05-01", "on": "2019-07-01"})
    assert answer.status_code == 200, answer.content
    (feature,) = mapbox_vector_tile.decode(answer.content)["differences"]["features"]
    assert (feature["properties"]["change"], feature["properties"]["id"]) == ("GEOMETRY", str(parcel.pk))
    assert client.get(where).status_code == 400
