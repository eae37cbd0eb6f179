"""Deadlines of files: the periods that tables of workflow name, counted by the calendar of law. Pure."""

from __future__ import annotations

from datetime import date

from cases.workflow import Within
from law.calendar import Calendar, last_day, working_between


def due(start: date, within: Within, calendar: Calendar) -> date:
    """The last day of a period; a calendar period that ends on a day off runs on to a working day (domain.md T-32)."""
    return last_day(start, within.days, calendar, working=within.working)


def left(due_on: date, stopped_on: date, *, working: bool, calendar: Calendar) -> int:
    """How many days of a period are left on the day it stops."""
    return working_between(stopped_on, due_on, calendar) if working else (due_on - stopped_on).days
