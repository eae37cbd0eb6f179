"""What the database refuses, whoever asks: raw SQL as the application's role."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from authority.models import Role
from cases import registry
from cases.models import Case, Event, WorkflowStep
from cases.workflow import RETURN, STAY
from tests.cases import builders
from tests.custody import builders as custody
from tests.encroachments import builders as encroachments
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db

STATES = [(table.name, state.name) for table in registry.tables() for state in table.states]


def a_case(kind: str) -> Case:
    """A fresh file whose own rules never stand in the way of the table's."""
    if kind == "lease":
        return leases.application().case
    return custody.claim().case if kind == "custody" else encroachments.reported().case


def moves(case: Case, act: str, new: str, paused: str) -> bool:
    """Whether the database takes a change of state in the name of an act."""
    try:
        with transaction.atomic():
            builders.raw("SELECT set_config('amlak.act', %s, true)", act)
            builders.raw(
                "UPDATE cases_case SET state = %s, paused_from = %s, row_version = row_version + 1 WHERE id = %s",
                new, paused, case.pk,
            )  # fmt: skip
            raise UndoneError
    except UndoneError:
        return True
    except IntegrityError:
        return False


class UndoneError(Exception):
    """Takes a move back."""


@pytest.mark.parametrize(("kind", "old"), STATES)
def test_only_rows_of_the_table_change_a_state(kind: str, old: str) -> None:
    case = builders.put_in(a_case(kind), old)
    table = registry.workflow_of(case)
    leaks, walls = [], []
    for new in [state.name for state in table.states if state.name != old]:
        for act in ("", table.opening.name, *(row.name for row in table.acts)):
            row = next((row for row in table.from_state(old) if row.name == act), None)
            lawful = row is not None and (row.target == new or (row.target == RETURN and case.paused_from == new))
            pause = table.state(new).pause
            paused = (case.paused_from or old) if pause else ""
            took = moves(case, act, new, paused)
            leaks += [(act, new)] * (took and not lawful)
            walls += [(act, new)] * (lawful and not took)
    assert leaks == []
    assert walls == []


@pytest.mark.parametrize(("kind", "state"), STATES)
def test_a_file_begins_only_where_its_workflow_begins(kind: str, state: str) -> None:
    table = registry.kind_of(kind).workflow
    by, place = builders.person(), builders.governorate()
    fields = {
        "kind": kind,
        "number": "1",
        "governorate": "19",
        "place": place,
        "opened_by": by,
        "opened_at": builders.NOON,
    }
    if state == table.initial:
        Case.objects.create(state=state, **fields)
        Case.objects.all()  # without its event it would not be committed: the deferred guard is tested below
        with pytest.raises(IntegrityError, match="without its event"):
            connection.check_constraints()
        transaction.set_rollback(True)
    else:
        with pytest.raises(IntegrityError, match="does not begin"), transaction.atomic():
            Case.objects.create(state=state, **fields)


def test_a_state_without_its_event_is_not_committed() -> None:
    case = leases.application().case
    builders.announce("inspect", builders.NOON)
    Case.objects.filter(pk=case.pk).update(state="INSPECTED", row_version=F("row_version") + 1)
    with pytest.raises(IntegrityError, match="without its event"):
        connection.check_constraints()
    transaction.set_rollback(True)


def test_a_pause_that_forgets_where_the_case_was_is_refused() -> None:
    case = builders.put_in(a_case("encroachment"), "CONFIRMED")
    assert moves(case, "review_title", "TITLE_REVIEW", "CONFIRMED")
    assert not moves(case, "review_title", "TITLE_REVIEW", "")
    assert not moves(case, "review_title", "TITLE_REVIEW", "ORDER_ISSUED")


def test_a_paused_case_returns_only_to_where_it_was() -> None:
    case = builders.put_in(a_case("encroachment"), "TITLE_REVIEW")
    came_from = case.paused_from
    others = {"REPORTED", "INSPECTED", "CONFIRMED", "ORDER_DRAFTED", "ORDER_ISSUED"} - {came_from}
    assert moves(case, "title_not_serious", came_from, "")
    assert not any(moves(case, "title_not_serious", other, "") for other in others)


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'lease'",
        "workflow_version = 2",
        "governorate = '02'",
        "number = '9'",
        "paused_from = 'CONFIRMED'",
        "row_version = 0",
    ],
)
def test_what_a_case_is_never_changes(change: str) -> None:
    case = a_case("encroachment")
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.raw(f"UPDATE cases_case SET {change} WHERE id = %s", case.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_event SET note = 'x'",
        "DELETE FROM cases_event",
        "TRUNCATE cases_event",
        "DELETE FROM cases_case",
        "UPDATE cases_workflowstep SET roles = '{inspector}'",
        "DELETE FROM cases_workflowstep",
        "INSERT INTO cases_workflowstep (workflow, version, act, source, target, pauses, roles, not_after)"
        " VALUES ('lease', 1, 'gift', 'APPLIED', 'ACTIVE', false, '{front_desk}', '{}')",
        "ALTER TABLE cases_case DISABLE TRIGGER ALL",
    ],
)
def test_the_application_role_cannot_change_what_happened_or_what_may_happen(statement: str) -> None:
    a_case("lease")
    with pytest.raises(DatabaseError), transaction.atomic():
        builders.raw(statement)


def event_of(case: Case, **changes: Any) -> Event:
    """An event in raw form."""
    fields: dict[str, Any] = {
        "case": case, "row_version": case.row_version, "act": "inspect", "source": "APPLIED", "target": "INSPECTED",
        "by": builders.person(), "role": Role.INSPECTOR, "at": builders.NOON,
    }  # fmt: skip
    return Event(**(fields | changes))


@pytest.mark.parametrize(
    "lie",
    [
        {"role": Role.FRONT_DESK},
        {"act": "approve"},
        {"source": "APPROVED"},
        {"target": "APPROVED"},
        {"row_version": 7},
    ],
)
def test_an_event_that_is_not_what_happened_is_refused(lie: dict[str, Any]) -> None:
    case = leases.application().case
    builders.announce("inspect", builders.NOON)
    Case.objects.filter(pk=case.pk).update(state="INSPECTED", row_version=2)
    case.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        event_of(case, **lie).save()
    event_of(case).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        event_of(case).save()


@pytest.mark.parametrize("table", list(registry.tables()), ids=lambda table: table.name)
def test_the_maker_cannot_check_even_by_raw_sql(table: Any) -> None:
    for act in [act for act in table.acts if act.not_after]:
        for made in sorted(act.not_after):
            assert refused_for_the_maker(table.name, act, made), f"{act.name} by who did {made}"


def refused_for_the_maker(kind: str, act: Any, made: str) -> bool:
    """Whether the database refuses the event of an act by whoever did another one on the file."""
    case = builders.put_in(a_case(kind), act.source[0])
    if not case.events.filter(act=made).exists():
        return True  # the shortest way does not pass it
    maker = case.events.get(act=made).by
    table = registry.workflow_of(case)
    before = case.state
    case.state = table.arrives(act=act, state=before, paused_from=case.paused_from)
    case.paused_from = table.paused_after(act=act, state=before, paused_from=case.paused_from)
    case.row_version += 1
    builders.announce(act.name, builders.NOON)
    case.save()
    event = event_of(case, act=act.name, source=before, target=case.state, by=maker, role=act.by[0])
    try:
        with transaction.atomic():
            event.save()
    except IntegrityError as refusal:
        event.by = builders.person()
        event.save()
        return "maker" in str(refusal)
    return False


def test_the_steps_in_the_database_are_those_of_the_tables() -> None:
    said = {
        (table.name, table.version, act.name, old, new, tuple(act.by), tuple(sorted(act.not_after)))
        for table in registry.tables()
        for act, old, new in table.steps()
    }
    stored = {
        (s.workflow, s.version, s.act, s.source, s.target, tuple(s.roles), tuple(s.not_after))
        for s in WorkflowStep.objects.all()
    }
    assert stored == said
    assert any(target == STAY for _, _, _, _, target, _, _ in stored)
