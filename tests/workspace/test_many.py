"""Acts on many parcels in pages, and filters that are kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from authority.models import Office, Role
from parcels.models import BulkAct, Parcel
from parcels.services import many
from search.models import SavedFilter
from tests.authority.builders import make_office, make_user
from tests.parcels import builders
from tests.workspace.test_book import signed_in

pytestmark = pytest.mark.django_db


def in_office(office: Office) -> Client:
    client = Client()
    client.force_login(make_user(Role.PROPERTY_OFFICER, office=office))
    return client


def sent(data: dict[str, Any], client: Client | None = None) -> Any:
    said = {"act": "FACTS", "land_use": "AGRI_OLD", "on": "01/07/2024", "basis": "حصر"}
    return (client or signed_in()).post("/parcels/bulk/new/", said | data)


def test_ticked_parcels_are_prepared_and_another_officer_carries_them_out() -> None:
    parcels = [builders.a_parcel(land_use="VACANT") for _ in range(2)]
    first = signed_in()
    assert sent({"item": [str(one.pk) for one in parcels]}, first).status_code == 302
    act = BulkAct.objects.get()
    page = first.get(f"/parcels/bulk/{act.pk}/").content.decode()
    assert "disabled" in page
    assert first.post(f"/parcels/bulk/{act.pk}/decide/", {"decision": "carry"}).status_code == 403
    second = signed_in(Role.GIS_OFFICER)
    assert second.post(f"/parcels/bulk/{act.pk}/decide/", {"decision": "carry"}).status_code == 302
    many.write_bulk_act(act.pk, at=act.prepared_at)
    assert set(Parcel.objects.values_list("versions__land_use", flat=True)) == {"VACANT", "AGRI_OLD"}


def test_all_that_a_filter_finds_is_taken_and_only_that() -> None:
    near, far = builders.a_parcel(land_use="VACANT"), builders.a_parcel(land_use="INDUSTRIAL")
    assert sent({"all": "1", "query": "land_use=VACANT"}).status_code == 302
    assert list(BulkAct.objects.get().rows.values_list("parcel_id", flat=True)) == [near.pk]
    assert far.pk != near.pk


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"item": []}, 400),
        ({"item": ["x"]}, 400),
        ({"item": ["\x00"]}, 400),
        ({"item": ["00000000-0000-0000-0000-000000000000"]}, 404),
        ({"all": "1", "query": "on=2020-01-01"}, 400),
        ({"all": "1", "land_use": ""}, 400),
        ({"all": "1", "on": "32/01/2024"}, 400),
        ({"all": "1", "act": "CUSTODY"}, 400),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_nothing_is_prepared(wrong: dict[str, Any], status: int) -> None:
    builders.a_parcel(land_use="VACANT")
    assert sent(wrong).status_code == status
    assert not BulkAct.objects.exists()


def test_what_was_left_out_is_listed_with_its_reason() -> None:
    builders.a_parcel(land_use="VACANT")
    builders.a_parcel(land_use="AGRI_OLD")
    client = signed_in()
    sent({"all": "1"}, client)
    page = client.get(f"/parcels/bulk/{BulkAct.objects.get().pk}/?rows=left_out").content.decode()
    assert "The book says so already." in page


def test_a_filter_is_kept_for_oneself_and_opened_again() -> None:
    client = signed_in()
    answer = client.post("/saved-filters/", {"page": "parcels", "name": "أرض خالية", "query": "status=FREE&page=3"})
    assert answer["Location"] == "/parcels/?status=FREE"
    assert "أرض خالية" in client.get("/parcels/").content.decode()
    assert "أرض خالية" not in signed_in().get("/parcels/").content.decode()


def test_a_filter_shared_with_the_office_is_seen_there_and_closed_only_by_who_kept_it() -> None:
    office = make_office(builders.a_governorate())
    owner, colleague = in_office(office), in_office(office)
    owner.post(
        "/saved-filters/", {"page": "parcels", "name": "متعثرة", "query": "status=LEASED", "office": office.code}
    )
    saved = SavedFilter.objects.get()
    assert "متعثرة" in colleague.get("/parcels/").content.decode()
    assert colleague.post(f"/saved-filters/{saved.pk}/close/").status_code == 403
    assert owner.post(f"/saved-filters/{saved.pk}/close/").status_code == 302
    assert "متعثرة" not in colleague.get("/parcels/").content.decode()
    assert SavedFilter.objects.get().closed_at is not None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"query": "?"}, "filter_empty"),
        ({"query": "page=2"}, "filter_empty"),
        ({"query": "q=" + "x" * 3000}, "filter_long"),
        ({"name": "  "}, None),
        ({"name": "أرض"}, "filter_name_taken"),
        ({"page": "map"}, None),
        ({"office": "elsewhere"}, None),
    ],
)
def test_a_filter_that_cannot_be_kept_is_refused(wrong: dict[str, Any], code: str | None) -> None:
    client = signed_in()
    given = {"page": "parcels", "name": "أرض", "query": "status=FREE"}
    url = "/api/v1/saved-filters/"
    assert client.post(url, given, content_type="application/json").status_code == 201
    answer = client.post(url, given | {"name": "أخرى"} | wrong, content_type="application/json")
    assert answer.status_code in (400, 404, 409, 422)
    assert code in (None, answer.json()["code"])
    assert SavedFilter.objects.count() == 1
