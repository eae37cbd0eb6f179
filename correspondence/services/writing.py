"""What every act on a letter does alike: check the words, lock, number, record, index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.clock import day_of
from authority.models import Office, Place, User
from authority.refusal import Conflict, Invalid, Stale
from cases.models import Case
from cases.numbering import next_number
from correspondence import policies
from correspondence.models import Enclosure, Letter, LetterCase, LetterEvent, LetterParcel
from documents import services as documents
from parcels.models import Parcel
from search.services import index

Act, State, Direction = LetterEvent.Act, Letter.State, Letter.Direction
MOST_LINKS = 50
MOST_ENCLOSURES = 9_999
INVOLVED = (State.REGISTERED, State.ASSIGNED, State.ISSUED, State.ANSWERED)


@dataclass(frozen=True, kw_only=True)
class NewFile:
    """A file that comes with a letter."""

    file: BinaryIO
    filename: str
    title: str = ""


def line(name: str, text: str, length: int, *, needed: bool = False) -> str:
    """Return what is written in an entry; raises Invalid `text_too_long`, `letter_incomplete`."""
    told = text.strip()
    if len(told) > length or "\x00" in told:
        raise Invalid("text_too_long", _("%(field)s: at most %(length)s characters."), field=name, length=length)
    if needed and not told:
        raise Invalid("letter_incomplete", _("This entry is needed."), field=name)
    return told


def count_of(enclosures: int) -> int:
    """Return how many enclosures there are; raises Invalid `letter_incomplete`."""
    if not 0 <= enclosures <= MOST_ENCLOSURES:
        raise Invalid("letter_incomplete", _("This entry is needed."), field="enclosures")
    return enclosures


def place_of(office: Office) -> Place:
    """Return the place of an office that keeps a register; raises Invalid `office_without_register`."""
    if office.place is None or office.closed_on is not None:
        raise Invalid("office_without_register", _("This office keeps no register of letters."), field="office")
    return office.place


def due_day(due_on: dt.date | None, at: dt.datetime) -> dt.date | None:
    """Return the day of answer; raises Invalid `due_in_past`."""
    if due_on is not None and due_on < day_of(at):
        raise Invalid("due_in_past", _("The day of answer lies in the past."), field="due_on")
    return due_on


def number_it(letter: Letter, at: dt.datetime) -> None:
    """Give the letter the next number of its register; the series stays locked until the letter is committed."""
    letter.year, letter.serial = next_number(
        series=f"letter-{letter.direction}-{letter.office_id}", governorate=letter.governorate, at=at
    )
    letter.registered_on = day_of(at)


def about(letter: Letter, cases: Iterable[Case], parcels: Iterable[Parcel]) -> list[str]:
    """Write what a letter is about and return the numbers of what is new; raises Invalid `too_many_links`."""
    files, lands = list(cases), list(parcels)
    if len(files) + len(lands) > MOST_LINKS:
        raise Invalid("too_many_links", _("A letter is linked to at most %(most)s things at once."), most=MOST_LINKS)
    told = []
    for case in files:
        if LetterCase.objects.get_or_create(letter=letter, case=case)[1]:
            told.append(case.number)
    for parcel in lands:
        if LetterParcel.objects.get_or_create(letter=letter, parcel=parcel)[1]:
            told.append(parcel.parcel_code)
    return told


def take_in(letter: Letter, files: Sequence[NewFile], *, by: User, at: dt.datetime) -> list[Enclosure]:
    """Keep the files of a letter; raises what the store refuses."""
    made = []
    for one in files:
        kept = documents.store(
            file=one.file, filename=one.filename, kind="letter", by=by, at=at, governorate=letter.governorate
        )
        title = line("title", one.title, 200) or kept.filename
        made.append(Enclosure.objects.create(letter=letter, document=kept, title=title, added_by=by, added_at=at))
    return made


def held(letter: Letter, expected: int | None, *states: str) -> Letter:
    """Return the letter locked, in one of the states; raises Stale, Conflict `letter_state`."""
    found = Letter.objects.select_for_update(of=("self",)).select_related("place", "office").get(pk=letter.pk)
    if expected is not None and found.row_version != expected:
        raise Stale
    if states and found.state not in states:
        raise Conflict(
            "letter_state", _("The letter stands at “%(state)s”; this does not follow from there."),
            state=found.get_state_display(),
        )  # fmt: skip
    return found


def tell(act: str, letter: Letter, *, by: User, at: dt.datetime, **how: Any) -> LetterEvent:
    """Write the event, step the version, write the audit, renew the index."""
    event = LetterEvent.objects.create(letter=letter, act=act, by=by, at=at, **how)
    Letter.objects.filter(pk=letter.pk).update(row_version=F("row_version") + 1)
    letter.refresh_from_db(fields=["row_version"])
    detail = {"direction": letter.direction, "number": letter.number, "office": letter.office.code}
    detail |= {name: str(how[name]) for name in ("field", "note") if how.get(name)}
    audit.record(
        f"correspondence.{act.lower()}", by=by, at=at, obj=letter, governorate=letter.governorate, detail=detail
    )
    index("letter", [letter.pk])
    return event


def require_answerable(letter: Letter, asked: Letter | None) -> None:
    """Raise Invalid `answers_wrongly` unless the letter asked about runs the other way and stands."""
    if asked is None:
        return
    if asked.direction == letter.direction or asked.state not in (*INVOLVED, State.FILED):
        raise Invalid(
            "answers_wrongly", _("A letter answers one that runs the other way and stands in a register."),
            field="answers",
        )  # fmt: skip


def close_question(letter: Letter, *, by: User, at: dt.datetime) -> None:
    """Mark the letter that this one answers as answered."""
    if letter.replies_to_id is None:
        return
    asked = Letter.objects.select_for_update(of=("self",)).select_related("office").get(pk=letter.replies_to_id)
    if asked.state not in (State.REGISTERED, State.ASSIGNED, State.ISSUED):
        return
    asked.state = State.ANSWERED
    asked.save(update_fields=["state"])
    tell(Act.ANSWERED, asked, by=by, at=at, note=str(letter))


def open_question(letter: Letter, *, by: User, at: dt.datetime) -> None:
    """Let the letter that a cancelled one had answered wait again, unless another answer stands."""
    if letter.replies_to_id is None:
        return
    asked = Letter.objects.select_for_update(of=("self",)).select_related("office").get(pk=letter.replies_to_id)
    others = asked.replies.exclude(pk=letter.pk).exclude(serial=None).exclude(state=State.CANCELLED)
    if asked.state != State.ANSWERED or others.exists():
        return
    sent = asked.direction == Direction.OUT
    asked.state = State.ISSUED if sent else State.ASSIGNED if asked.assigned_to_id else State.REGISTERED
    asked.save(update_fields=["state"])
    tell(Act.REOPENED, asked, by=by, at=at, note=str(letter))


def new_letter(
    direction: str, office: Office, roles: frozenset[str], *, by: User, at: dt.datetime, **entries: Any
) -> Letter:
    """Return a letter not yet saved, in the register of an office; raises NotAllowed, Invalid."""
    place = place_of(office)
    policies.require_role(by, roles, place)
    return Letter(
        direction=direction,
        office=office,
        place=place,
        governorate=place.governorate_code,
        correspondent=line("correspondent", entries.pop("correspondent"), 200, needed=True),
        subject=line("subject", entries.pop("subject"), 300, needed=True),
        enclosures=count_of(entries.pop("enclosures")),
        due_on=due_day(entries.pop("due_on"), at),
        entered_by=by,
        entered_at=at,
        drafted_by=by,
        **entries,
    )
