"""The table itself: what it refuses to be, and who may do what from where."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from authority.models import Role
from authority.refusal import Conflict, NotAllowed, Refusal
from cases import registry, selectors, services
from cases.workflow import RETURN, STAY, Act, NoSuchActError, State, Workflow
from tests.cases import builders
from tests.custody import builders as custody
from tests.encroachments import builders as encroachments
from tests.leases import builders as leases

TABLES = {table.name: table for table in registry.tables()}


def small(**changes: object) -> Workflow:
    """A sound table of three states and a pause, with changes."""
    begin = Act(name="begin", title="", source=(), target="A", by=("x",))
    acts = (
        Act(name="go", title="", source=("A",), target="B", by=("x",), not_after=frozenset({"begin"})),
        Act(name="halt", title="", source=("A",), target="P", by=("x",)),
        Act(name="resume", title="", source=("P",), target=RETURN, by=("x",)),
        Act(name="note", title="", source=("A",), target=STAY, by=("x",)),
    )
    states = (State(name="A", title=""), State(name="B", title="", stage="A"), State(name="P", title="", pause=True))
    given: dict[str, object] = {
        "name": "small", "version": 1, "title": "", "states": states, "track": ("A",), "final": frozenset({"B"}),
        "opening": begin, "acts": acts,
    }  # fmt: skip
    return Workflow(**(given | changes))  # type: ignore[arg-type]


def but(name: str, **changes: object) -> tuple[Act, ...]:
    """The acts of the small table, one of them changed."""
    return tuple(replace(act, **changes) if act.name == name else act for act in small().acts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"acts": (*small().acts, small().acts[0])}, "go is named twice"),
        ({"acts": but("go", by=())}, "go is nobody's"),
        ({"acts": but("go", not_after=frozenset({"nothing"}))}, "go comes after an unknown nothing"),
        ({"acts": but("go", target="C")}, "C is not declared"),
        ({"acts": but("go", target=STAY)}, "B cannot be reached"),
        ({"acts": but("halt", source=("A", "B"))}, "B is final but can be left"),
        ({"acts": but("resume", target="A")}, "P is a pause without a return"),
        ({"acts": but("go", source=("A", "P"), target=RETURN)}, "A is no pause and returns"),
        ({"final": frozenset()}, "B cannot be left and is not final"),
        ({"track": ("B",)}, "A is no point of the track"),
        ({"opening": replace(small().opening, target="P")}, "a case begins paused"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(changes: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        small(**changes)


def test_a_pause_remembers_where_the_case_was_through_a_second_pause() -> None:
    table = TABLES["encroachment"]
    review, suit = table.act("review_title"), table.act("register_suit")
    assert table.paused_after(act=review, state="ORDER_DRAFTED", paused_from="") == "ORDER_DRAFTED"
    assert table.paused_after(act=suit, state="TITLE_REVIEW", paused_from="ORDER_DRAFTED") == "ORDER_DRAFTED"
    back = table.act("judgment_for_state")
    assert table.arrives(act=back, state="IN_COURT", paused_from="ORDER_DRAFTED") == "ORDER_DRAFTED"
    assert table.paused_after(act=back, state="IN_COURT", paused_from="ORDER_DRAFTED") == ""


def test_an_unknown_act_is_told_as_such() -> None:
    with pytest.raises(NoSuchActError):
        small().act("fly")


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_role_of_a_table_is_a_role(table: Workflow) -> None:
    assert {role for act in (table.opening, *table.acts) for role in act.by} <= set(Role)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_state_stands_on_the_track_or_beside_it_knowingly(table: Workflow) -> None:
    beside = {state.name for state in table.states if not table.stage(state.name)}
    assert beside <= table.final


def case_in(kind: str, state: str) -> object:
    """A file of a kind in a state."""
    makers: dict[str, Any] = {"lease": leases.application, "custody": custody.claim}
    made = makers.get(kind, encroachments.reported)()
    return builders.put_in(made.case, state)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "state"), [(t.name, s.name) for t in TABLES.values() for s in t.states])
def test_state_by_act_by_role(kind: str, state: str) -> None:
    """From each state, each act, each role: the page, the program and the doing agree with the table."""
    table, case = TABLES[kind], case_in(kind, state)
    people = {role: builders.person(role) for role in Role if role != Role.SYSTEM}
    offered = {role: {row.act.name: row for row in selectors.acts_for(case, user)} for role, user in people.items()}
    for act, (role, user) in product(table.acts, people.items()):
        row = offered[role].get(act.name)
        assert (row is not None) == (state in act.source and act.by != ("system",))
        if row is not None:
            assert row.mine == (role in act.by), (act.name, role)
        refusal = refusal_of(case, act.name, user)
        if role in (Role.CITIZEN, Role.ADMIN):
            assert refusal == "not_found"
        elif state not in act.source:
            assert refusal == "act_not_open"
        else:
            assert (refusal == "role_may_not") == (role not in act.by), (act.name, role)


def refusal_of(case: object, act: str, user: object) -> str:
    """The code with which an act without papers and reasons is refused; '' when it would be done."""
    try:
        case_row = services.locked(case.pk, user)  # type: ignore[attr-defined, arg-type]
        row = services.row_of(registry.workflow_of(case_row), case_row, act)
        services.policies.require_role(act=row, case=case_row, by=user, at=builders.NOON)  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.django_db
def test_acts_open_to_me_come_first_and_locked_ones_say_why() -> None:
    case = leases.do(leases.application(), "inspect", Role.INSPECTOR).case
    rows = selectors.acts_for(case, builders.person(Role.GOVERNOR))
    assert [row.act.name for row in rows if row.open] == ["approve", "reject"]
    closed = next(row for row in rows if row.act.name == "withdraw")
    assert [reason["code"] for reason in closed.reasons] == ["role_may_not", "papers_missing"]
    assert [kind for kind, _ in closed.missing] == ["withdrawal_request"]
    assert not closed.can_begin


@pytest.mark.django_db
def test_a_locked_act_names_the_day_it_opens() -> None:
    case = encroachments.notified().case
    row = next(
        r
        for r in selectors.acts_for(case, builders.person(Role.DISTRICT_HEAD), builders.NOON)
        if r.act.name == "remove"
    )
    assert row.opens_on is not None
    assert row.opens_on.isoformat() == "2026-12-10"


@pytest.mark.django_db
def test_a_role_that_ended_yesterday_signs_nothing_today() -> None:
    from datetime import timedelta

    lease = leases.do(leases.application(), "inspect", Role.INSPECTOR)
    yesterday = builders.NOON.date() - timedelta(days=1)
    delegate = builders.person(Role.GOVERNOR, until=yesterday)
    reader = builders.person(Role.AUDITOR)
    delegate.roles.add(*reader.roles.all())
    with pytest.raises(NotAllowed):
        leases.do(lease, "approve", Role.GOVERNOR, by=delegate)
    assert leases.do(lease, "approve", Role.GOVERNOR, by=delegate, at=builders.NOON - timedelta(days=1)).case.state


@pytest.mark.django_db
def test_a_paper_serves_one_act_only() -> None:
    made = encroachments.do(encroachments.notified(), "stay", Role.LEGAL_OFFICER)
    made = encroachments.do(made, "lift_stay", Role.LEGAL_OFFICER)
    with pytest.raises(Conflict) as refusal:
        encroachments.do(made, "stay", Role.LEGAL_OFFICER, papers=[])
    assert refusal.value.params["missing"] == ["stay_judgment"]
