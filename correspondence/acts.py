"""The acts on a letter: a row each, with its form, from which states, who may, and the one service it calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from authority.refusal import Invalid
from correspondence import forms as pen
from correspondence import policies, services
from correspondence.models import Letter
from correspondence.services.acts import LIVING, STANDING

Text = str | Promise
State, Direction = Letter.State, Letter.Direction
BOTH = frozenset(Direction.values)
WAITING = frozenset({State.REGISTERED, State.ASSIGNED, State.ISSUED})
IN_REGISTER = frozenset({*STANDING, State.FILED})


@dataclass(frozen=True)
class Ask:
    """What an act is given."""

    user: User
    at: dt.datetime
    letter: Letter
    said: dict[str, Any]
    expected: int | None


@dataclass(frozen=True)
class LetterAct:
    """One act."""

    name: str
    title: Text
    icon: str
    form: type[forms.Form]
    do: Callable[[Ask], Any]
    states: frozenset[str]
    may: Callable[[User, Place], bool] = policies.may_direct
    directions: frozenset[str] = BOTH

    def fits(self, letter: Letter) -> bool:
        """Say whether the act follows from where the letter stands."""
        return letter.state in self.states and letter.direction in self.directions

    def may_do(self, user: User, letter: Letter) -> bool:
        """Say whether the person may do it with this letter."""
        if self.name == "cancel" and letter.direction == Direction.OUT:
            return policies.may_sign(user, letter.place)
        if self.name == "sign" and user.pk in (letter.entered_by_id, letter.drafted_by_id):
            return False
        return self.may(user, letter.place)


def plainly(verb: Callable[..., Any]) -> Callable[[Ask], Any]:
    """Return an act that hands what was said to its service as it is."""
    return lambda ask: verb(by=ask.user, at=ask.at, letter=ask.letter, expected=ask.expected, **ask.said)


def assign(ask: Ask) -> None:
    """Hand it to an officer, named by his account."""
    said = dict(ask.said)
    to = User.objects.filter(username=said.pop("to", ""), is_active=True).first()
    if to is None:
        raise Invalid("officer_elsewhere", _("This person holds no office there."), field="to")
    services.assign(by=ask.user, at=ask.at, letter=ask.letter, expected=ask.expected, to=to, **said)


def link(ask: Ask) -> None:
    """Link it to files and parcels, by their numbers."""
    cases = pen.files_of(ask.user, ask.said.get("cases", ""))
    parcels = pen.parcels_of(ask.user, ask.said.get("parcels", ""))
    services.link_letter(by=ask.user, at=ask.at, letter=ask.letter, expected=ask.expected, cases=cases, parcels=parcels)


def enclose(ask: Ask) -> None:
    """Attach a file."""
    handed = pen.file_of(ask.said.get("file"), ask.said.get("title", ""))
    if handed is None:
        raise Invalid("letter_incomplete", _("This entry is needed."), field="file")
    services.enclose(by=ask.user, at=ask.at, letter=ask.letter, expected=ask.expected, file=handed)


def correct(ask: Ask) -> None:
    """Correct an entry; nothing said means that it should be empty."""
    said = {"value": "", **ask.said}
    services.correct(by=ask.user, at=ask.at, letter=ask.letter, expected=ask.expected, **said)


ACTS = {
    row.name: row
    for row in (
        LetterAct("sign", _("Sign and send"), "signature", pen.PlainForm, plainly(services.sign),
                  frozenset({State.DRAFT}), policies.may_sign),
        LetterAct("redraft", _("Change the draft"), "edit", pen.RedraftForm, plainly(services.redraft),
                  frozenset({State.DRAFT})),
        LetterAct("assign", _("Assign"), "user-check", pen.AssignForm, assign,
                  frozenset({State.REGISTERED, State.ASSIGNED})),
        LetterAct("due", _("Set the day of answer"), "calendar-due", pen.DueForm, plainly(services.set_due), WAITING),
        LetterAct("answered", _("Answered otherwise"), "check", pen.NoteForm, plainly(services.answer_otherwise),
                  WAITING),
        LetterAct("enclose", _("Attach a file"), "paperclip", pen.EncloseForm, enclose,
                  frozenset({*LIVING, State.FILED})),
        LetterAct("link", _("Link to files and parcels"), "link", pen.LinkForm, link,
                  frozenset({*LIVING, State.FILED})),
        LetterAct("correct", _("Correct an entry"), "pencil", pen.CorrectForm, correct, IN_REGISTER,
                  policies.may_keep, frozenset({Direction.IN})),
        LetterAct("file", _("File away"), "archive", pen.FilingForm, plainly(services.file_letter),
                  frozenset(STANDING)),
        LetterAct("withdraw", _("Withdraw the draft"), "x", pen.ReasonForm, plainly(services.withdraw_draft),
                  frozenset({State.DRAFT})),
        LetterAct("cancel", _("Cancel"), "ban", pen.ReasonForm, plainly(services.cancel), IN_REGISTER),
    )
}  # fmt: skip


def open_acts(letter: Letter, user: User) -> list[LetterAct]:
    """Return the acts that a person can do with a letter now."""
    return [row for row in ACTS.values() if row.fits(letter) and row.may_do(user, letter)]
