"""The parcel's sheet to carry away."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from authority.models import AuditEvent, Role
from tests.authority.builders import make_place, make_user
from tests.parcels import builders as land

pytestmark = pytest.mark.django_db


def client_of(code: str = "19") -> Client:
    client = Client()
    client.force_login(make_user(Role.PROPERTY_OFFICER, place=make_place(code)))
    return client


def sheet(client: Client, parcel: object, status: int = 200) -> str:
    answer = client.get(f"/parcels/{parcel.pk}/sheet/")
    assert answer.status_code == status
    return answer.content.decode()


def test_the_sheet_is_one_file_that_fetches_nothing() -> None:
    text = sheet(client_of(), land.a_parcel(number="12/3"))
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!#|data:)[^"']""", without_scripts(text))
    assert not re.findall(r"@import|url\((?!data:)", without_scripts(text))
    assert "L.geoJson" in text
    assert not re.findall(r"jsdelivr|cdnjs|unpkg|googleapis", text)


def without_scripts(text: str) -> str:
    return re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)


def test_the_sheet_shows_the_parcel_its_neighbours_its_areas_and_its_corners_with_their_system() -> None:
    parcel, neighbour = land.a_parcel(number="12/3"), land.a_parcel(number="987")
    text = sheet(client_of(), parcel)
    assert ">12/3<" in text
    assert neighbour.versions.get().geom.touches(parcel.versions.get().geom)
    assert re.search(r"987(?:<|\\u003c)/bdi", text)
    assert "5,000.00" in text
    assert "EPSG:22992" in text
    assert 'dir="rtl"' in text


def test_hostile_words_of_the_register_stay_words() -> None:
    parcel = land.a_parcel(number="12", boundary_n="{% debug %}{{ 7*7 }}<script>alert(1)</script>")
    text = sheet(client_of(), parcel)
    assert "<script>alert(1)" not in text
    assert "{{ 7*7 }}" in text


def test_a_stranger_gets_no_sheet_and_nothing_is_recorded() -> None:
    parcel = land.a_parcel()
    sheet(client_of("02"), parcel, status=404)
    assert not AuditEvent.objects.filter(action="workspace.sheet").exists()


def test_taking_a_sheet_is_recorded() -> None:
    sheet(client_of(), land.a_parcel())
    assert AuditEvent.objects.filter(action="workspace.sheet").count() == 1


def test_a_paper_parcel_has_no_sheet_and_says_so() -> None:
    answer = client_of().get(f"/parcels/{land.a_parcel(located=False).pk}/sheet/", headers={"Accept": "text/html"})
    assert answer.status_code == 404


def test_a_program_gets_the_same_sheet_by_the_same_rights() -> None:
    parcel = land.a_parcel(number="12/3")
    answer = client_of().get(f"/api/v1/parcels/{parcel.pk}/sheet/", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{parcel.parcel_code}.html"'
    assert "L.geoJson" in answer.content.decode()
    assert client_of("02").get(f"/api/v1/parcels/{parcel.pk}/sheet/").status_code == 404
    for day, code in (("yesterday", "day_unreadable"), ("9999-12-31", "day_in_future")):
        refused = client_of().get(f"/api/v1/parcels/{parcel.pk}/sheet/", {"known": day})
        assert (refused.status_code, refused.json()["code"]) == (400, code)
