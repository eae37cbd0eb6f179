"""One box for everything: the page of results and the rows under the box."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from authority.models import Role
from search.typed import read
from tests.authority.builders import make_place, make_user
from tests.parcels import builders
from workspace.lists import search

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    made = Client()
    made.force_login(make_user(Role.PROPERTY_OFFICER, place=builders.a_governorate()))
    return made


def typed_words(text: str) -> Any:
    return read(text).words


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("typed", ["12/3", "١٢/٣", "قطعة 12/3 حوض الملقه", "١٢/٣ الملقة"])
def test_a_parcel_is_found_however_it_is_typed(client: Client, typed: str) -> None:
    parcel = builders.a_parcel(number="12/3")
    page = client.get("/search/", {"q": typed})
    assert f"/parcels/{parcel.pk}/" in page.content.decode()


def test_results_stay_within_the_jurisdiction() -> None:
    parcel = builders.a_parcel(number="12/3")
    stranger = Client()
    stranger.force_login(make_user(Role.PROPERTY_OFFICER, place=make_place("02")))
    assert str(parcel.pk) not in stranger.get("/search/", {"q": "12/3"}).content.decode()


def test_nothing_found_says_what_to_try(client: Client) -> None:
    assert "لا نتائج لهذه الكلمات" in text_of(client.get("/search/", {"q": "ظظظظ"}))


def test_an_empty_box_explains_itself(client: Client) -> None:
    assert "ابحث بالرقم أو الحوض" in text_of(client.get("/search/"))


def test_typing_gets_rows_only_not_a_page(client: Client) -> None:
    builders.a_parcel(number="12/3")
    rows = client.get("/search/", {"q": "12/3"}, headers={"HX-Request": "true"}).content.decode()
    assert 'role="option"' in rows
    assert "<html" not in rows


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "\u202e12/3", "%00", "'; drop table x; --", "x" * 5000]
)
def test_whatever_is_typed_is_shown_as_text(client: Client, hostile: str) -> None:
    page = client.get("/search/", {"q": hostile})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize(
    ("title", "typed", "marked"),
    [
        ("القطعة 12/3", "12/3", ["12/3"]),
        ("حوض الملقة 8", "الملقه", ["الملقة"]),
        ("محمد عبد الله", "محم", ["محمد"]),
        ("القطعة 13", "12/3", []),
    ],
)
def test_what_was_typed_is_marked_in_the_title(title: str, typed: str, marked: list[str]) -> None:
    shown = search.marked(title, typed_words(typed))
    assert re.findall("<mark>(.*?)</mark>", shown) == marked


def test_marking_never_lets_markup_through() -> None:
    assert "<b>" not in search.marked("<b>12/3</b>", typed_words("12/3"))


def test_a_national_number_is_not_looked_up_and_the_page_says_so(client: Client) -> None:
    assert "لا يُبحث بالرقم القومي" in text_of(client.get("/search/", {"q": "20001010100014"}))


def test_what_was_found_can_be_carried_away(client: Client) -> None:
    parcel = builders.a_parcel(number="12/3")
    page = client.get("/search/", {"q": "12/3"}).content.decode()
    address = re.search(r'href="(/exports/\?[^"]+)"', page)
    assert address is not None
    assert str(parcel.pk) in address[1]
    assert client.get(address[1].replace("&amp;", "&")).status_code == 200
