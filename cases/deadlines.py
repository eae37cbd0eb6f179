"""The clock of a case: a deadline begins with a state, stops in a pause, runs on after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from authority import audit
from authority.models import User
from cases import days
from cases.models import Case, Deadline
from cases.workflow import Workflow
from law.calendar import Calendar, last_day
from law.days import calendar

MOVED = "cases.deadline_moved"
SOON_SHARE, SOON_DAYS = 70, 3


@dataclass(frozen=True, kw_only=True)
class Ring:
    """How a deadline stands on a day: the share of the period used, in per cent, and what is left."""

    tone: str  # ok, soon, late, pause
    share: int
    left: int  # days; negative: late by so many
    due_on: dt.date
    state: str


def open_of(case: Case) -> list[Deadline]:
    """Deadlines that are neither met nor past with their state."""
    return list(case.deadlines.filter(met_on__isnull=True))


def begin(case: Case, table: Workflow, day: dt.date) -> None:
    """Start the clock of the state the case has just entered."""
    within = table.state(case.state).due
    if within is None:
        return
    due_on = days.due(day, within, calendar())
    Deadline.objects.create(
        case=case,
        state=case.state,
        starts_on=day,
        due_on=due_on,
        working=within.working,
        counts_from=day,
        allotted=within.days,
    )


def moved(case: Case, table: Workflow, *, before: str, day: dt.date) -> None:
    """Stop, resume, close and begin clocks after the case has moved on a day; keeps `due_on` of the case."""
    pausing = table.state(case.state).pause and not table.state(before).pause
    for deadline in open_of(case):
        settle(deadline, before=before, pausing=pausing, day=day, resumed=case.state)
    if not table.state(case.state).pause:
        close_stopped(case, day)
    if not case.deadlines.filter(met_on__isnull=True, state=case.state).exists():
        begin(case, table, day)
    refresh(case)


def settle(deadline: Deadline, *, before: str, pausing: bool, day: dt.date, resumed: str) -> None:
    """Do with one open deadline what the move asks for."""
    if deadline.stopped_on is None and deadline.state == before:
        if pausing:
            deadline.stopped_on = day
        else:
            deadline.met_on = day
    elif deadline.stopped_on is not None and deadline.state == resumed:
        resume(deadline, deadline.stopped_on, day)
    deadline.save(update_fields=["stopped_on", "met_on", "due_on", "counts_from", "allotted"])


def resume(deadline: Deadline, stopped_on: dt.date, day: dt.date) -> None:
    """Let a deadline that stood still run on from a day with what was left of it."""
    known = calendar()
    left = days.left(deadline.due_on, stopped_on, working=deadline.working, calendar=known)
    deadline.counts_from, deadline.allotted, deadline.stopped_on = day, left, None
    deadline.due_on = last_day(day, left, known, working=deadline.working)


def calendar_changed(by: User, at: dt.datetime, changed: Collection[dt.date] | None) -> None:
    """Count open deadlines anew after a holiday (or, None, the working week) changed; what is met stays as it was."""
    rows = Deadline.objects.filter(met_on=None, counts_from__isnull=False, case__closed_at=None).order_by("pk")
    if changed is not None:
        rows = rows.filter(counts_from__lt=max(changed), due_on__gte=min(changed))
    known = calendar()
    moved = [one for one in rows.select_for_update(of=("self",)) if move(one, known, by, at)]
    for case in Case.objects.filter(pk__in={one.case_id for one in moved}):
        refresh(case)


def move(deadline: Deadline, known: Calendar, by: User, at: dt.datetime) -> bool:
    """Write the last day that the calendar gives now, with its record; say whether it moved."""
    start, count = deadline.counts_from, deadline.allotted
    if start is None or count is None:
        return False
    before, after = deadline.due_on, last_day(start, count, known, working=deadline.working)
    if before == after:
        return False
    deadline.due_on = after
    deadline.save(update_fields=["due_on"])
    detail = {"state": deadline.state, "before": before, "after": after}
    audit.record(MOVED, by=by, at=at, obj=deadline.case, detail=detail)
    return True


def close_stopped(case: Case, day: dt.date) -> None:
    """Close what stood still when the case has ended or gone another way."""
    case.deadlines.filter(met_on__isnull=True).exclude(state=case.state).update(met_on=day)


def refresh(case: Case) -> None:
    """Keep the nearest running deadline on the case."""
    running = case.deadlines.filter(met_on__isnull=True, stopped_on__isnull=True)
    case.due_on = running.order_by("due_on").values_list("due_on", flat=True).first()
    case.save(update_fields=["due_on"])


def ring(deadline: Deadline, today: dt.date) -> Ring:
    """How a deadline stands today, as the design language colours it."""
    total = max((deadline.due_on - deadline.starts_on).days, 1)
    left = (deadline.due_on - (deadline.stopped_on or today)).days
    share = min(max(round(100 * (total - left) / total), 0), 100)
    return Ring(tone=tone(deadline, share, left), share=share, left=left, due_on=deadline.due_on, state=deadline.state)


def tone(deadline: Deadline, share: int, left: int) -> str:
    """Green, amber, red or grey."""
    if deadline.stopped_on is not None:
        return "pause"
    if left < 0:
        return "late"
    return "soon" if share >= SOON_SHARE or left <= SOON_DAYS else "ok"
