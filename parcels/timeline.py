"""The timeline of a parcel: lanes of spans and moments; rooms above add theirs by `register`.

A lane's function gets the parcel and the reader and gives entries; it applies its own `visible_to`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from authority import clock
from authority.models import User
from parcels.bitemporal import of_range
from parcels.models import Parcel

Text = str | Promise


@dataclass(frozen=True)
class Entry:
    """A span of days [start, end) (end None: until further notice), or a moment (end = start)."""

    lane: str  # versions, holdings, encroachments, payments, inspections, suits, documents, restrictions
    title: Text
    start: dt.date
    end: dt.date | None = None
    tone: str = ""  # a status or a design token that colours it
    url: str = ""
    ref: str = ""  # what it stands for: id of the version, holding, case…
    recorded_on: dt.date | None = None  # the day it reached the book; None where that is not kept

    @property
    def is_moment(self) -> bool:
        """True for what happened on a day."""
        return self.end == self.start

    @property
    def is_late(self) -> bool:
        """True for what reached the book after the day from which it is true."""
        return self.recorded_on is not None and self.recorded_on > self.start


Lane = Callable[[Parcel, User], Iterable[Entry]]
_lanes: dict[str, Lane] = {}


def register(lane: Lane, name: str = "") -> Lane:
    """Add a function that gives entries; usable as a decorator."""
    _lanes[name or f"{lane.__module__}.{lane.__qualname__}"] = lane
    return lane


def timeline(parcel: Parcel, user: User) -> list[Entry]:
    """Return all entries that the reader may see, by lane in the order registered, the earliest first."""
    return [entry for lane in _lanes.values() for entry in sorted(lane(parcel, user), key=lambda entry: entry.start)]


def of_lanes(names: Iterable[str], parcel: Parcel, user: User) -> list[Entry]:
    """Return the entries of some functions, by the names under which they were registered; unknown ones give none."""
    known = [_lanes[name] for name in names if name in _lanes]
    return [entry for lane in known for entry in sorted(lane(parcel, user), key=lambda entry: entry.start)]


# ---- the lanes of the land book itself -------------------------------------------------------------------------------


def first_day(recorded: Any) -> dt.date:
    """Return the day in Egypt on which a row reached the book."""
    return clock.day_of(recorded.lower)


def versions_registered(parcel: Parcel) -> dict[dt.date, dt.date]:
    """Return when each version reached the book, by the day of law from which it is true.

    A later act that ends a version writes its row anew: what counts is the first row that began on the day.
    """
    rows = parcel.versions.order_by("-recorded_range").values_list("legal_range", "recorded_range")
    return {of_range(legal).start: first_day(recorded) for legal, recorded in rows}


def holdings_registered(parcel: Parcel) -> dict[tuple[str, dt.date], dt.date]:
    """Return the same of holdings, by their kind and the day from which they are held."""
    rows = parcel.holdings.order_by("-recorded_range").values_list("kind", "legal_range", "recorded_range")
    return {(kind, of_range(legal).start): first_day(recorded) for kind, legal, recorded in rows}


@register
def versions(parcel: Parcel, user: User) -> Iterator[Entry]:
    """Give the versions that stand in the book."""
    rows = parcel.versions.filter(in_book=True).order_by("legal_range")
    told = rows.values_list("pk", "legal_range", "basis", "survey_method", "parcel_no_raw")
    reached = versions_registered(parcel)
    for number, (pk, span, basis, method, raw) in enumerate(told, start=1):
        why = basis or (_("survey") if method else _("register"))
        title = _("Version %(number)s · parcel %(raw)s · %(why)s") % {"number": number, "raw": raw, "why": why}
        days = of_range(span)
        known = reached.get(days.start)
        yield Entry("versions", title, days.start, days.end, "version", ref=str(pk), recorded_on=known)


@register
def holdings(parcel: Parcel, user: User) -> Iterator[Entry]:
    """Give the holdings that stand in the book; encroachments have a lane of their own."""
    reached = holdings_registered(parcel)
    for row in parcel.holdings.filter(in_book=True).order_by("legal_range"):
        lane = "encroachments" if row.kind == row.Kind.ENCROACHMENT else "holdings"
        title = f"{row.get_kind_display()} {row.reference}".strip()
        days = of_range(row.legal_range)
        known = reached.get((row.kind, days.start))
        yield Entry(lane, title, days.start, days.end, row.kind.lower(), ref=str(row.pk), recorded_on=known)


@register
def lineage(parcel: Parcel, user: User) -> Iterator[Entry]:
    """Give the days on which the parcel came out of others or others out of it."""
    for made in parcel.predecessors.select_related("predecessor"):
        title = _("%(act)s: out of %(code)s") % {"act": made.get_act_display(), "code": made.predecessor.parcel_code}
        yield Entry("versions", title, made.on, made.on, "lineage", ref=str(made.predecessor_id))
    for gone in parcel.successors.select_related("successor"):
        title = _("%(act)s: into %(code)s") % {"act": gone.get_act_display(), "code": gone.successor.parcel_code}
        yield Entry("versions", title, gone.on, gone.on, "lineage", ref=str(gone.successor_id))


@register
def restrictions(parcel: Parcel, user: User) -> Iterator[Entry]:
    """Give restrictions from the day they were found."""
    for row in parcel.restrictions.select_related("layer"):
        if row.is_hit:
            yield Entry("restrictions", str(row), clock.day_of(row.checked_at), row.ended_on, "warn", ref=str(row.pk))


@register
def documents(parcel: Parcel, user: User) -> Iterator[Entry]:
    """Give the papers of the file on their own dates."""
    for row in parcel.documents.all():
        day = row.dated_on or clock.day_of(row.added_at)
        known = clock.day_of(row.added_at)
        yield Entry("documents", row.title, day, day, "document", ref=str(row.document_id), recorded_on=known)
