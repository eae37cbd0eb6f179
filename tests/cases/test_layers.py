"""The map layer of files: what is drawn, how it is coloured, for whom."""

from __future__ import annotations

import pytest

from authority.models import Role
from cases.layers import CASES, categories, counted
from cases.models import Case
from cases.registry import kinds
from tests.cases import builders
from tests.cases.test_pages import stranger
from tests.encroachments import builders as encroachments
from tests.leases import builders as leases
from tiles.palette import colours

pytestmark = pytest.mark.django_db


def test_the_layer_draws_open_files_within_sight_by_kind_and_stage() -> None:
    lease, report = leases.active(), encroachments.notified()
    seen = {row.pk: row.look for row in CASES.rows(builders.person(Role.INSPECTOR), {})}
    assert seen == {lease.case_id: "lease.1", report.case_id: "encroachment.3"}
    assert list(CASES.rows(stranger(), {})) == []
    assert [row.pk for row in CASES.rows(builders.person(Role.INSPECTOR), {"kind": "lease"})] == [lease.case_id]


def test_a_closed_file_leaves_the_map() -> None:
    lease = leases.do(leases.application(), "withdraw", Role.PROPERTY_OFFICER)
    assert Case.objects.get(pk=lease.pk).closed_at is not None
    assert not CASES.rows(builders.person(Role.INSPECTOR), {}).exists()


def test_every_line_of_the_legend_has_a_colour_of_the_design_and_open_states_have_a_line() -> None:
    lines = categories()
    assert 0 < len(lines) <= 9
    assert {line.colour for line in lines} <= set(colours("light"))
    for kind in kinds():
        shown = {state for line in kind.looks for state in line.states}
        assert shown == {state.name for state in kind.workflow.states} - kind.workflow.final


def test_counts_by_place_say_how_many_stand_at_each_line() -> None:
    encroachments.reported()
    encroachments.reported()
    rows = list(counted("19"))
    assert {row["category"] for row in rows} == {"encroachment.0"}
    assert sum(row["count"] for row in rows) == 2


def test_every_exported_column_has_an_arabic_name() -> None:
    assert [column.name for column in CASES.exported() if not column.arabic] == []
