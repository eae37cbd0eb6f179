"""Answering what only a person can say of the file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.refusal import Conflict
from surveys import acts
from surveys.asked import checked_answer
from surveys.models import Question, Submission
from surveys.services.locking import locked
from surveys.services.receiving import queue_reading

ANSWERED = "surveys.answer"


@transaction.atomic
def answer(
    submission: Submission, *, kind: str, value: Any, by: User, at: datetime, version: int | None = None
) -> Submission:
    """Answer one question; when the last one is answered the file is read again.

    Raises Conflict (wrong_state, not_asked), NotAllowed, Invalid (…_unknown), Stale when `version` is another.
    """
    held = locked(submission, version=version)
    acts.require("answer", by, held)
    question = _question(held, kind)
    chosen = checked_answer(kind, value)
    question.answer, question.answered_by, question.answered_at = chosen, by, at
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    audit.record(ANSWERED, by=by, at=at, obj=held, detail={"kind": kind, "value": chosen})
    if not held.questions.filter(answer__isnull=True).exists():
        held.state = Submission.State.READING
        queue_reading(held, by=by, at=at)
    held.row_version += 1
    held.save(update_fields=["state", "row_version"])
    return held


def _question(submission: Submission, kind: str) -> Question:
    question = submission.questions.select_for_update().filter(kind=kind).first()
    if question is None:
        raise Conflict("not_asked", _("This was not asked of the file."))
    return question
