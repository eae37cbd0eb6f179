"""Days of work, fiscal and agricultural years. Pure: dates in, dates out; the day of the act is not counted.

Which days are off is data (`law.days`): the working week by rule of law, feasts by decree (domain.md T-32, T-65, T-66).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from authority.refusal import NotFound

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Week:
    """The days off in each week (Monday is 0) from `start` up to, without, `end`."""

    start: date
    end: date | None
    off: frozenset[int]


@dataclass(frozen=True)
class Calendar:
    """The days on which offices are closed."""

    weeks: tuple[Week, ...]
    holidays: frozenset[date] = frozenset()

    def weekly_off(self, day: date) -> frozenset[int]:
        """Return the days off of the week in force on a day; raises NotFound `rule_missing`."""
        for week in self.weeks:
            if week.start <= day and (week.end is None or day < week.end):
                return week.off
        raise NotFound("rule_missing", _("No rule “%(rule)s” is in force on %(on)s."), rule="calendar.week", on=day)

    def is_working(self, day: date) -> bool:
        """Say whether offices are open."""
        return day not in self.holidays and day.weekday() not in self.weekly_off(day)


def days_after(day: date) -> Iterator[date]:
    """Give every day after this one."""
    while True:
        day += ONE_DAY
        yield day


def next_working(day: date, calendar: Calendar) -> date:
    """Return this day, or the first working day after it."""
    return day if calendar.is_working(day) else next(one for one in days_after(day) if calendar.is_working(one))


def add_working(day: date, count: int, calendar: Calendar) -> date:
    """Return the day on which `count` working days are over."""
    for later in days_after(day) if count else ():
        count -= calendar.is_working(later)
        if not count:
            return later
    return day


def working_between(start: date, end: date, calendar: Calendar) -> int:
    """Count the working days after `start`, up to and with `end`."""
    span = (end - start).days
    return sum(calendar.is_working(start + timedelta(days=n)) for n in range(1, span + 1))


def last_day(start: date, days: int, calendar: Calendar, *, working: bool = False) -> date:
    """Return the last day of a period; a calendar period that ends on a day off runs on to a working day (T-32)."""
    if working:
        return add_working(start, days, calendar)
    return next_working(start + timedelta(days=days), calendar)


@dataclass(frozen=True)
class Year:
    """A year that does not begin in January: its first and last day, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first.year}/{self.last.year}" if self.first.year != self.last.year else str(self.first.year)


def year_of(day: date, month: int, first: int) -> Year:
    """Return the year in which a day lies, where years begin on the `first` day of `month`."""
    begun = date(day.year, month, first)
    start = begun if begun <= day else date(day.year - 1, month, first)
    return Year(start, date(start.year + 1, month, first) - ONE_DAY)
