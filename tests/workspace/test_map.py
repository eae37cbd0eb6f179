"""The map page: who may open it, what its list and card say, whose land they show."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from authority.models import Role, User
from authority.refusal import Invalid
from search import outline
from tests.authority.builders import make_custodian, make_user
from tests.tiles.builders import make_hod, plant
from workspace.map import results

pytestmark = pytest.mark.django_db


def officer(hod: Any, role: str = Role.PROPERTY_OFFICER) -> User:
    return make_user(role, place=hod.parent.parent.parent)


def asking(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def settings_of(client: Client) -> dict[str, Any]:
    body = client.get("/map/").content.decode()
    found = re.search(r'<script id="map-page" type="application/json">(.*?)</script>', body, re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize("path", ["/", "/map/"])
def test_the_map_is_the_first_page(path: str) -> None:
    answer = asking(officer(make_hod())).get(path)
    assert answer.status_code == 200
    assert b"data-map-page" in answer.content


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.ADMIN])
@pytest.mark.parametrize("path", ["/map/", "/map/results/"])
def test_who_does_not_read_the_register_does_not_open_it(role: str, path: str) -> None:
    assert asking(make_user(role, place=make_hod())).get(path).status_code == 403


def test_the_map_begins_where_ones_land_is() -> None:
    here = make_hod("19010101001", lon=32.2, lat=30.5)
    there = make_hod("02010101001", lon=29.9, lat=31.1)
    plant(here, 1)
    plant(there, 1)
    west, south, east, north = map(float, settings_of(asking(officer(here)))["bounds"].split(","))
    assert (west, south) == pytest.approx((32.2, 30.5))
    assert (east, north) == pytest.approx((32.22, 30.52))


def test_the_views_count_ones_own_land() -> None:
    here, there = make_hod("19010101001"), make_hod("02010101001")
    plant(here, 3, status="ENCROACHED")
    plant(here, 2)
    plant(there, 7)
    views = {v["code"]: v["count"] for v in asking(officer(here)).get("/map/").context["views"]}
    assert views == {"": 5, "ENCROACHED": 3, "REGULARIZING": 0, "DISPUTED": 0, "FREE": 2}


def listed(user: User, query: str = "") -> Any:
    answer = asking(user).get(f"/map/results/?{query}")
    assert answer.status_code == 200, answer.content[:300]
    return answer


def ids(answer: Any) -> set[str]:
    return set(re.findall(r'data-id="([0-9a-f-]{36})"', answer.content.decode()))


def test_the_list_holds_what_the_jurisdiction_holds() -> None:
    here, there = make_hod("19010101001"), make_hod("02010101001")
    own = plant(here, 3)
    plant(there, 2)
    plant(here, 2, custodian=make_custodian("awqaf"))
    user = make_user(Role.SURVEYOR, place=here.parent, custodian=make_custodian())
    assert ids(listed(user)) == {str(parcel.pk) for parcel in own}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("status=ENCROACHED", 2),
        ("status=ENCROACHED&status=FREE", 5),
        ("q=1/3", 2),
        ("q=١/٣", 2),
        ("q=nothing", 0),
        ("place=1901", 5),
    ],
)
def test_filters_narrow_the_list(query: str, wanted: int) -> None:
    hod = make_hod()
    plant(hod, 3)
    plant(hod, 2, status="ENCROACHED")
    assert len(ids(listed(officer(hod), query))) == wanted


def test_a_drawn_outline_narrows_the_list() -> None:
    hod = make_hod()
    parcels = plant(hod, 4)
    west, south, _east, _north = hod.geom.extent
    edge = west + 0.0005 * 1.5
    ring = ",".join(
        f"{x:.8f} {y:.8f}"
        for x, y in ((west, south), (edge, south), (edge, south + 0.001), (west, south + 0.001), (west, south))
    )
    assert ids(listed(officer(hod), f"within=POLYGON(({ring}))")) == {str(p.pk) for p in parcels[:2]}


FAULTY = [
    "POLYGON((30 31,30 31))", "POINT(30 31)", "SRID=2;POLYGON((0 0,1 0,1 1,0 0))", "POLYGON((0 0,1 1,1 0,0 1,0 0))",
    "POLYGON((0 0,900 0,1 1,0 0))", "POLYGON((0 0,1 0,nan 1,0 0))", "POLYGON((0 0,1 0,1 1,0 0))'; DROP", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("text", FAULTY)
def test_an_outline_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        outline.read(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_outline_reader(text: str) -> None:
    with pytest.raises(Invalid):
        outline.read(text)


def test_the_list_goes_on_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "PAGE", 3)
    hod = make_hod()
    parcels, user, seen, after = plant(hod, 8), officer(hod), set[str](), ""
    for _turn in range(3):
        page = results.page(user, QueryDict(f"after={after}"))
        seen |= {str(row["version"].parcel_id) for row in page.rows}
        after = page.following
    assert seen == {str(p.pk) for p in parcels}
    assert after == ""


@pytest.mark.parametrize("text", ["", "x", "-1", "١٢", "99999999", "1e3"])
def test_a_page_that_is_none_is_the_first(text: str) -> None:
    assert results.start(text) == 0


def test_the_card_says_what_the_parcel_is() -> None:
    hod = make_hod()
    (parcel,) = plant(hod, 1, status="LEASED")
    answer = asking(officer(hod)).get(f"/parcels/{parcel.pk}/card/")
    body = answer.content.decode()
    assert answer.status_code == 200
    for text in (parcel.parcel_code, "st-leased", f'href="/parcels/{parcel.pk}/"', 'data-bounds="32.2'):
        assert text in body


def test_a_card_out_of_sight_answers_like_one_that_is_not_there() -> None:
    here, there = make_hod("19010101001"), make_hod("02010101001")
    (foreign,) = plant(there, 1)
    client = asking(officer(here))
    assert {client.get(f"/parcels/{key}/card/").status_code for key in (foreign.pk, uuid.uuid4())} == {404}


def test_the_card_of_an_earlier_day_says_so() -> None:
    hod = make_hod()
    (parcel,) = plant(hod, 1)
    body = asking(officer(hod)).get(f"/parcels/{parcel.pk}/card/?on=2021-05-01").content.decode()
    assert "01/05/2021" in body
