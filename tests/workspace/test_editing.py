"""Pages of edits of boundaries: the list, the page before and after, the second officer's word."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from authority import clock
from authority.models import Role, User
from parcels import services
from parcels.edit_asked import Asked
from parcels.models import EditProposal, Parcel
from tests.authority.builders import make_user
from tests.parcels import builders

pytestmark = pytest.mark.django_db


def keeper() -> User:
    return make_user(Role.GIS_OFFICER, place=builders.a_governorate())


def signed_in(user: User) -> Client:
    User.objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(user)
    return client


def waiting(by: User | None = None) -> EditProposal:
    parcel = builders.a_parcel(number="12", boundary=builders.a_boundary())
    versions = {parcel.pk: Parcel.objects.get(pk=parcel.pk).row_version}
    asked = Asked.of(kind="CUT", parcels=[parcel.pk], side="E", areas=["0-6-0"])
    return services.propose_edit(
        by=by or keeper(), at=clock.now(), asked=asked, on=dt.date(2024, 7, 1), basis="محضر 7", versions=versions
    )


def decide(client: Client, edit: EditProposal, decision: str, **more: object) -> str:
    sent = {"decision": decision, "row_version": edit.row_version, "reason": ""} | more
    return client.post(f"/edits/{edit.pk}/decide/", sent, follow=True).content.decode()


def test_an_edit_is_shown_before_and_after_with_its_areas() -> None:
    edit = waiting()
    client = signed_in(keeper())
    assert "محضر 7" in client.get("/edits/?state=PROPOSED").content.decode()
    page = client.get(f"/edits/{edit.pk}/").content.decode()
    assert page.count('class="was"') == 1
    assert page.count('class="new"') == 2
    assert "1,050.21" in page


def test_the_second_officer_accepts_and_the_first_may_undo() -> None:
    first, second = keeper(), keeper()
    edit = waiting(first)
    assert "Another officer than the one who proposed it accepts it." in decide(signed_in(first), edit, "accept")
    assert "the register has changed" in decide(signed_in(second), edit, "accept")
    edit.refresh_from_db()
    assert "the former boundaries stand again" in decide(signed_in(first), edit, "undo", reason="خطأ")
    edit.refresh_from_db()
    assert edit.state == "UNDONE"


@pytest.mark.parametrize(
    ("decision", "more", "said"),
    [
        ("refuse", {}, "Write the reason"),
        ("accept", {"row_version": "9"}, "a colleague changed this record before you"),
        ("accept", {"row_version": "x"}, "cannot be read"),
        ("accept", {"row_version": "٣"}, "cannot be read"),
        ("burn", {}, "cannot be read"),
    ],
)
def test_a_decision_that_cannot_stand_is_said_on_the_page(decision: str, more: dict[str, object], said: str) -> None:
    edit = waiting()
    assert said in decide(signed_in(keeper()), edit, decision, **more)
    edit.refresh_from_db()
    assert edit.state == "PROPOSED"


def test_only_keepers_of_the_book_get_the_editing_panel() -> None:
    builders.a_governorate()
    assert "data-editing" in signed_in(keeper()).get("/map/").content.decode()
    inspector = make_user(Role.INSPECTOR, place=builders.a_governorate())
    assert "data-editing" not in signed_in(inspector).get("/map/").content.decode()
