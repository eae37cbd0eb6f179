"""The acts on a suit: a row each, with its form, who may, and the one service it calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from litigation import forms as pen
from litigation import policies, services
from litigation.models import Suit
from litigation.selectors import hearing_of, judgment_of

Text = str | Promise


@dataclass(frozen=True)
class Ask:
    """What an act is given."""

    user: User
    at: dt.datetime
    suit: Suit
    said: dict[str, Any]
    of: int  # the hearing or judgment that the address names
    expected: int | None


@dataclass(frozen=True)
class SuitAct:
    """One act."""

    name: str
    title: Text
    icon: str
    form: type[forms.Form]
    do: Callable[[Ask], Any]
    may: Callable[[User, Place], bool] = policies.may_keep
    listed: bool = False  # offered at the head of the page, not beside a hearing or judgment


def hearing(ask: Ask) -> None:
    """Enter a day in court."""
    services.enter_hearing(by=ask.user, at=ask.at, suit=ask.suit, expected=ask.expected, **ask.said)


def outcome(ask: Ask) -> None:
    """Write what was decided in it."""
    services.tell_hearing(
        by=ask.user, at=ask.at, hearing=hearing_of(ask.suit, ask.of), expected=ask.expected, **ask.said
    )


def judgment(ask: Ask) -> None:
    """Enter a judgment."""
    services.enter_judgment(by=ask.user, at=ask.at, suit=ask.suit, expected=ask.expected, **ask.said)


def confirm(ask: Ask) -> None:
    """Confirm it."""
    services.confirm_judgment(by=ask.user, at=ask.at, judgment=judgment_of(ask.suit, ask.of), expected=ask.expected)


def aside(ask: Ask) -> None:
    """Set it aside."""
    services.set_judgment_aside(by=ask.user, at=ask.at, judgment=judgment_of(ask.suit, ask.of), **ask.said)


def served(ask: Ask) -> None:
    """Write when it was served."""
    services.notify_judgment(by=ask.user, at=ask.at, judgment=judgment_of(ask.suit, ask.of), **ask.said)


def step(ask: Ask) -> None:
    """Write a step of execution."""
    services.enter_step(by=ask.user, at=ask.at, judgment=judgment_of(ask.suit, ask.of), **ask.said)


ACTS = {
    row.name: row
    for row in (
        SuitAct("hearing", _("Enter a hearing"), "calendar-plus", pen.HearingForm, hearing, listed=True),
        SuitAct("judgment", _("Enter a judgment"), "gavel", pen.JudgmentForm, judgment, listed=True),
        SuitAct("outcome", _("Enter what was decided"), "edit", pen.OutcomeForm, outcome),
        SuitAct("confirm", _("Confirm the judgment"), "check", pen.ConfirmForm, confirm, policies.may_confirm),
        SuitAct("aside", _("Set the judgment aside"), "x", pen.AsideForm, aside, policies.may_confirm),
        SuitAct("served", _("Enter the day of service"), "mail", pen.ServiceForm, served),
        SuitAct("step", _("Enter a step of execution"), "list-check", pen.StepForm, step),
    )
}
