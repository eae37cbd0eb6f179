"""`/api/v1/parties/`."""

from typing import Any

import pytest
from django.test import Client

from authority.models import Role
from parties.models import Party
from tests.authority.builders import ALEXANDRIA, ISMAILIA, make_place, make_user
from tests.parties.builders import MAN, make_party

pytestmark = pytest.mark.django_db
NEW = {"name_ar": "محمد", "governorate": ISMAILIA, "national_id": MAN, "phone": "٠١٠١٢٣٤٥٦٧٨"}


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user(Role.FRONT_DESK))
    return client


def send(client: Client, address: str, body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def test_a_party_is_entered_and_shown_with_its_number_masked(desk: Client) -> None:
    answer = send(desk, "/api/v1/parties/", NEW)
    assert answer.status_code == 201
    shown = desk.get(answer["Location"]).json()
    assert shown["national_id"] == "2********00014"
    assert answer.json()["warnings"] == []
    listed = desk.get("/api/v1/parties/?name=محمد")
    assert [party["id"] for party in listed.json()["results"]] == [shown["id"]]
    assert MAN not in listed.content.decode()


def test_the_number_is_looked_up_in_the_body_and_revealed_for_a_reason(desk: Client) -> None:
    party = make_party(national_id_text=MAN)
    assert send(desk, "/api/v1/parties/lookup/", {"national_id": MAN}).json()["id"] == str(party.pk)
    answer = send(desk, f"/api/v1/parties/{party.pk}/reveal/", {"reason": "تحرير عقد الإيجار"})
    assert answer.json() == {"national_id": MAN}
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "00000000-0000-0000-0000-000000000000"}, "invalid"),
        ({"national_id_mask": "x"}, "invalid"),
        ({"invented": True}, "invalid"),
        ({"name_ar": "a\u0000b"}, "bad_text"),
        ({"name_ar": None}, "invalid"),
        ({"name_ar": ["x"]}, "invalid"),
        ({"national_id": "123"}, "bad_national_id"),
        ({"phone": "123"}, "bad_phone"),
        ({"governorate": "19; DROP"}, "invalid"),
    ],
)
def test_what_may_not_be_sent_is_refused(desk: Client, changes: dict[str, Any], code: str) -> None:
    answer = send(desk, "/api/v1/parties/", NEW | changes)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Party.objects.exists()


@pytest.mark.parametrize("body", ["[]", "3", '"x"', "null", "{", '{"name_ar": "\\ud800"}'])
def test_a_body_that_is_no_party_is_refused(desk: Client, body: str) -> None:
    assert send(desk, "/api/v1/parties/", body).status_code == 400


def test_a_second_party_with_the_number_is_a_conflict(desk: Client) -> None:
    send(desk, "/api/v1/parties/", NEW)
    answer = send(desk, "/api/v1/parties/", NEW)
    assert (answer.status_code, answer.json()["code"]) == (409, "party_known")
    assert MAN not in answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_and_enters_only_what_it_may(client: Client, role: Role) -> None:
    party = make_party()
    client.force_login(make_user(role))
    reads = role not in {Role.CITIZEN, Role.SYSTEM, Role.ADMIN}
    assert client.get(f"/api/v1/parties/{party.pk}/").status_code == (200 if reads else 404)
    assert len(client.get("/api/v1/parties/").json()["results"]) == int(reads)
    client.force_login(make_user(role, place=make_place(ALEXANDRIA)))
    assert client.get(f"/api/v1/parties/{party.pk}/").status_code == 404
    assert send(client, "/api/v1/parties/", NEW).status_code == 403
