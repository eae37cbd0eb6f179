"""The two times a parcel can be looked at: what was true in law on a day, as the book stood on another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.refusal import Invalid
from ui.digits import to_latin

LAST_YEAR = 9999  # its last day has none after it


@dataclass(frozen=True)
class Moment:
    """A day of law and the moment up to which the book is read."""

    on: dt.date
    known_at: dt.datetime
    is_now: bool

    @property
    def known_on(self) -> dt.date:
        """The day of the book."""
        return clock.day_of(self.known_at)


def parsed(text: str) -> dt.date:
    """Read a day written 2026-11-23 or 23/11/2026, in either digits."""
    plain = to_latin(text.strip())
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = dt.datetime.strptime(plain, pattern).date()
        except ValueError:
            continue
        if found.year < LAST_YEAR:
            return found
    raise Invalid("day_unreadable", _("“%(day)s” is not a day; write it as 31/12/2026."), day=text)


def end_of(day: dt.date) -> dt.datetime:
    """Return the last instant of a day in Egypt."""
    following = day + dt.timedelta(days=1)
    return dt.datetime(following.year, following.month, following.day, tzinfo=clock.CAIRO) - dt.timedelta(
        microseconds=1
    )


def asked(query: Mapping[str, str]) -> Moment:
    """Return the moment an address asks for (`on`, `known`); without either it is now."""
    on, known = query.get("on", "").strip(), query.get("known", "").strip()
    now = clock.now()
    day = parsed(on) if on else clock.today()
    at = min(end_of(parsed(known)), now) if known else now
    return Moment(day, at, is_now=not on and not known)
