"""The page of delegations and absences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from authority import clock
from authority.models import Absence, Delegation, Role, User
from tests.authority.builders import make_office, make_user

pytestmark = pytest.mark.django_db
PAGE = "/account/delegations/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def written(receiver: User, **said: Any) -> dict[str, Any]:
    """What the form sends."""
    day = clock.today().strftime("%d/%m/%Y")
    known = {
        "delegate": receiver.username, "kind": "DELEGATION", "role": Role.DISTRICT_HEAD, "starts_on": day,
        "ends_on": day, "decree": "قرار 9",
    }  # fmt: skip
    return known | said


def test_an_officer_lends_his_role_and_his_superior_confirms_on_the_page() -> None:
    office = make_office()
    head, delegate, governor = (
        make_user(role, office=office) for role in (Role.DISTRICT_HEAD, Role.LEGAL_OFFICER, Role.GOVERNOR)
    )
    answer = signed_in(head).post(PAGE, written(delegate))
    assert (answer.status_code, Delegation.objects.count()) == (302, 1)
    made = Delegation.objects.get()
    shown = signed_in(governor).get(PAGE).content.decode()
    assert f"{PAGE}{made.pk}/" in shown
    assert f"{PAGE}{made.pk}/" not in signed_in(make_user(Role.LEGAL_OFFICER)).get(PAGE).content.decode()
    assert signed_in(delegate).post(f"{PAGE}{made.pk}/", {"act": "confirm"}).status_code == 403
    assert signed_in(governor).post(f"{PAGE}{made.pk}/", {"act": "confirm"}).status_code == 302
    me = signed_in(delegate).get("/api/v1/me/").json()
    assert [(one["role"], one["decree"]) for one in me["mandates"]] == [("district_head", "قرار 9")]
    closed = signed_in(head).post(f"{PAGE}{made.pk}/", {"act": "close", "reason": "عاد إلى عمله"})
    assert closed.status_code == 302
    assert signed_in(delegate).get("/api/v1/me/").json()["mandates"] == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"delegate": "nobody"}, 400),
        ({"role": Role.GOVERNOR}, 400),  # not his
        ({"starts_on": "yesterday"}, 400),
        ({"kind": "GIFT"}, 400),
        ({"file_kinds": ["x"]}, 400),
        ({"decree": ""}, 400),
        ({"role": ""}, 400),
    ],
)
def test_what_cannot_be_lent_is_said_at_the_form_and_nothing_is_kept(said: dict[str, Any], status: int) -> None:
    head, delegate = make_user(Role.DISTRICT_HEAD), make_user(Role.LEGAL_OFFICER)
    answer = signed_in(head).post(PAGE, written(delegate, **said))
    assert (answer.status_code, Delegation.objects.count()) == (status, 0)
    assert "قرار 9" in answer.content.decode() or not said.get("decree", "x")


def test_an_administrator_enters_for_an_officer_he_keeps_and_for_no_other() -> None:
    office = make_office()
    head, delegate, admin = (
        make_user(role, office=office) for role in (Role.DISTRICT_HEAD, Role.LEGAL_OFFICER, Role.ADMIN)
    )
    assert signed_in(admin).post(PAGE, written(delegate, giver=head.username)).status_code == 302
    assert Delegation.objects.get().giver == head
    assert signed_in(admin).post(PAGE, written(delegate, giver="nobody")).status_code == 400


def test_an_absence_is_entered_and_ended_on_the_page() -> None:
    head, today = make_user(Role.DISTRICT_HEAD), clock.today()
    day = (today + dt.timedelta(days=1)).strftime("%d/%m/%Y")
    client = signed_in(head)
    sent = {"away_from": today.strftime("%d/%m/%Y"), "away_to": day, "why": "إجازة"}
    assert client.post("/account/absences/", sent).status_code == 302
    held = Absence.objects.get()
    assert "إجازة" in client.get(PAGE).content.decode()
    assert client.post("/account/absences/", sent).status_code == 409
    assert signed_in(make_user(Role.LEGAL_OFFICER)).post(f"/account/absences/{held.pk}/back/").status_code == 404
    assert client.post(f"/account/absences/{held.pk}/back/").status_code == 302
    assert Absence.objects.get().closed_on == today
