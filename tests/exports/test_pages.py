"""The page and the API of files: ask, follow, download; nobody sees another's."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from authority.models import Role, User
from exports.models import Export
from tests.authority.builders import make_place, make_user
from tests.parcels.builders import a_parcel
from tests.surveys.builders import work

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/exports/"


def officer(code: str = "19") -> User:
    return make_user(Role.PROPERTY_OFFICER, place=make_place(code))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_file_is_asked_for_on_the_page_written_by_a_worker_and_downloaded() -> None:
    a_parcel(number="12/3")
    client = client_of(officer())
    assert client.post("/exports/", {"layers": ["parcels"], "format": "geojson"}).status_code == 302
    assert "hx-get" in client.get("/exports/").content.decode()
    work()
    page = client.get("/exports/mine/")
    assert "hx-get" not in page.content.decode()
    address = re.search(r"/exports/[0-9a-f-]{36}/file/", page.content.decode())
    assert address is not None
    answer = client.get(address[0])
    assert answer["Content-Disposition"].startswith("attachment")
    assert "12/3" in content(answer).decode()


def test_the_filters_of_a_list_come_along_and_are_said() -> None:
    said = text_of(client_of(officer()).get("/exports/", {"layer": "parcels", "place": "19", "status": "FREE"}))
    assert "متاحة" in said


def test_a_wrong_request_says_why_and_keeps_what_was_chosen() -> None:
    answer = client_of(officer()).post("/exports/", {"layers": ["parcels"], "format": "dwg"})
    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in answer.content.decode()
    assert not Export.objects.exists()


def test_a_program_asks_follows_and_downloads() -> None:
    a_parcel(number="12/3")
    client = client_of(officer())
    asked = client.post(ADDRESS, {"layers": ["parcels"], "format": "gpkg", "srid": 22992}, "application/json")
    assert asked.status_code == 202
    address = asked["Location"]
    assert (asked.json()["state"], asked.json()["terminal"]) == ("queued", False)
    assert client.get(f"{address}file/").status_code in (404, 409)
    work()
    told = client.get(address).json()
    assert (told["state"], told["terminal"], told["rows"]) == ("ready", True, 1)
    assert content(client.get(told["file"]))[:6] == b"SQLite"


@pytest.mark.parametrize(
    "body",
    [
        {}, {"layers": [], "format": "gpkg"}, {"layers": ["secret"], "format": "gpkg"}, {"layers": "parcels"},
        {"layers": ["parcels"], "format": "gpkg", "srid": 3857}, {"layers": ["parcels"], "format": "gpkg", "srid": "x"},
        {"layers": ["parcels"], "format": "gpkg", "path": "/etc/passwd"},
        {"layers": ["parcels"], "format": "gpkg", "filters": {"place": "' OR 1=1"}},
        {"layers": ["parcels"], "format": "gpkg", "filters": {"nothing": "1"}},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_code(body: dict[str, Any]) -> None:
    answer = client_of(officer()).post(ADDRESS, body, "application/json")
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"]
    assert not Export.objects.exists()


def test_another_persons_file_is_not_there() -> None:
    a_parcel()
    mine = client_of(officer())
    address = mine.post(ADDRESS, {"layers": ["parcels"], "format": "geojson"}, "application/json")["Location"]
    work()
    colleague = client_of(officer())
    assert colleague.get(address).status_code == 404
    assert colleague.get(f"{address}file/").status_code == 404
    assert colleague.get(ADDRESS).json()["results"] == []


def test_the_page_is_whole_in_english() -> None:
    user = officer()
    User.objects.filter(pk=user.pk).update(language="en")
    page = client_of(User.objects.get(pk=user.pk)).get("/exports/").content.decode()
    main = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0])
    assert "Prepare the file" in main
    assert not re.search("[\u0621-\u064a]{3}", main)


@pytest.mark.parametrize(
    "query", ["ownership_class=STATE_PRIVATE", "area_from=0.5&area_to=2", "land_use=VACANT&status=FREE&place=19"]
)
def test_every_filter_of_the_list_can_be_carried_away(query: str) -> None:
    a_parcel(number="12/3")
    client = client_of(officer())
    form = {"layers": ["parcels"], "format": "geojson"} | dict(pair.split("=") for pair in query.split("&"))
    assert client.post("/exports/", form).status_code == 302
    work()
    assert Export.objects.get().rows == 1


def test_a_layer_that_the_selection_cannot_narrow_says_so_and_cannot_be_chosen() -> None:
    page = client_of(officer()).get("/exports/", {"layer": "cases", "status": "FREE"}).content.decode()
    box = re.search(r'<input[^>]*value="cases"[^>]*>', page)
    assert box is not None
    assert "disabled" in box[0]
    assert "لا تقبل التحديد بـ: الموقف" in re.sub(r"\s+", " ", page)


def test_an_expired_file_leads_to_the_same_choices_again() -> None:
    a_parcel()
    user = officer()
    client = client_of(user)
    client.post("/exports/", {"layers": ["parcels"], "format": "geojson", "status": "FREE"})
    work()
    Export.objects.update(state=Export.State.EXPIRED)
    page = client.get("/exports/mine/").content.decode()
    again = re.search(r'href="(/exports/\?[^"]+)"', page)
    assert again is not None
    form = client.get(html.unescape(again[1])).content.decode()
    assert re.search(r'value="geojson"[^>]*checked', form)
    assert 'name="status" value="FREE"' in form
    told = client.get(ADDRESS).json()["results"][0]
    assert (told["state"], told["terminal"], told["file"]) == ("expired", True, None)
