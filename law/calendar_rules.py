"""The rules that the calendar reads: the working week, the fiscal and the agricultural year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.dates import MONTHS_ALT, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from law.registry import RuleKind, register

WEEK, FISCAL, AGRICULTURAL = "calendar.week", "calendar.fiscal_year", "calendar.agricultural_year"
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
MOST_OFF = 3
LAST_COMMON_DAY = 28  # a year begins on a day that every year has


def days_off(params: Any) -> frozenset[int]:
    """Return the weekly days off, Monday is 0; raises ValueError."""
    if not isinstance(params, dict) or set(params) != {"days_off"} or not isinstance(params["days_off"], list):
        raise ValueError('{"days_off": ["FRIDAY", "SATURDAY"]}')
    names = params["days_off"]
    if any(name not in DAYS for name in names) or not 1 <= len(set(names)) <= MOST_OFF or len(set(names)) != len(names):
        raise ValueError(", ".join(DAYS))
    return frozenset(DAYS.index(name) for name in names)


def begins(params: Any) -> tuple[int, int]:
    """Return month and day on which a year begins; raises ValueError."""
    if not isinstance(params, dict) or set(params) != {"month", "day"}:
        raise ValueError('{"month": 7, "day": 1}')
    month, day = params["month"], params["day"]
    if type(month) is not int or type(day) is not int or not 1 <= day <= LAST_COMMON_DAY:
        raise ValueError("month, day")
    dt.date(2001, month, day)
    return month, day


def check_week(params: Any) -> None:
    """Raise ValueError for a week that cannot be read."""
    days_off(params)


def check_year(params: Any) -> None:
    """Raise ValueError for a year that cannot be read."""
    begins(params)


def week_in_words(params: Mapping[str, Any]) -> list[str]:
    """Say the days off."""
    return [", ".join(str(WEEKDAYS[day]) for day in sorted(days_off(params)))]


def year_in_words(params: Mapping[str, Any]) -> list[str]:
    """Say when the year begins."""
    month, day = begins(params)
    return [_("Begins on %(day)s %(month)s") % {"day": day, "month": MONTHS_ALT[month]}]


def declare() -> None:
    """Make the rules known."""
    register(RuleKind(WEEK, gettext_lazy("Working week: days off"), check_week, week_in_words))
    register(RuleKind(FISCAL, gettext_lazy("Fiscal year"), check_year, year_in_words))
    register(RuleKind(AGRICULTURAL, gettext_lazy("Agricultural year"), check_year, year_in_words))
