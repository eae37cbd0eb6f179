"""Deadlines in days: working days are Sunday to Thursday without holidays; law counts calendar days.

Pure: dates in, dates out; the day of the act does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from cases.workflow import Within

FRIDAY, SATURDAY = 4, 5
ONE_DAY = timedelta(days=1)


def is_working(day: date, holidays: Collection[date]) -> bool:
    """Say whether offices are open."""
    return day.weekday() not in {FRIDAY, SATURDAY} and day not in holidays


def days_after(day: date) -> Iterator[date]:
    """Every day after this one."""
    while True:
        day += ONE_DAY
        yield day


def next_working(day: date, holidays: Collection[date]) -> date:
    """This day, or the first working day after it."""
    return day if is_working(day, holidays) else next(d for d in days_after(day) if is_working(d, holidays))


def add_working(day: date, count: int, holidays: Collection[date]) -> date:
    """The day on which `count` working days are over."""
    for later in days_after(day) if count else ():
        count -= is_working(later, holidays)
        if not count:
            return later
    return day


def working_between(start: date, end: date, holidays: Collection[date]) -> int:
    """Working days after `start`, up to and with `end`."""
    span = (end - start).days
    return sum(is_working(start + timedelta(days=n), holidays) for n in range(1, span + 1))


def due(start: date, within: Within, holidays: Collection[date]) -> date:
    """The last day of a period; a calendar period that ends on a day off runs on to a working day (domain.md T-32)."""
    if within.working:
        return add_working(start, within.days, holidays)
    return next_working(start + timedelta(days=within.days), holidays)


def resumed(*, due_on: date, stopped_on: date, resumed_on: date, working: bool, holidays: Collection[date]) -> date:
    """The new last day of a period that stood still: what was left when it stopped is left again."""
    if working:
        return add_working(resumed_on, working_between(stopped_on, due_on, holidays), holidays)
    return next_working(resumed_on + (due_on - stopped_on), holidays)
