"""A removal order against a valid tenure or an open claim to title is impossible through any door (T-33, T-38)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from authority.models import Role
from authority.refusal import Conflict, Invalid, NotAllowed
from cases.models import Case
from cases.workflow import Act
from encroachments import guards, workflow
from encroachments.migrations import __path__ as migrations
from encroachments.models import Encroachment
from parcels.models import Parcel
from tests.cases import builders
from tests.encroachments import builders as encroachments
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
YEAR = dt.timedelta(days=365)


def let(parcel: Parcel, first: dt.date = TODAY - YEAR, last: dt.date = TODAY + YEAR) -> None:
    """Let a parcel by contract."""
    leases.active(parcel, first, last)


@pytest.mark.parametrize(
    ("made", "act", "role"),
    [
        (encroachments.confirmed, "draft_order", Role.LEGAL_OFFICER),
        (encroachments.drafted, "issue_order", Role.GOVERNOR),
        (encroachments.drafted, "issue_order", Role.SECRETARY_GENERAL),
        (encroachments.issued, "notify", Role.DISTRICT_HEAD),
        (encroachments.notified, "removed_by_occupant", Role.INSPECTOR),
    ],
)
def test_an_order_against_a_valid_lease_is_refused(made, act: str, role: str) -> None:
    encroachment = made()
    let(encroachment.case.parcel)
    with pytest.raises(Conflict) as refusal:
        encroachments.do(encroachment, act, role, facts={"legal_basis": "L43_1979_26"})
    assert refusal.value.code == "valid_tenure"
    assert refusal.value.params["path"] == "lease_breach"


def test_an_ended_lease_stands_in_no_orders_way() -> None:
    encroachment = encroachments.drafted()
    let(encroachment.case.parcel, TODAY - 2 * YEAR, TODAY - YEAR)
    assert encroachments.do(encroachment, "issue_order", Role.GOVERNOR).case.state == "ORDER_ISSUED"


@pytest.mark.parametrize("kind", guards.TENURES)
def test_every_kind_of_tenure_protects(kind: str) -> None:
    encroachment = encroachments.drafted()
    builders.hold(encroachment.case.parcel, kind)
    with pytest.raises(Conflict) as refusal:
        encroachments.do(encroachment, "issue_order", Role.GOVERNOR)
    assert refusal.value.code == "valid_tenure"


@pytest.mark.parametrize("act", ["review_title", "register_suit"])
def test_an_order_waits_while_a_title_is_claimed(act: str) -> None:
    encroachment = encroachments.do(encroachments.drafted(), act, Role.LEGAL_OFFICER)
    with pytest.raises(Conflict) as refusal:
        encroachments.do(encroachment, "issue_order", Role.GOVERNOR)
    assert refusal.value.code == "act_not_open"


@pytest.mark.parametrize("act", ["review_title", "register_suit"])
def test_an_order_waits_while_a_title_is_claimed_in_another_file_on_the_parcel(act: str) -> None:
    first = encroachments.drafted()
    other = encroachments.confirmed(first.case.parcel)
    encroachments.do(other, act, Role.LEGAL_OFFICER)
    with pytest.raises(Conflict) as refusal:
        encroachments.do(first, "issue_order", Role.GOVERNOR)
    assert refusal.value.code == "title_claim_open"


def issue_by_sql(encroachment: Encroachment, at: dt.datetime = builders.NOON) -> None:
    """Issue an order past every guard of the program."""
    builders.announce("issue_order", at)
    Case.objects.filter(pk=encroachment.case_id).update(state="ORDER_ISSUED", row_version=F("row_version") + 1)


def test_the_database_takes_a_lawful_order() -> None:
    issue_by_sql(encroachments.drafted())
    transaction.set_rollback(True)


@pytest.mark.parametrize("kind", guards.TENURES)
def test_the_database_refuses_an_order_against_every_valid_tenure(kind: str) -> None:
    encroachment = encroachments.drafted()
    builders.hold(encroachment.case.parcel, kind)
    with pytest.raises(IntegrityError, match="valid_tenure"), transaction.atomic():
        issue_by_sql(encroachment)


def test_backdating_does_not_get_an_order_past_todays_lease() -> None:
    encroachment = encroachments.drafted()
    let(encroachment.case.parcel)
    with pytest.raises(IntegrityError, match="valid_tenure"), transaction.atomic():
        issue_by_sql(encroachment, at=builders.NOON - 3 * YEAR)
    with pytest.raises(Conflict) as refusal:
        encroachments.do(encroachment, "issue_order", Role.GOVERNOR, at=builders.NOON - 3 * YEAR)
    assert refusal.value.code == "valid_tenure"


def test_the_database_refuses_an_order_while_a_title_is_claimed_on_the_parcel() -> None:
    first = encroachments.drafted()
    encroachments.do(encroachments.confirmed(first.case.parcel), "register_suit", Role.LEGAL_OFFICER)
    with pytest.raises(IntegrityError, match="title_claim_open"), transaction.atomic():
        issue_by_sql(first)


def test_a_disputed_parcel_refuses_an_order_in_the_database() -> None:
    first = encroachments.drafted()
    builders.hold(first.case.parcel, "DISPUTE")
    with pytest.raises(IntegrityError, match="title_claim_open"), transaction.atomic():
        issue_by_sql(first)


@pytest.mark.parametrize(("field", "value"), [("method", "PHONE"), ("method", "SKETCH"), ("legal_basis", "")])
def test_the_database_refuses_an_order_on_a_phones_measurement_or_without_a_basis(field: str, value: str) -> None:
    encroachment = encroachments.drafted()
    Encroachment.objects.filter(pk=encroachment.pk).update(**{field: value})
    with pytest.raises(IntegrityError, match="measurement_for_triage"), transaction.atomic():
        issue_by_sql(encroachment)


@pytest.mark.parametrize("method", ["PHONE", "SKETCH", "IMAGERY"])
def test_a_measurement_for_triage_carries_no_order(method: str) -> None:
    with pytest.raises(Conflict) as refusal:
        encroachments.drafted(method=method)
    assert refusal.value.code == "measurement_for_triage"


def test_a_surveyors_measurement_makes_up_for_a_phones() -> None:
    encroachment = encroachments.confirmed(method="PHONE")
    facts = {"geometry": encroachments.OVER_THE_EDGE, "method": "TOTAL_STATION"}
    encroachment = encroachments.do(encroachment, "measure_again", Role.SURVEYOR, facts=facts)
    encroachment = encroachments.do(encroachment, "draft_order", Role.LEGAL_OFFICER, facts={"legal_basis": "L53_1966"})
    assert (encroachment.case.state, encroachment.legal_basis) == ("ORDER_DRAFTED", "L53_1966")


def test_an_order_names_one_legal_basis() -> None:
    encroachment = encroachments.confirmed()
    with pytest.raises(Invalid) as refusal:
        encroachments.do(encroachment, "draft_order", Role.LEGAL_OFFICER, facts={})
    assert refusal.value.code == "basis_required"


def test_who_inspected_does_not_confirm() -> None:
    both = builders.person(Role.INSPECTOR, Role.DISTRICT_HEAD)
    facts = {"geometry": encroachments.OVER_THE_EDGE, "method": "GNSS_RTK"}
    encroachment = encroachments.do(encroachments.reported(), "inspect", Role.INSPECTOR, by=both, facts=facts)
    with pytest.raises(NotAllowed) as refusal:
        encroachments.do(encroachment, "confirm", Role.DISTRICT_HEAD, by=both)
    assert refusal.value.code == "maker_is_checker"


def test_who_drafts_does_not_sign() -> None:
    both = builders.person(Role.LEGAL_OFFICER, Role.SECRETARY_GENERAL)
    facts = {"legal_basis": "L43_1979_26"}
    encroachment = encroachments.do(encroachments.confirmed(), "draft_order", Role.LEGAL_OFFICER, by=both, facts=facts)
    with pytest.raises(NotAllowed):
        encroachments.do(encroachment, "issue_order", Role.SECRETARY_GENERAL, by=both)


def test_removal_at_once_is_for_works_in_progress_only() -> None:
    with pytest.raises(Conflict) as refusal:
        encroachments.do(encroachments.inspected(), "remove_at_once", Role.DISTRICT_HEAD)
    assert refusal.value.code == "works_finished"
    caught = encroachments.inspected(caught_in_progress=True)
    assert encroachments.do(caught, "remove_at_once", Role.DISTRICT_HEAD).case.state == "REMOVED"


def test_removal_at_once_spares_a_tenant() -> None:
    caught = encroachments.inspected(caught_in_progress=True)
    let(caught.case.parcel)
    with pytest.raises(Conflict) as refusal:
        encroachments.do(caught, "remove_at_once", Role.DISTRICT_HEAD)
    assert refusal.value.code == "valid_tenure"


def test_administrative_removal_waits_for_the_orders_period() -> None:
    encroachment = encroachments.notified()
    with pytest.raises(Conflict) as refusal:
        encroachments.do(encroachment, "remove", Role.DISTRICT_HEAD)
    assert refusal.value.params["opens_on"] == TODAY + dt.timedelta(days=16)
    later = builders.NOON + dt.timedelta(days=16)
    assert encroachments.do(encroachment, "remove", Role.DISTRICT_HEAD, at=later).case.state == "REMOVED"


def test_the_guard_of_the_database_and_the_guards_of_the_program_name_the_same() -> None:
    from pathlib import Path

    sql = (Path(migrations[0]) / "0003_lawful_orders.py").read_text("utf-8")
    assert all(f"'{kind}'" in sql for kind in guards.TENURES)
    assert all(f"'{state}'" in sql for state in (*workflow.ORDERED, *guards.CLAIMED))
    towards_orders: list[Act] = [act for act in workflow.ENCROACHMENT.acts if act.target in workflow.ORDERED]
    assert all(set(workflow.LAWFUL) <= set(act.guards) for act in towards_orders)
