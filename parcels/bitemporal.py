"""Spans of law, pure: [start, end) in days, end None = until further notice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Span:
    """Days from `start` on, before `end` (None: open)."""

    start: dt.date
    end: dt.date | None = None

    def __post_init__(self) -> None:
        """Refuse a span without a day."""
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a span needs at least a day: {self.start}…{self.end}")

    @property
    def last_day(self) -> dt.date | None:
        """The last day included, as contracts print it."""
        return None if self.end is None else self.end - dt.timedelta(days=1)

    def holds(self, day: dt.date) -> bool:
        """Say whether the day lies inside."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Span) -> bool:
        """Say whether a day lies in both."""
        return _before(self.start, other.end) and _before(other.start, self.end)


def _before(day: dt.date, end: dt.date | None) -> bool:
    return end is None or day < end


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return min((end for end in (one, other) if end is not None), default=None)


def of_range(bounds: Any) -> Span:
    """Return a stored daterange as a span; the database holds that it has a first day."""
    if bounds.lower is None:
        raise ValueError("a range of law has a first day")
    return Span(bounds.lower, bounds.upper)


def from_days(first: dt.date, last: dt.date | None) -> Span:
    """Return the span of two days, both included."""
    return Span(first, None if last is None else last + dt.timedelta(days=1))


def common(one: Span, other: Span) -> Span | None:
    """Return the days that lie in both."""
    if not one.overlaps(other):
        return None
    return Span(max(one.start, other.start), _earlier(one.end, other.end))


def without(whole: Span, hole: Span) -> list[Span]:
    """Return what is left of a span when another is cut out: none, one or two spans."""
    if not whole.overlaps(hole):
        return [whole]
    left = []
    if whole.start < hole.start:
        left.append(Span(whole.start, hole.start))
    if hole.end is not None and _before(hole.end, whole.end):
        left.append(Span(hole.end, whole.end))
    return left
