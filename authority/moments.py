"""The two questions about the past, as one value: what was true on a day, and what the register said on that day.

A day of law says what was true (`on`); a moment of the book says what had been recorded by then (`known_at`).
«ما الذي كان قائمًا في يوم …؟» asks for a day of law as the book stands now: a decree registered late changes the answer.
«ماذا كان السجل يقول في يوم …؟» asks for that day as the book stood at its end: nothing recorded later changes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authority import clock
from authority.refusal import Invalid
from ui import digits

EARLIEST = dt.date(1800, 1, 1)  # before Egypt's first cadastre (1813): an older day is a slip of the pen


class Times(TypedDict):
    """The two times as the selectors of the book take them; None: today, now."""

    on: dt.date | None
    known_at: dt.datetime | None


class DayUnreadable(Invalid):
    """What was typed is no day."""

    code = "day_unreadable"
    message = gettext_lazy("“%(day)s” is not a day; write it as 31/12/2026.")


class DayInFuture(Invalid):
    """The book says nothing of what has not come."""

    code = "day_in_future"
    message = gettext_lazy("%(day)s has not come yet; ask for a day up to today.")


class DayTooEarly(Invalid):
    """No book is so old."""

    code = "day_too_early"
    message = gettext_lazy("%(day)s lies before the first register of land; ask for a day from 1800 on.")


@dataclass(frozen=True)
class Moment:
    """A day of law and the moment up to which the book is read; both are now where nothing was asked."""

    on: dt.date
    known_at: dt.datetime
    asked_law: bool = False
    asked_book: bool = False

    @property
    def is_now(self) -> bool:
        """Whether nothing but today is asked."""
        return not (self.asked_law or self.asked_book)

    @property
    def known_on(self) -> dt.date:
        """The day of the book, in Egypt."""
        return clock.day_of(self.known_at)

    @property
    def times(self) -> Times:
        """The two times for `versions_as_of`, `with_status`, `as_of`."""
        return {"on": self.on if self.asked_law else None, "known_at": self.known_at if self.asked_book else None}

    @property
    def query(self) -> dict[str, str]:
        """How an address asks for the same: `on`, `known`, days in ISO 8601."""
        law = {"on": self.on.isoformat()} if self.asked_law else {}
        return law | ({"known": self.known_on.isoformat()} if self.asked_book else {})

    @property
    def address(self) -> str:
        """The same as the query of an address that has no other; nothing for today."""
        return "" if self.is_now else f"?{urlencode(self.query)}"

    @property
    def further(self) -> str:
        """The same behind other parameters of an address; nothing for today."""
        return "" if self.is_now else f"&{urlencode(self.query)}"

    @property
    def said(self) -> str:
        """The question in words, for the banner over what is shown."""
        day = digits.day(self.on)
        if not self.asked_book:
            return _("You are looking at what was true on %(day)s, as the register knows it today") % {"day": day}
        if self.known_on == self.on:
            return _("You are looking at what the register said on %(day)s") % {"day": day}
        known = digits.day(self.known_on)
        return _("You are looking at %(day)s, as the register stood on %(known)s") % {"day": day, "known": known}


def checked(day: dt.date) -> dt.date:
    """Return a day that can be asked for; raise DayInFuture, DayTooEarly."""
    if day > clock.today():
        raise DayInFuture(day=digits.day(day))
    if day < EARLIEST:
        raise DayTooEarly(day=digits.day(day))
    return day


def end_of(day: dt.date) -> dt.datetime:
    """Return the last instant of a day in Egypt."""
    following = day + dt.timedelta(days=1)
    return dt.datetime(following.year, following.month, following.day, tzinfo=clock.CAIRO) - dt.timedelta(
        microseconds=1
    )


def iso_day(text: str) -> dt.date:
    """Read a day as programs write it, 2019-07-01; raise ValueError, DayInFuture, DayTooEarly."""
    return checked(dt.date.fromisoformat(text))


def iso_book(text: str) -> dt.datetime:
    """Read a moment of the book: ISO 8601 with a zone, or a day, which stands for its end in Egypt.

    Raise ValueError, DayInFuture, DayTooEarly.
    """
    try:
        return end_of(iso_day(text))
    except ValueError:
        found = parse_datetime(text)
    if found is None or found.tzinfo is None:
        raise ValueError(text)
    checked(clock.day_of(found))
    return found


def typed_day(text: str) -> dt.date:
    """Read a day written 2026-11-23 or 23/11/2026, in either digits; raise DayUnreadable, DayInFuture, DayTooEarly."""
    plain = digits.to_latin(text.strip())
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = dt.datetime.strptime(plain, pattern).date()
        except ValueError:
            continue
        return checked(found)
    raise DayUnreadable(day=text[:40])


def asked(query: Mapping[str, str]) -> Moment:
    """Return the moment an address asks for: `on`, `known`, or `ask=book`: what the register said on that very day."""
    on, known = query.get("on", "").strip(), query.get("known", "").strip()
    if not known and query.get("ask", "") == "book":
        known = on
    law = typed_day(on) if on else None
    book = end_of(typed_day(known)) if known else None
    return moment(law, book)


def moment(on: dt.date | None = None, known_at: dt.datetime | None = None) -> Moment:
    """Return the moment of two times that were read; None: today, now."""
    return Moment(on or clock.today(), known_at or clock.now(), on is not None, known_at is not None)
