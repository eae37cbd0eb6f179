"""Lanes of time of one parcel, pure: spans of law become bars in half percents of the period shown.

Time runs with reading: the start side is the past. What lies after today is a bar of its own, striped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ui.steps import STEPS, step

MOST_TICKS = 14
TICKS = (1, 2, 5, 10, 20, 50)
LONGEST_YEARS = 120


@dataclass(frozen=True)
class Span:
    """One fact over days [start, end); end None: until further notice. `tone` is a class of the sheet."""

    title: str
    start: dt.date | None
    end: dt.date | None = None
    tone: str = ""
    url: str = ""
    on: bool = False  # the one being looked at
    recorded: dt.date | None = None  # the day it reached the book, where that is another

    @property
    def last_day(self) -> dt.date | None:
        """The last day included, as papers print it."""
        return self.end - dt.timedelta(days=1) if self.end else None


@dataclass(frozen=True)
class Track:
    """One lane before it is drawn."""

    name: str
    icon: str
    spans: Sequence[Span]


@dataclass(frozen=True)
class Bar:
    """A drawn piece of a span; x and w are classes in half percents."""

    span: Span
    x: int
    w: int
    future: bool = False
    first: bool = True  # carries the title
    dot: bool = False  # a moment


@dataclass(frozen=True)
class Lane:
    """A drawn lane."""

    name: str
    icon: str
    bars: list[Bar]


@dataclass(frozen=True)
class Chart:
    """All lanes with the years they stand under and today's line."""

    lanes: list[Lane]
    years: list[tuple[int, int]]  # year, x
    today_x: int


@dataclass(frozen=True)
class Period:
    """The days shown: whole years, first included, last not."""

    first: dt.date
    last: dt.date

    def share(self, day: dt.date) -> float:
        """Return where a day lies in the period (0 to 1; outside beyond)."""
        return (day - self.first).days / (self.last - self.first).days

    def years(self) -> Iterator[int]:
        """Yield the years that are written over the lanes."""
        count = self.last.year - self.first.year
        every = next((tick for tick in TICKS if count / tick <= MOST_TICKS), TICKS[-1])
        start = -(-self.first.year // every) * every
        yield from range(start, self.last.year, every)


def known_days(tracks: Iterable[Track]) -> list[dt.date]:
    """Return every day named by a span."""
    spans = [span for track in tracks for span in track.spans]
    return [day for span in spans for day in (span.start, span.end) if day is not None]


def period_of(tracks: Iterable[Track], today: dt.date) -> Period:
    """Return whole years that hold all days named and today, with a year of future."""
    days = [*known_days(tracks), today]
    first = max(min(days).year, today.year - LONGEST_YEARS)
    last = min(max(days).year, today.year + LONGEST_YEARS)
    return Period(dt.date(min(first, today.year - 1), 1, 1), dt.date(max(last, today.year) + 1, 1, 1))


def bar(span: Span, start: dt.date, end: dt.date, period: Period, **said: bool) -> Bar:
    """Draw a piece of a span."""
    x = min(step(period.share(start)), STEPS - 1)
    return Bar(span, x, max(step(period.share(end)) - x, 1), **said)


def bars(span: Span, period: Period, today: dt.date) -> list[Bar]:
    """Draw a span: what has been, and striped what lies ahead."""
    start, end = span.start or period.first, span.end or period.last
    if start == end:
        return [bar(span, start, end, period, dot=True)]
    if start > today:
        return [bar(span, start, end, period, future=True)]
    if end <= today:
        return [bar(span, start, end, period)]
    tomorrow = today + dt.timedelta(days=1)
    past = bar(span, start, tomorrow, period)
    if end <= tomorrow:
        return [past]
    return [past, bar(span, tomorrow, end, period, future=True, first=False)]


def draw(tracks: Sequence[Track], today: dt.date) -> Chart:
    """Draw the lanes."""
    period = period_of(tracks, today)
    lanes = [
        Lane(track.name, track.icon, [piece for span in track.spans for piece in bars(span, period, today)])
        for track in tracks
    ]
    years = [(year, step(period.share(dt.date(year, 1, 1)))) for year in period.years()]
    return Chart(lanes, years, step(period.share(today)))
