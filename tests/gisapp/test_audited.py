"""Every act leaves exactly its audit event, and without the event there is no act (threat C11)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError

from authority import audit
from authority.models import AuditEvent
from tests.gisapp.events import EVENTS, SILENT
from tests.gisapp.house import House
from tests.gisapp.rights import ROWS

ACTS = [row for row in ROWS if row.method != "get" and row.may and row.yes < 400]


@pytest.mark.slow
def test_every_act_leaves_its_events_and_none_is_done_without(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = []
    for row in ACTS:
        name = f"{row.method} {row.route}"
        done = house.act(row)
        if (done.status, tuple(done.actions)) != (row.yes, EVENTS.get(name, ())) or (name in SILENT and done.changed):
            wrong.append(f'"{name}": {tuple(done.actions)},  # {done.status} {done.changed}')

    def broken(*_args: Any, **_how: Any) -> None:
        raise DatabaseError("the trail cannot be written")

    monkeypatch.setattr(AuditEvent.objects, "create", broken)
    for row in ACTS:
        name = f"{row.method} {row.route}"
        done = house.act(row) if EVENTS.get(name) else None
        if done and (done.status < 500 or done.changed):
            wrong.append(f"{name} without its event: {done}")
    assert not wrong, "\n".join(wrong)


def test_every_event_that_is_awaited_is_declared_and_every_act_stands_in_the_table() -> None:
    assert {action for actions in EVENTS.values() for action in actions} <= set(audit.ACTIONS)
    assert {f"{row.method} {row.route}" for row in ACTS} == set(EVENTS) | set(SILENT)
