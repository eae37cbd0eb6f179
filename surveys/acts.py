"""What may be done with a survey: one table that the page, the API and the services read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.refusal import Conflict, NotAllowed, Refusal
from surveys import policies
from surveys.models import Submission

State = Submission.State
Why = Callable[[User, Submission], Refusal | None]


@dataclass(frozen=True)
class Act:
    """A verb on a survey: the states it starts from and what else stands against it."""

    name: str
    title: str | Promise
    states: tuple[str, ...]
    against: tuple[Why, ...]


@dataclass(frozen=True)
class Offer:
    """An act as one person sees it: open, or locked with its reason."""

    act: Act
    refusal: Refusal | None

    @property
    def allowed(self) -> bool:
        """Whether it can be done now."""
        return self.refusal is None

    def as_json(self) -> dict[str, Any]:
        """Return the act as the API says it."""
        reason = None if self.refusal is None else {"code": self.refusal.code, "detail": self.refusal.detail}
        return {"act": self.act.name, "title": str(self.act.title), "allowed": self.allowed, "reason": reason}


def not_the_officer(user: User, submission: Submission) -> Refusal | None:
    """Refuse who has not the role here."""
    if policies.has_role_to_decide(user, submission):
        return None
    return NotAllowed("not_the_officer", _("Only the GIS officer of this place decides on a survey."))


def the_submitter(user: User, submission: Submission) -> Refusal | None:
    """Refuse who handed the survey in."""
    if submission.submitted_by_id != user.pk:
        return None
    return NotAllowed("submitter_may_not_decide", _("Whoever handed the survey in may not decide on it."))


def not_the_submitter(user: User, submission: Submission) -> Refusal | None:
    """Refuse everybody but who handed the survey in."""
    if submission.submitted_by_id == user.pk:
        return None
    return NotAllowed("not_the_submitter", _("Only the person who handed the survey in may withdraw it."))


def may_not_answer(user: User, submission: Submission) -> Refusal | None:
    """Refuse who could not have handed the survey in."""
    if policies.may_answer(user, submission):
        return None
    return NotAllowed("may_not_answer", _("Only a surveyor of this place answers what is asked of the file."))


def blocked(user: User, submission: Submission) -> Refusal | None:
    """Refuse while blocking faults stand."""
    if not submission.block_count:
        return None
    return Conflict("has_blocks", _("%(count)d blocking faults are not dealt with."), count=submission.block_count)


def nothing_to_leave_out(user: User, submission: Submission) -> Refusal | None:
    """Refuse to leave out faulty features where there are none."""
    if submission.block_count:
        return None
    return Conflict("no_blocks", _("There are no blocking faults; accept the whole survey."))


def nothing_sound(user: User, submission: Submission) -> Refusal | None:
    """Refuse where no feature is sound."""
    from surveys.selectors import sound_count

    if sound_count(submission):
        return None
    return Conflict("nothing_sound", _("No feature of the survey is free of blocking faults."))


DECISION = (not_the_officer, the_submitter)
ACTS: tuple[Act, ...] = (
    Act("answer", _("Answer what is asked"), (State.ASKING,), (may_not_answer,)),
    Act("accept", _("Accept all"), (State.REPORTED,), (*DECISION, blocked, nothing_sound)),
    Act(
        "accept_sound",
        _("Accept the sound ones"),
        (State.REPORTED,),
        (*DECISION, nothing_to_leave_out, nothing_sound),
    ),
    Act("return", _("Return to the surveyor"), (State.REPORTED,), DECISION),
    Act(
        "withdraw",
        _("Withdraw"),
        (State.RECEIVED, State.READING, State.ASKING, State.CHECKING, State.REPORTED),
        (not_the_submitter,),
    ),
)
BY_NAME = {act.name: act for act in ACTS}


def refusal_of(act: Act, user: User, submission: Submission) -> Refusal | None:
    """Return why the act cannot be done, or None: first the person, then the state, then all else."""
    persons = [why for why in act.against if why not in (blocked, nothing_to_leave_out, nothing_sound)]
    things = [why for why in act.against if why not in persons]
    refusals: Iterator[Refusal | None] = (why(user, submission) for why in persons)
    found = next(filter(None, refusals), None) or _wrong_state(act, submission)
    return found or next(filter(None, (why(user, submission) for why in things)), None)


def _wrong_state(act: Act, submission: Submission) -> Refusal | None:
    if submission.state in act.states:
        return None
    return Conflict(
        "wrong_state",
        _("Not possible now: the survey is “%(state)s”."),
        state=submission.get_state_display(),
    )


def require(name: str, user: User, submission: Submission) -> None:
    """Raise the refusal that stands against an act; the row should be locked by the caller."""
    refusal = refusal_of(BY_NAME[name], user, submission)
    if refusal is not None:
        raise refusal


def acts_for(submission: Submission, user: User) -> list[Offer]:
    """Return every act, open ones first, each locked one with its reason."""
    offers = [Offer(act, refusal_of(act, user, submission)) for act in ACTS]
    return sorted(offers, key=lambda offer: not offer.allowed)
