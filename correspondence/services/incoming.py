"""A letter comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority.clock import day_of
from authority.models import Office, User
from authority.refusal import Conflict, Invalid
from cases.models import Case
from correspondence import policies
from correspondence.models import Letter
from correspondence.services.writing import (
    Act,
    Direction,
    NewFile,
    State,
    about,
    close_question,
    line,
    new_letter,
    number_it,
    require_answerable,
    take_in,
    tell,
)
from parcels.models import Parcel
from parties.models import Party


@transaction.atomic
def register_incoming(
    *,
    by: User,
    at: dt.datetime,
    office: Office,
    correspondent: str,
    subject: str,
    sender_no: str = "",
    sender_on: dt.date | None = None,
    party: Party | None = None,
    enclosures: int = 0,
    due_on: dt.date | None = None,
    cases: Sequence[Case] = (),
    parcels: Sequence[Parcel] = (),
    answers: Letter | None = None,
    files: Sequence[NewFile] = (),
) -> Letter:
    """Enter a letter in the incoming register of an office, under its next number of the year.

    Raise NotAllowed, Invalid `letter_incomplete`, `text_too_long`, `sent_in_future`, `due_in_past`,
    `answers_wrongly`, `office_without_register`, `too_many_links`, Conflict `letter_known`.
    """
    made = new_letter(
        Direction.IN, office, policies.KEEPERS, by=by, at=at, correspondent=correspondent, subject=subject,
        sender_no=line("sender_no", sender_no, 60), sender_on=sender_on, party=party, enclosures=enclosures,
        due_on=due_on, replies_to=answers, state=State.REGISTERED,
    )  # fmt: skip
    if sender_on is not None and sender_on > day_of(at):
        raise Invalid("sent_in_future", _("The sender's day lies in the future."), field="sender_on")
    require_answerable(made, answers)
    number_it(made, at)  # from here on the register waits: nobody enters the same letter beside us
    _require_unknown(made)
    made.save(force_insert=True)
    about(made, cases, parcels)
    take_in(made, files, by=by, at=at)
    tell(Act.REGISTERED, made, by=by, at=at)
    close_question(made, by=by, at=at)
    return made


def _require_unknown(letter: Letter) -> None:
    """Raise Conflict `letter_known` where the sender's number and day stand in this register already."""
    if not letter.sender_no or letter.sender_on is None:
        return
    same = Letter.objects.filter(
        office=letter.office, direction=Direction.IN, correspondent=letter.correspondent, sender_no=letter.sender_no,
        sender_on=letter.sender_on,
    ).exclude(state=State.CANCELLED)  # fmt: skip
    found = same.first()
    if found is not None:
        raise Conflict(
            "letter_known", _("This letter stands in the register already, as number %(number)s."),
            number=found.number, letter=str(found.pk),
        )  # fmt: skip
