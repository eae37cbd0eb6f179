"""A survey whose file cannot be used ends refused, with a code and what it means."""

from __future__ import annotations

from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from authority.refusal import Invalid, Refusal
from jobs.attempts import Attempt
from surveys.models import Submission
from surveys.services.locking import locked, move

State = Submission.State
BROKEN = Invalid("reading_broken", _("The file could not be read to its end. Hand it in again."))


def refuse(attempt: Attempt, submission_id: UUID, refusal: Refusal) -> None:
    """End the survey with the refusal, in the language of who handed it in."""
    with attempt.publishing(last=True):
        end(submission_id, refusal)


def end(submission_id: UUID, refusal: Refusal) -> None:
    """Set a survey that is still being worked on to refused; the caller's transaction carries it."""
    held = locked(Submission(pk=submission_id))
    if held.state not in (State.RECEIVED, State.READING, State.CHECKING):
        return
    with translation.override(held.submitted_by.language):
        move(held, State.REFUSED, refusal_code=refusal.code[:60], refusal_detail=refusal.detail)
