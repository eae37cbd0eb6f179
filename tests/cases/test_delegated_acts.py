"""Acts done for another, and who is one pair of eyes with him (threats C1): in the program and in the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from authority.models import Absence, AuditEvent, Delegation, Role, RoleHolding, User
from authority.refusal import NotAllowed, NotFound, Refusal
from cases import selectors, showing
from cases.models import Case, Event
from cases.registry import workflow_of
from leases.models import Lease
from tests.cases import builders
from tests.encroachments import builders as encroachments
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)


def lend(giver: User, delegate: User, **said: Any) -> Delegation:
    """A delegation in force this week, entered by the giver and confirmed by an administrator."""
    known: dict[str, Any] = {
        "role": Role.GOVERNOR, "starts_on": TODAY - DAY, "ends_on": TODAY + 7 * DAY, "decree": "قرار 7 لسنة 2026",
        "asked_by": giver, "asked_at": builders.NOON, "confirmed_by": builders.person(Role.ADMIN),
        "confirmed_at": builders.NOON,
    }  # fmt: skip
    return Delegation.objects.create(giver=giver, delegate=delegate, **(known | said))


def inspected(by: User) -> Lease:
    """A lease whose inspection somebody recorded."""
    return leases.do(leases.application(), "inspect", Role.INSPECTOR, by=by)


def approves(lease: Lease, by: User) -> str:
    """Try to approve and take it back: '' when it was done, else the code of the refusal."""
    try:
        with transaction.atomic():
            leases.do(lease, "approve", Role.GOVERNOR, by=by)
            raise InterruptedError
    except InterruptedError:
        return ""
    except Refusal as refusal:
        return refusal.code


def database_takes(case: Case, by: User, mandate: Delegation | None = None) -> bool:
    """Whether the database takes the approval by somebody as a raw event."""
    try:
        with transaction.atomic():
            step_to(case, "approve", by, mandate)
            raise InterruptedError
    except InterruptedError:
        return True
    except IntegrityError:
        return False


def step_to(case: Case, name: str, by: User, mandate: Delegation | None = None) -> None:
    """Move a file by raw rows, as an act of somebody."""
    table = workflow_of(case)
    act = table.act(name)
    before, state = case.state, table.arrives(act=act, state=case.state, paused_from="")
    builders.announce(name, builders.NOON)
    Case.objects.filter(pk=case.pk).update(state=state, row_version=case.row_version + 1)
    builders.announce("", builders.NOON)
    Event.objects.create(
        case=case, row_version=case.row_version + 1, act=name, source=before, target=state, by=by,
        role=Role.GOVERNOR, at=builders.NOON, delegation=mandate, on_behalf_of=mandate.giver if mandate else None,
    )  # fmt: skip


# Who inspected, who approves, what stands between them, and whether he may. Both roles are held by both.
ROWS: dict[str, tuple[str, str, dict[str, Any] | None, bool]] = {
    "one person twice": ("one", "one", None, False),
    "two people": ("one", "other", None, True),
    "the delegate after his giver": ("one", "other", {}, False),
    "the giver after his delegate": ("other", "one", {}, False),
    "a delegation of other files": ("one", "other", {"files": ["encroachment"]}, False),
    "a delegation of another role": ("one", "other", {"role": Role.LEGAL_OFFICER}, False),
    "a delegation that is not confirmed": ("one", "other", {"confirmed_by": None, "confirmed_at": None}, True),
    "a delegation that ended yesterday": ("one", "other", {"ends_on": TODAY - DAY}, True),
    "a delegation from tomorrow on": ("one", "other", {"starts_on": TODAY + DAY}, True),
    "a delegation closed yesterday": ("one", "other", {"closed_on": TODAY - DAY}, True),
    "a delegation closed this morning": ("one", "other", {"closed_on": TODAY}, False),
    "a deputy while the officer is there": ("one", "other", {"kind": "DEPUTY"}, True),
    "a deputy while the officer is away": ("one", "other", {"kind": "DEPUTY", "away": True}, False),
}


@pytest.mark.parametrize(("maker", "checker", "between", "may"), ROWS.values(), ids=ROWS)
def test_giver_and_delegate_are_one_pair_of_eyes(
    maker: str, checker: str, between: dict[str, Any] | None, may: bool
) -> None:
    people = {name: builders.person(Role.INSPECTOR, Role.GOVERNOR) for name in ("one", "other")}
    if between is not None:
        said = dict(between)
        if said.pop("away", False):
            Absence.objects.create(
                user=people["one"], starts_on=TODAY, ends_on=TODAY, entered_by=people["one"], entered_at=builders.NOON
            )
        if "closed_on" in said:
            said |= {"closed_at": builders.NOON, "closed_by": people["one"]}
        lend(people["one"], people["other"], **said)
    lease = inspected(by=people[maker])
    assert approves(lease, people[checker]) == ("" if may else "maker_is_checker")
    assert database_takes(lease.case, people[checker]) is may


def test_what_a_delegate_did_for_his_giver_counts_as_done_by_both() -> None:
    giver = builders.person(Role.INSPECTOR, Role.GOVERNOR)
    delegate, second = builders.person(Role.FRONT_DESK), builders.person(Role.DISTRICT_HEAD)
    lend(giver, delegate, role=Role.INSPECTOR)
    approval = lend(giver, second, files=["lease"])
    lease = inspected(by=delegate)
    event = lease.case.events.get(act="inspect")
    assert (event.by, event.role, event.on_behalf_of) == (delegate, Role.INSPECTOR, giver)
    assert approves(lease, giver) == approves(lease, second) == "maker_is_checker"
    assert not database_takes(lease.case, giver)
    assert not database_takes(lease.case, second, approval)
    assert approves(lease, builders.person(Role.GOVERNOR)) == ""


def test_an_act_for_another_names_him_and_the_decree_in_the_file_and_in_the_audit() -> None:
    giver, delegate = builders.person(Role.GOVERNOR), builders.person(Role.LEGAL_OFFICER)
    lend(giver, delegate)
    lease = leases.do(inspected(by=builders.person(Role.INSPECTOR)), "approve", Role.GOVERNOR, by=delegate)
    said = showing.hand_of(selectors.events_of(lease.case)[0])
    assert giver.username in said
    assert delegate.username in said
    assert "قرار 7 لسنة 2026" in said
    event = AuditEvent.objects.filter(action="cases.act", object_id=str(lease.case_id)).latest("id")
    assert (event.actor, event.detail["on_behalf_of"], event.detail["decree"]) == (
        delegate, giver.pk, "قرار 7 لسنة 2026",
    )  # fmt: skip


def test_his_own_role_is_used_before_a_lent_one() -> None:
    giver, delegate = builders.person(Role.GOVERNOR), builders.person(Role.GOVERNOR)
    lend(giver, delegate)
    lease = leases.do(inspected(by=builders.person(Role.INSPECTOR)), "approve", Role.GOVERNOR, by=delegate)
    assert lease.case.events.get(act="approve").on_behalf_of is None


def test_a_file_that_is_lent_is_seen_and_waits_for_the_delegate_only_while_it_is_lent() -> None:
    giver, delegate = builders.person(Role.GOVERNOR), builders.person()
    mandate = lend(giver, delegate, files=["lease"])
    Delegation.objects.filter(pk=mandate.pk)
    lease, other = inspected(by=builders.person(Role.INSPECTOR)), encroachments.reported()
    seen = selectors.cases_visible_to(delegate)
    assert list(seen) == [lease.case]
    assert list(selectors.inbox(delegate)) == [lease.case]
    assert other.case not in seen
    rows = {row.act.name: row for row in selectors.acts_for(lease.case, delegate, builders.NOON)}
    assert rows["approve"].open
    assert rows["approve"].mandate is not None
    RoleHolding.objects.filter(user=giver).update(ends_on=TODAY - DAY)
    assert list(selectors.inbox(delegate)) == []
    with pytest.raises(NotFound):
        leases.do(lease, "approve", Role.GOVERNOR, by=delegate)


def test_a_delegation_that_ended_yesterday_signs_nothing() -> None:
    giver, delegate = builders.person(Role.GOVERNOR), builders.person(Role.LEGAL_OFFICER)
    mandate = lend(giver, delegate, ends_on=TODAY - DAY)
    lease = inspected(by=builders.person(Role.INSPECTOR))
    assert approves(lease, delegate) == "role_may_not"  # domain.md T-37
    assert not database_takes(lease.case, delegate, mandate)


@pytest.mark.parametrize("lie", ["another delegate", "other files", "another role", "giver left", "not confirmed"])
def test_the_database_takes_no_act_under_a_paper_that_does_not_lend_it(lie: str) -> None:
    giver, delegate = builders.person(Role.GOVERNOR, Role.LEGAL_OFFICER), builders.person()
    said: dict[str, Any] = {
        "other files": {"files": ["encroachment"]},
        "another role": {"role": Role.LEGAL_OFFICER},
        "not confirmed": {"confirmed_by": None, "confirmed_at": None},
    }.get(lie, {})
    mandate = lend(giver, delegate, **said)
    lease = inspected(by=builders.person(Role.INSPECTOR))
    if lie == "giver left":
        RoleHolding.objects.filter(user=giver).update(ends_on=TODAY - DAY)
    by = builders.person() if lie == "another delegate" else delegate
    assert not database_takes(lease.case, by, mandate)
    assert database_takes(lease.case, builders.person())


def test_a_delegate_does_not_open_acts_of_a_reader() -> None:
    delegate = builders.person()
    lend(builders.person(Role.FINANCE_OFFICER), delegate, role=Role.FINANCE_OFFICER)
    lease = inspected(by=builders.person(Role.INSPECTOR))
    with pytest.raises(NotAllowed):
        leases.do(lease, "approve", Role.GOVERNOR, by=delegate)
