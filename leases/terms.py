"""Terms of tenure: days included, years counted by the calendar.

Pure: dates in, answers out (domain.md §0b.20, §8.2).
"""

from __future__ import annotations

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def longer_than(first: date, last: date, years: int) -> bool:
    """Say whether a term, its last day included, is longer than so many years."""
    return last > years_later(first, years) - ONE_DAY


def over(last: date, today: date) -> bool:
    """Say whether a term is over; its last day still belongs to it (domain.md T-64)."""
    return today > last
