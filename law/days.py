"""The calendar as it stands in the book, and who is told when it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from django.db.models import QuerySet

from authority.models import User
from law.calendar import Calendar, Week, Year, year_of
from law.calendar_rules import AGRICULTURAL, FISCAL, WEEK, begins, days_off
from law.models import Holiday
from law.selectors import find_rule, rule_on, rules

# (by, at, days): which days changed, None where the whole week did
Told = Callable[[User, dt.datetime, Collection[dt.date] | None], None]
_told: list[Told] = []


def on_change(told: Told) -> None:
    """Let a room above follow the calendar: it is called in the transaction of the change."""
    if told not in _told:
        _told.append(told)


def tell(by: User, at: dt.datetime, days: Collection[dt.date] | None) -> None:
    """Tell the rooms above that days of the calendar changed."""
    for told in _told:
        told(by, at, days)


def holidays() -> QuerySet[Holiday]:
    """Return the official holidays in force, in the order of their days."""
    return Holiday.objects.filter(state=Holiday.State.IN_FORCE, in_book=True, cancels=False).order_by("day")


def waiting_holidays() -> QuerySet[Holiday]:
    """Return what was proposed and not decided."""
    rows = Holiday.objects.filter(state=Holiday.State.PROPOSED, in_book=True)
    return rows.select_related("replaces", "proposed_by").order_by("day", "pk")


def calendar() -> Calendar:
    """Return the days on which offices are closed, as the book says today."""
    weeks = tuple(
        Week(start=one.effective_range.lower, end=one.effective_range.upper, off=days_off(one.params))  # type: ignore[arg-type]  # a rule has a first day
        for one in rules(WEEK)
    )
    return Calendar(weeks, frozenset(holidays().values_list("day", flat=True)))


def fiscal_year(day: dt.date) -> Year:
    """Return the fiscal year (ar: السنة المالية) of a day; raises NotFound `rule_missing`."""
    return year_of(day, *begins(rule_on(FISCAL, day).params))


def agricultural_year(day: dt.date, kind: str = "") -> Year:
    """Return the agricultural year (ar: السنة الزراعية) of a day, by the rule of a kind of land where there is one."""
    rule = (find_rule(AGRICULTURAL, day, regime=kind) if kind else None) or rule_on(AGRICULTURAL, day)
    return year_of(day, *begins(rule.params))
