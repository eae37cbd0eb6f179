"""A letter goes out: drafted by one, signed by another, numbered as it leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority.models import Office, User
from authority.refusal import NotAllowed
from cases.models import Case
from correspondence import policies
from correspondence.models import Letter
from correspondence.papers import letter_paper
from correspondence.services.writing import (
    Act,
    Direction,
    NewFile,
    State,
    about,
    close_question,
    count_of,
    due_day,
    held,
    line,
    new_letter,
    number_it,
    require_answerable,
    take_in,
    tell,
)
from parcels.models import Parcel
from parties.models import Party

BODY = 20_000


@transaction.atomic
def draft_outgoing(
    *,
    by: User,
    at: dt.datetime,
    office: Office,
    correspondent: str,
    subject: str,
    body: str,
    party: Party | None = None,
    enclosures: int = 0,
    due_on: dt.date | None = None,
    cases: Sequence[Case] = (),
    parcels: Sequence[Parcel] = (),
    answers: Letter | None = None,
    files: Sequence[NewFile] = (),
) -> Letter:
    """Draft a letter; it has no number before another person signs it.

    Raise NotAllowed, Invalid `letter_incomplete`, `text_too_long`, `due_in_past`, `answers_wrongly`,
    `office_without_register`, `too_many_links`.
    """
    made = new_letter(
        Direction.OUT, office, policies.DIRECTORS, by=by, at=at, correspondent=correspondent, subject=subject,
        body=line("body", body, BODY, needed=True), party=party, enclosures=enclosures, due_on=due_on,
        replies_to=answers, state=State.DRAFT,
    )  # fmt: skip
    require_answerable(made, answers)
    made.save(force_insert=True)
    about(made, cases, parcels)
    take_in(made, files, by=by, at=at)
    tell(Act.DRAFTED, made, by=by, at=at)
    return made


@transaction.atomic
def redraft(
    *,
    by: User,
    at: dt.datetime,
    letter: Letter,
    correspondent: str,
    subject: str,
    body: str,
    enclosures: int = 0,
    due_on: dt.date | None = None,
    expected: int | None = None,
) -> Letter:
    """Write a draft anew; the words before stay in its history, and who wrote it last may not sign it.

    Raise NotAllowed, Stale, Conflict `letter_state`, Invalid `letter_incomplete`, `text_too_long`, `due_in_past`.
    """
    found = held(letter, expected, State.DRAFT)
    policies.require_role(by, policies.DIRECTORS, found.place)
    before = found.body
    found.correspondent = line("correspondent", correspondent, 200, needed=True)
    found.subject = line("subject", subject, 300, needed=True)
    found.body = line("body", body, BODY, needed=True)
    found.enclosures, found.drafted_by = count_of(enclosures), by
    found.due_on = found.due_on if due_on == found.due_on else due_day(due_on, at)
    found.save(update_fields=["correspondent", "subject", "body", "enclosures", "due_on", "drafted_by"])
    tell(Act.REDRAFTED, found, by=by, at=at, field="body", before=before, after=found.body)
    return found


@transaction.atomic
def sign(*, by: User, at: dt.datetime, letter: Letter, expected: int | None = None) -> Letter:
    """Sign a draft: it takes the next number of the outgoing register and is laid out as a PDF with its QR.

    Raise NotAllowed, also `maker_is_signer`; Stale, Conflict `letter_state`, PdfUnavailable.
    """
    found = held(letter, expected, State.DRAFT)
    policies.require_role(by, policies.SIGNERS, found.place)
    written = found.events.filter(act__in=[Act.DRAFTED, Act.REDRAFTED], by=by)
    if written.exists():
        raise NotAllowed("maker_is_signer", _("You wrote this letter: another person signs it."))
    found.signed_by, found.state = by, State.ISSUED
    number_it(found, at)
    found.paper = letter_paper(found, by=by, at=at)
    found.save(update_fields=["signed_by", "state", "year", "serial", "registered_on", "paper"])
    tell(Act.SIGNED, found, by=by, at=at)
    close_question(found, by=by, at=at)
    return found


@transaction.atomic
def withdraw_draft(*, by: User, at: dt.datetime, letter: Letter, reason: str, expected: int | None = None) -> Letter:
    """Drop a draft; it never had a number. Raise NotAllowed, Stale, Conflict `letter_state`, Invalid."""
    found = held(letter, expected, State.DRAFT)
    policies.require_role(by, policies.DIRECTORS, found.place)
    note = line("reason", reason, 300, needed=True)
    found.state = State.WITHDRAWN
    found.save(update_fields=["state"])
    tell(Act.WITHDRAWN, found, by=by, at=at, note=note)
    return found
