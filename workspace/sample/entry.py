"""A plot with all that was decided about it, and what all rows of a sample have in common."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workspace.sample.facts import Nature, Tenure
from workspace.sample.plots import Plot, Site

BOOK_SINCE = dt.date(2009, 3, 1)  # the day from which the sample's land is in the book


@dataclass(frozen=True)
class Book:
    """What all rows have in common."""

    on: dt.date
    seed: int
    custodians: dict[str, int]
    recorded_by: int


@dataclass
class Entry:
    """A plot with all that was decided about it."""

    site: Site
    plot: Plot
    place: int
    place_code: str
    nature: Nature
    tenures: list[Tenure]
    id: str
    code: str
    area: float = 0.0
    geom: str | None = None  # hexadecimal EWKB
    source: str | None = None
    former: bool = False  # the whole of which two halves were made: its land ended with the division
    divided_on: dt.date | None = None
