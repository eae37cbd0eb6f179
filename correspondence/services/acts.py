"""What is done with a letter that stands in the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from authority.clock import day_of
from authority.models import User
from authority.policies import STAFF_READ, scope_of
from authority.refusal import Conflict, Invalid
from cases.models import Case
from correspondence import policies
from correspondence.models import Enclosure, Letter, LetterEvent
from correspondence.services.writing import (
    Act,
    Direction,
    NewFile,
    State,
    about,
    count_of,
    due_day,
    held,
    line,
    open_question,
    take_in,
    tell,
)
from documents import issuing
from parcels.models import Parcel

STANDING = (State.REGISTERED, State.ISSUED, State.ASSIGNED, State.ANSWERED)
LIVING = (State.DRAFT, *STANDING)
# What can be corrected in each register, and how long it may be. What was signed is never corrected: it is cancelled.
CORRECTABLE: dict[str, int] = {
    "correspondent": 200,
    "sender_no": 60,
    "sender_on": 10,
    "subject": 300,
    "enclosures": 4,
}


@transaction.atomic
def assign(
    *, by: User, at: dt.datetime, letter: Letter, to: User, note: str = "", due_on: dt.date | None = None,
    expected: int | None = None,
) -> Letter:  # fmt: skip
    """Hand an incoming letter to an officer. Raise NotAllowed, Stale, Conflict, Invalid `officer_elsewhere`."""
    found = held(letter, expected, State.REGISTERED, State.ASSIGNED)
    policies.require_role(by, policies.DIRECTORS, found.place)
    if not scope_of(to).allows(STAFF_READ, found.place):
        raise Invalid("officer_elsewhere", _("This person holds no office there."), field="to")
    found.assigned_to, found.state = to, State.ASSIGNED
    if due_on is not None:
        found.due_on = due_day(due_on, at)
    found.save(update_fields=["assigned_to", "state", "due_on"])
    after = to.get_full_name() or to.username
    tell(Act.ASSIGNED, found, by=by, at=at, after=after, note=line("note", note, 300))
    return found


@transaction.atomic
def set_due(
    *, by: User, at: dt.datetime, letter: Letter, due_on: dt.date, note: str = "", expected: int | None = None
) -> Letter:
    """Set until when a letter is to be answered. Raise NotAllowed, Stale, Conflict, Invalid `due_in_past`."""
    found = held(letter, expected, State.REGISTERED, State.ASSIGNED, State.ISSUED)
    policies.require_role(by, policies.DIRECTORS, found.place)
    before, found.due_on = found.due_on, due_day(due_on, at)
    found.save(update_fields=["due_on"])
    told = {"field": "due_on", "before": str(before or ""), "after": str(due_on), "note": line("note", note, 300)}
    tell(Act.DUE, found, by=by, at=at, **told)
    return found


@transaction.atomic
def answer_otherwise(*, by: User, at: dt.datetime, letter: Letter, note: str, expected: int | None = None) -> Letter:
    """Write that a letter was answered without a letter: by telephone, in person. Raise NotAllowed, Stale, Conflict."""
    found = held(letter, expected, State.REGISTERED, State.ASSIGNED, State.ISSUED)
    policies.require_role(by, policies.DIRECTORS, found.place)
    told = line("note", note, 300, needed=True)
    found.state = State.ANSWERED
    found.save(update_fields=["state"])
    tell(Act.ANSWERED, found, by=by, at=at, note=told)
    return found


@transaction.atomic
def file_letter(*, by: User, at: dt.datetime, letter: Letter, note: str = "", expected: int | None = None) -> Letter:
    """Put a letter away; one that waits for an answer needs a reason. Raise NotAllowed, Stale, Conflict, Invalid."""
    found = held(letter, expected, *STANDING)
    policies.require_role(by, policies.DIRECTORS, found.place)
    waits = found.due_on is not None and found.state != State.ANSWERED
    told = line("note", note, 300, needed=waits)
    found.state = State.FILED
    found.save(update_fields=["state"])
    tell(Act.FILED, found, by=by, at=at, note=told)
    return found


@transaction.atomic
def cancel(*, by: User, at: dt.datetime, letter: Letter, reason: str, expected: int | None = None) -> Letter:
    """Cancel a letter that has a number: the number stays with the reason, and its paper is revoked.

    What went out is cancelled by who may sign. Raise NotAllowed, Stale, Conflict `letter_state`, Invalid.
    """
    found = held(letter, expected, *STANDING, State.FILED)
    sent = found.direction == Direction.OUT
    policies.require_role(by, policies.SIGNERS if sent else policies.DIRECTORS, found.place)
    found.cancel_reason, found.state = line("reason", reason, 300, needed=True), State.CANCELLED
    found.save(update_fields=["cancel_reason", "state"])
    if found.paper is not None:
        issuing.revoke(paper=found.paper, by=by, at=at, reason=found.cancel_reason)
    tell(Act.CANCELLED, found, by=by, at=at, note=found.cancel_reason)
    open_question(found, by=by, at=at)
    return found


@transaction.atomic
def correct(
    *, by: User, at: dt.datetime, letter: Letter, field: str, value: str, reason: str, expected: int | None = None
) -> LetterEvent:
    """Correct an entry of an incoming letter: a dated row that keeps what stood there before.

    `value` is text; a day is written 2026-11-25. Raise NotAllowed, Stale, Conflict `letter_state`, `letter_signed`,
    `nothing_corrected`, Invalid.
    """
    found = held(letter, expected, *STANDING, State.FILED)
    policies.require_role(by, policies.KEEPERS, found.place)
    if found.direction == Direction.OUT:
        raise Conflict("letter_signed", _("What was signed is not corrected: cancel the letter and send another."))
    if field not in CORRECTABLE:
        raise Invalid("letter_incomplete", _("This entry is needed."), field="field")
    why = line("reason", reason, 300, needed=True)
    before, after = getattr(found, field), READ.get(field, _text)(field, value, at)
    if before == after:
        raise Conflict("nothing_corrected", _("The register says so already."))
    setattr(found, field, after)
    found.save(update_fields=[field])
    told = {"before": "" if before is None else str(before), "after": str(after)}
    return tell(Act.CORRECTED, found, by=by, at=at, field=field, note=why, **told)


def _text(field: str, value: str, _at: dt.datetime) -> str:
    return line("value", value, CORRECTABLE[field], needed=field in ("correspondent", "subject"))


def _day(_field: str, value: str, at: dt.datetime) -> dt.date:
    try:
        found = parse_date(value.strip())
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2200:
        raise Invalid("day_unreadable", _("Write the day as 2026-11-25."), field="value")
    if found > day_of(at):
        raise Invalid("sent_in_future", _("The sender's day lies in the future."), field="value")
    return found


def _count(_field: str, value: str, _at: dt.datetime) -> int:
    told = value.strip()
    if not (told.isascii() and told.isdigit() and len(told) <= CORRECTABLE["enclosures"]):
        raise Invalid("letter_incomplete", _("This entry is needed."), field="value")
    return count_of(int(told))


READ: dict[str, Callable[[str, str, dt.datetime], Any]] = {"sender_on": _day, "enclosures": _count}


@transaction.atomic
def enclose(*, by: User, at: dt.datetime, letter: Letter, file: NewFile, expected: int | None = None) -> Enclosure:
    """Attach a file to a letter; raises NotAllowed, Stale, Conflict `letter_state`, and what the store refuses."""
    found = held(letter, expected, *LIVING, State.FILED)
    policies.require_role(by, policies.DIRECTORS, found.place)
    (made,) = take_in(found, [file], by=by, at=at)
    tell(Act.ENCLOSED, found, by=by, at=at, note=made.title)
    return made


@transaction.atomic
def link_letter(
    *, by: User, at: dt.datetime, letter: Letter, cases: Sequence[Case] = (), parcels: Sequence[Parcel] = (),
    expected: int | None = None,
) -> Letter:  # fmt: skip
    """Link a letter to files and parcels. Raise NotAllowed, Stale, Conflict, Invalid `linked_to_nothing`."""
    found = held(letter, expected, *LIVING, State.FILED)
    policies.require_role(by, policies.DIRECTORS, found.place)
    told = about(found, cases, parcels)
    if not told:
        raise Invalid("linked_to_nothing", _("Name a file or a parcel that the letter is not linked to yet."))
    tell(Act.LINKED, found, by=by, at=at, note=", ".join(told)[:300])
    return found
