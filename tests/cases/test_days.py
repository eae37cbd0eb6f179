"""Periods in calendar and working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.days import due, left
from cases.workflow import Within
from law.calendar import Calendar, Week, add_working, last_day, working_between

THURSDAY = date(2026, 4, 23)
FEAST = frozenset({date(2026, 4, 26), date(2026, 4, 27)})
WEEK = (Week(start=date(1950, 1, 1), end=None, off=frozenset({4, 5})),)
PLAIN, FESTIVE = Calendar(WEEK), Calendar(WEEK, FEAST)
DATES = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("start", "within", "holidays", "last"),
    [
        (THURSDAY, Within(1, working=True), frozenset(), date(2026, 4, 26)),
        (THURSDAY, Within(1, working=True), FEAST, date(2026, 4, 28)),
        (THURSDAY, Within(5, working=True), frozenset(), date(2026, 4, 30)),
        (THURSDAY, Within(15), frozenset(), date(2026, 5, 10)),  # ends on Friday 8 May: runs to Sunday (T-32)
        (date(2026, 4, 22), Within(1), frozenset(), THURSDAY),
        (date(2026, 4, 22), Within(2), frozenset(), date(2026, 4, 26)),  # 24 April: midnight does not exist (T-63)
        (THURSDAY, Within(0, working=True), FEAST, THURSDAY),
    ],
)
def test_the_last_day_of_a_period(start: date, within: Within, holidays: frozenset[date], last: date) -> None:
    assert due(start, within, Calendar(WEEK, holidays)) == last


@given(DATES, st.integers(0, 60))
def test_working_days_added_are_working_days_counted(start: date, count: int) -> None:
    last = add_working(start, count, FESTIVE)
    assert working_between(start, last, FESTIVE) == count
    assert count == 0 or FESTIVE.is_working(last)


@given(DATES, st.integers(0, 30), st.integers(0, 30), st.integers(0, 200))
def test_a_pause_takes_nothing_from_a_period_of_working_days(start: date, days: int, used: int, pause: int) -> None:
    last = add_working(start, days, PLAIN)
    stopped = min(start + timedelta(days=used), last)
    again = stopped + timedelta(days=pause)
    later = last_day(again, left(last, stopped, working=True, calendar=PLAIN), PLAIN, working=True)
    assert working_between(again, later, PLAIN) == working_between(stopped, last, PLAIN)


def test_a_pause_shifts_a_period_of_calendar_days() -> None:
    rest = left(date(2026, 12, 10), date(2026, 12, 1), working=False, calendar=FESTIVE)
    last = last_day(date(2027, 1, 3), rest, FESTIVE, working=False)
    assert last == date(2027, 1, 12)
