"""Deciding on a survey: by an officer who did not hand it in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.refusal import Invalid
from jobs.services import queue
from surveys import acts
from surveys.models import Submission
from surveys.services.locking import locked, move

ACCEPT = "surveys.accept"
RETURN = "surveys.return"
WITHDRAW = "surveys.withdraw"


@transaction.atomic
def accept(
    submission: Submission, *, by: User, at: datetime, sound_only: bool = False, version: int | None = None
) -> Submission:
    """Accept the survey, or only its features without blocking faults; the register is changed by a job.

    Raises Conflict (wrong_state, has_blocks, nothing_sound), NotAllowed (submitter_may_not_decide, not_the_officer).
    """
    held = locked(submission, version=version)
    acts.require("accept_sound" if sound_only else "accept", by, held)
    move(
        held,
        Submission.State.ACCEPTING,
        decided_by=by,
        decided_at=at,
        sound_only=sound_only,
        progress=0,
        refusal_code="",
        refusal_detail="",
    )
    audit.record(ACCEPT, by=by, at=at, obj=held, detail={"sound_only": sound_only, "blocks": held.block_count})
    queue("surveys.accept", by=by, at=at, key=f"surveys.accept:{held.pk}", submission=held.pk)
    return held


@transaction.atomic
def return_submission(
    submission: Submission, *, by: User, at: datetime, comment: str, version: int | None = None
) -> Submission:
    """Send the survey back with a reason; raises Invalid (comment_missing) and what `accept` raises."""
    held = locked(submission, version=version)
    acts.require("return", by, held)
    reason = comment.strip()
    if not reason:
        raise Invalid("comment_missing", _("Write the reason for returning the survey."))
    move(held, Submission.State.RETURNED, decided_by=by, decided_at=at, comment=reason[:4000])
    audit.record(RETURN, by=by, at=at, obj=held, detail={"comment": reason[:4000]})
    return held


@transaction.atomic
def withdraw(submission: Submission, *, by: User, at: datetime, version: int | None = None) -> Submission:
    """Take the survey back; only who handed it in, and only before it is decided."""
    held = locked(submission, version=version)
    acts.require("withdraw", by, held)
    move(held, Submission.State.WITHDRAWN)
    audit.record(WITHDRAW, by=by, at=at, obj=held)
    return held
