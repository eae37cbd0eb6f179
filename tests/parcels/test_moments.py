"""The two questions about the past: how they are read, and what programs and tiles are told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import mapbox_vector_tile
import pytest
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.expressions import RawSQL
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from authority import clock, moments
from authority.models import Role, User
from authority.refusal import Invalid
from parcels import findable_past
from parcels.models import ParcelVersion
from search import registry, selectors
from tests.authority.builders import make_place, make_user
from tests.parcels import builders, past
from tests.search.builders import a_party
from tests.tiles.test_views import tile_at


@pytest.mark.parametrize(
    ("typed", "on", "known"),
    [
        ({}, None, None),
        ({"on": "01/07/2019"}, "2019-07-01", None),
        ({"on": "٠١/٠٧/٢٠١٩", "known": " 2019-07-02 "}, "2019-07-01", "2019-07-02"),
        ({"on": "2019-07-01", "ask": "book"}, "2019-07-01", "2019-07-01"),
        ({"on": "2019-07-01", "ask": "truth"}, "2019-07-01", None),
        ({"known": "2019-07-01"}, None, "2019-07-01"),
    ],
)
def test_an_address_asks_one_of_the_two_questions(typed: dict[str, str], on: str | None, known: str | None) -> None:
    moment = moments.asked(typed)
    told = {name: day for name, day in (("on", on), ("known", known)) if day}
    assert (moment.query, moment.is_now) == (told, not told)
    assert moments.asked(moment.query).times == moment.times or moment.is_now


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("soon", "day_unreadable"),
        ("31/02/2019", "day_unreadable"),
        ("2019-07-01\x00", "day_unreadable"),
        ("01/01/2999", "day_in_future"),
        ("01/01/0019", "day_too_early"),
        ("31/12/1799", "day_too_early"),
    ],
)
@pytest.mark.parametrize("name", ["on", "known"])
def test_a_day_that_nobody_can_ask_for_is_refused_by_its_code(name: str, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        moments.asked({name: text})
    assert refused.value.code == code


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_day_or_a_refusal(text: str) -> None:
    for read in (moments.typed_day, moments.iso_day, moments.iso_book):
        try:
            read(text)
        except (Invalid, ValueError):
            continue


def test_the_book_of_a_day_is_read_to_its_last_instant_in_egypt() -> None:
    # 1 July has summer time: its last instant is 20:59:59 UTC
    assert moments.iso_book("2026-07-01") == dt.datetime(2026, 7, 1, 20, 59, 59, 999999, tzinfo=dt.UTC)
    assert moments.iso_book("2026-01-01") == dt.datetime(2026, 1, 1, 21, 59, 59, 999999, tzinfo=dt.UTC)
    assert clock.day_of(moments.iso_book("2026-07-01")) == dt.date(2026, 7, 1)


@pytest.fixture
def reader(db: None) -> User:
    return make_user(Role.PROPERTY_OFFICER, place=builders.a_governorate())


def shown(reader: User, query: str) -> tuple[str, str, str, str]:
    who = APIClient()
    who.force_authenticate(reader)
    answer = who.get(f"/api/v1/parcels/?{query}")
    assert answer.status_code == 200, answer.content
    (found,) = answer.json()["features"]
    said = found["properties"]
    return said["number"], said["custodian"], said["status"], said["land_use"]


OF_THEN = (past.BEFORE, "governorate", "FREE", "VACANT")
OF_LAW = (past.AFTER, "awqaf", "LEASED", "RESIDENTIAL")


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("as_of=2019-07-01", OF_LAW),
        ("as_of=2019-07-01&known_at=2019-07-01", OF_THEN),
        ("as_of=2019-07-01&known_at=2020-02-29", OF_THEN),
        ("as_of=2019-07-01&known_at=2020-03-01", OF_LAW),
        ("as_of=2019-05-31", OF_THEN),
        ("", OF_LAW),
    ],
)
def test_a_decree_registered_late_changes_what_was_true_and_not_what_the_register_said(
    reader: User, query: str, answer: tuple[str, ...]
) -> None:
    parcel = past.a_late_decree()
    assert shown(reader, query) == answer
    who = APIClient()
    who.force_authenticate(reader)
    assert who.get(f"/api/v1/parcels/{parcel.pk}/?{query}").json()["properties"]["number"] == answer[0]


def test_filters_of_a_past_day_ask_for_what_was_then(reader: User) -> None:
    past.a_late_decree()
    book = "as_of=2019-07-01&known_at=2019-07-01"
    assert shown(reader, f"{book}&status=FREE&custodian=governorate&number=12") == OF_THEN
    who = APIClient()
    who.force_authenticate(reader)
    assert who.get(f"/api/v1/parcels/?{book}&status=LEASED").json()["features"] == []


def test_the_past_is_seen_by_those_who_may_see_the_land_today(reader: User) -> None:
    past.a_late_decree()
    who = APIClient()
    who.force_authenticate(make_user(Role.PROPERTY_OFFICER, place=make_place("02")))
    assert who.get("/api/v1/parcels/?as_of=2019-07-01&known_at=2019-07-01").json()["features"] == []


def drawn(reader: User, **query: str) -> dict[str, Any]:
    version = ParcelVersion.objects.filter(in_book=True, geom__isnull=False).first()
    assert version
    client = Client()
    client.force_login(reader)
    lon, lat = version.geom.centroid.coords
    answer = client.get(f"/tiles/parcels/{tile_at(15, lon, lat)}.mvt", query)
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "private, no-cache"
    (feature,) = mapbox_vector_tile.decode(answer.content)["parcels"]["features"]
    corners = [x for x, _ in feature["geometry"]["coordinates"][0]]
    return {**feature["properties"], "wide": max(corners) - min(corners), "tag": answer["ETag"]}


def test_a_tile_answers_both_questions_with_the_outline_of_then(reader: User) -> None:
    past.a_late_decree()
    truth, book, today = drawn(reader, **past.TRUTH), drawn(reader, **past.BOOK), drawn(reader)
    assert [one["number"] for one in (truth, book, today)] == [past.AFTER, past.BEFORE, past.AFTER]
    assert [one["status"] for one in (truth, book)] == ["LEASED", "FREE"]
    assert truth["wide"] == pytest.approx(1.5 * book["wide"], rel=0.02)
    assert len({one["tag"] for one in (truth, book, today)}) == 3


@pytest.mark.parametrize("query", ["on=2999-01-01", "known=2999-01-01", "known=0019-01-01", "known=nonsense"])
def test_a_tile_of_no_day_is_refused(reader: User, query: str) -> None:
    client = Client()
    client.force_login(reader)
    assert client.get(f"/tiles/parcels/{tile_at(17)}.mvt?{query}").status_code == 400


def searched(reader: User, **query: str) -> Any:
    who = APIClient()
    who.force_authenticate(reader)
    answer = who.get("/api/v1/search/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


LAW, REGISTER = {"as_of": "2019-07-01"}, {"as_of": "2019-07-01", "known_at": "2019-07-01"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": past.AFTER, **LAW}, [("LEASED", "القطعة 1200")]),
        ({"q": past.AFTER, **REGISTER}, []),
        ({"q": past.BEFORE, **LAW}, []),
        ({"q": past.BEFORE, **REGISTER}, [("FREE", "القطعة 12")]),
        ({"status": "FREE", "custodian": "governorate", "place": "19", **REGISTER}, [("FREE", "القطعة 12")]),
        ({"status": "FREE", **LAW}, []),
        ({"q": "الملقة", "use": "VACANT", **REGISTER}, [("FREE", "القطعة 12")]),
        ({"q": "قديم", **REGISTER}, [("FREE", "القطعة 12")]),
        ({"q": "جديد", **REGISTER}, []),
        ({"q": "شارع جديد", **LAW}, [("LEASED", "القطعة 1200")]),
        ({**REGISTER, "polygon": "POLYGON((29 30,30 30,30 31,29 31,29 30))"}, []),
    ],
)
def test_search_answers_both_questions(reader: User, query: dict[str, str], found: list[tuple[str, str]]) -> None:
    past.a_late_decree()
    groups = searched(reader, **query)["groups"]
    hits = [(hit["status"], hit["title"]) for group in groups for hit in group["results"]]
    assert hits == found
    assert [group["count"] for group in groups] == [1] * bool(found)


def test_search_finds_land_by_who_held_it_then(reader: User) -> None:
    parcel = past.a_late_decree()
    party = a_party(reader, "سيد عبد الرحيم القناوي")
    builders.a_holding(
        parcel, kind="ENCROACHMENT", start=past.DECREED, last_day=dt.date(2019, 12, 31), at=past.REGISTERED, party=party
    )
    assert searched(reader, q="القناوي", **LAW)["groups"]
    assert not searched(reader, q="القناوي", **REGISTER)["groups"]
    assert not [one for one in searched(reader, q="القناوي")["groups"] if one["kind"] == "parcel"]


def test_search_of_another_day_names_it_and_what_it_searches(reader: User) -> None:
    told = searched(reader, q="12", **REGISTER)["past"]
    assert (told["as_of"], told["kinds"]) == ("2019-07-01", ["parcel"])
    assert searched(reader, q="12")["past"] is None


def test_a_search_of_the_past_that_takes_too_long_is_refused(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def asleep(*_given: object) -> Any:
        return RawSQL("SELECT pg_sleep(5) IS NOT NULL", [])

    past.a_late_decree()
    monkeypatch.setattr(findable_past, "TIMEOUT", "50ms")
    monkeypatch.setattr(findable_past, "worded", lambda *_given: Q(ExpressionWrapper(asleep(), BooleanField())))
    who = APIClient()
    who.force_authenticate(reader)
    answer = who.get("/api/v1/search/", {"q": "12", **LAW})
    assert (answer.status_code, answer.json()["code"]) == (503, "past_search_too_slow")


@pytest.mark.parametrize("text", ["\x00", "'; --", "%_%", "١٢/٣ شارع", "-" * 300, "19-01-0004-008-0012"])
def test_whatever_is_searched_of_the_past_is_answered(reader: User, text: str) -> None:
    past.a_late_decree()
    asked = selectors.past(selectors.ask(reader, text), parcel_kind(), moments.moment(past.ASKED))
    assert asked.count in (0, 1)


def parcel_kind() -> Any:
    found = registry.find("parcel")
    assert found
    return found
