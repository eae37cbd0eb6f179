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
from parcels.selectors.family import family_of
from tests.authority.builders import make_custodian, make_user
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


def test_a_family_of_three_generations_is_told_with_dates_and_acts() -> None:
    grown = waiting()
    services.accept_edit(by=keeper(), at=clock.now(), proposal=grown)
    old, piece = grown.shapes.get(position=0).parcel, grown.shapes.get(position=1).made
    assert old is not None
    assert piece is not None
    versions = {piece.pk: Parcel.objects.get(pk=piece.pk).row_version}
    again = Asked.of(kind="CUT", parcels=[piece.pk], side="N", areas=["500"])
    more = services.propose_edit(
        by=keeper(), at=clock.now(), asked=again, on=dt.date(2025, 7, 1), basis="محضر 8", versions=versions
    )
    services.accept_edit(by=keeper(), at=clock.now(), proposal=more)
    child = more.shapes.get(position=1).made
    assert child is not None
    family = family_of(Parcel.objects.get(pk=old.pk), keeper())
    assert sorted(one.generation for one in family.relatives) == [0, 1, 1, 2, 2]
    assert [one.generation for one in family_of(child, keeper()).relatives] == [-2, -1, 0]
    page = signed_in(keeper()).get(f"/parcels/{old.pk}/?tab=history").content.decode()
    assert page.count("<rect") == 5
    assert "01/07/2025" in page


def test_an_undone_split_is_no_endless_family_and_a_relative_out_of_sight_is_not_named() -> None:
    edit = waiting()
    services.accept_edit(by=keeper(), at=clock.now(), proposal=edit)
    old = edit.shapes.get(position=0).parcel
    services.undo_edit(by=keeper(), at=clock.now(), proposal=edit, reason="خطأ")
    assert old is not None
    awqaf = make_custodian("awqaf")
    Parcel.objects.exclude(pk=old.pk).update(custodian=awqaf)
    only = make_user(Role.GIS_OFFICER, place=builders.a_governorate(), custodian=old.custodian)
    family = family_of(Parcel.objects.get(pk=old.pk), only)
    assert len(family.relatives) == 4
    assert [one.number for one in family.relatives if one.generation] == ["", "", ""]
    page = signed_in(only).get(f"/parcels/{old.pk}/?tab=history").content.decode()
    codes = Parcel.objects.exclude(pk=old.pk).values_list("parcel_code", flat=True)
    assert not any(code in page for code in codes)
