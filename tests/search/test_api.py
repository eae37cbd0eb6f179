"""`GET /api/v1/search/`."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from authority.models import Role
from tests.authority.builders import make_place, make_user
from tests.parcels import builders as land

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/search/"


def client_of(role: str = Role.PROPERTY_OFFICER, code: str = "19") -> Client:
    client = Client()
    client.force_login(make_user(role, place=make_place(code)))
    return client


def groups(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200
    return {group["kind"]: group for group in answer.json()["groups"]}


def test_a_program_finds_a_parcel_in_another_spelling_with_its_count_and_area() -> None:
    parcel = land.a_parcel(number="12/3")
    group = groups(client_of().get(ADDRESS, {"q": "قطعه ١٢/٣ حوض الملقه"}))["parcel"]
    assert (group["count"], group["more"], group["next"]) == (1, False, None)
    hit = group["results"][0]
    assert (hit["id"], hit["url"]) == (str(parcel.pk), f"/api/v1/parcels/{parcel.pk}/")
    assert float(group["area_m2"]) == float(hit["area_m2"])
    assert 32 < hit["lon"] < 33


def test_pages_follow_one_another_without_gap() -> None:
    for number in range(1, 46):
        land.a_parcel(number=str(number))
    client, seen, address = client_of(), [], f"{ADDRESS}?q=الملقة&kind=parcel"
    while address:
        group = groups(client.get(address))["parcel"]
        seen += [hit["title"].split()[-1] for hit in group["results"]]
        address = group["next"]
    assert seen == [str(number) for number in range(1, 46)]
    assert group["count"] == 45


def test_coordinates_are_answered_with_every_reading() -> None:
    answer = client_of().get(ADDRESS, {"q": "637570.862 814926.671"}).json()
    assert [one["epsg"] for one in answer["readings"]] == [22992, 22994]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"page": "0"}, "bad_parameter"),
        ({"page": "51"}, "bad_parameter"),
        ({"page": "x"}, "bad_parameter"),
        ({"kind": "secret"}, "bad_parameter"),
        ({"q": "a\x00b"}, "bad_text"),
        ({"polygon": "POLYGON((0 0,1 1,1 0,0 1,0 0))"}, "outline_unreadable"),
        ({"order": "id"}, "unknown_parameter"),
    ],
)
def test_a_wrong_question_is_refused_with_its_code(query: dict[str, str], code: str) -> None:
    answer = client_of().get(ADDRESS, query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "'; DROP TABLE search_searchentry; --", "\\' | :* & !(", "()", "%", "ـ"]
)
def test_hostile_words_are_only_words(text: str) -> None:
    assert client_of().get(ADDRESS, {"q": text}).status_code in (200, 414)


@pytest.mark.parametrize(("client", "status"), [(Client(), 401), (None, 403)])
def test_only_staff_searches(client: Client | None, status: int) -> None:
    assert (client or client_of(Role.CITIZEN)).get(ADDRESS, {"q": "12"}).status_code == status
