"""The register as a book: a year of an office, on paper and as a sheet of numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from authority import audit
from authority.models import Office, User
from correspondence.models import Letter
from correspondence.policies import letters_visible_to
from ui import digits, sheets

TAKEN = "correspondence.register_taken"
MOST_PRINTED = 1_000
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Book:
    """One register: of an office, of a direction, of a year."""

    office: Office
    direction: str
    year: int

    @property
    def title(self) -> str:
        """What stands on its cover."""
        name = _("Incoming register") if self.direction == Letter.Direction.IN else _("Outgoing register")
        return f"{name} — {self.office} — {digits.shown(str(self.year))}"

    def rows(self, user: User) -> QuerySet[Letter]:
        """Return its lines in the order of the numbers, within the reader's rights."""
        rows = letters_visible_to(user, Letter.objects.all())
        rows = rows.filter(office=self.office, direction=self.direction, year=self.year)
        return rows.select_related("assigned_to", "replies_to").prefetch_related("replies").order_by("serial")


def titles(direction: str) -> list[str]:
    """Return the heads of the columns, as the paper register has them."""
    coming = direction == Letter.Direction.IN
    return [
        _("Number"),
        _("Date"),
        _("From") if coming else _("To"),
        *([_("The sender's number"), _("The sender's date")] if coming else []),
        pgettext("letter", "Subject"),
        _("Enclosures"),
        _("Assigned to") if coming else _("Signed by"),
        _("Answer"),
        _("State"),
        _("Remarks"),
    ]


def line_of(letter: Letter) -> list[str | int]:
    """Return one line of the register."""
    coming = letter.direction == Letter.Direction.IN
    person = letter.assigned_to if coming else letter.signed_by
    return [
        letter.serial or 0,
        day_of(letter.registered_on),
        letter.correspondent,
        *([letter.sender_no, day_of(letter.sender_on)] if coming else []),
        letter.subject,
        letter.enclosures,
        (person.get_full_name() or person.username) if person else "",
        answers_of(letter),
        str(letter.get_state_display()),
        letter.cancel_reason,
    ]


def day_of(day: dt.date | None) -> str:
    """Print a day, or nothing."""
    return digits.day(day) if day else ""


def answers_of(letter: Letter) -> str:
    """Name what it answers and what answers it."""
    after = [one for one in letter.replies.all() if one.serial and one.state != Letter.State.CANCELLED]
    before = [letter.replies_to] if letter.replies_to else []
    return "، ".join(digits.shown(str(one)) for one in (*before, *after))


@transaction.atomic
def workbook(book: Book, *, by: User, at: dt.datetime) -> bytes:
    """Return the register as an Excel workbook that reads from right to left in Arabic, and record who took it."""
    made = sheets.workbook(pgettext("letter", "Register")[:28], titles(book.direction), lines(book, by))
    detail = {"office": book.office.code, "direction": book.direction, "year": book.year}
    audit.record(TAKEN, by=by, at=at, obj=book.office, governorate=governorate_of(book.office), detail=detail)
    return made


def governorate_of(office: Office) -> str:
    """Return the governorate of an office."""
    return office.place.governorate_code if office.place else ""


def lines(book: Book, user: User) -> Iterator[list[str | int]]:
    """Yield the lines of a register."""
    for letter in book.rows(user).select_related("signed_by")[:MOST_ROWS].iterator(2000):
        yield line_of(letter)
