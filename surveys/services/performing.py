"""Doing an act by its name: what the API's body and the page's form both say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.refusal import Invalid
from surveys.models import Submission
from surveys.services.answering import answer
from surveys.services.deciding import accept, return_submission, withdraw


def perform(
    submission: Submission, body: dict[str, Any], *, by: User, at: datetime, version: int | None = None
) -> Submission:
    """Do the act a body names; raises Invalid (act_unknown) and what the act's service raises."""
    how: dict[str, Any] = {"by": by, "at": at, "version": version}
    match body["act"]:
        case "answer":
            kind = body.get("kind")
            return answer(submission, kind=kind if isinstance(kind, str) else "", value=body.get("value"), **how)
        case "accept":
            return accept(submission, sound_only=body.get("sound_only") is True, **how)
        case "accept_sound":
            return accept(submission, sound_only=True, **how)
        case "return":
            return return_submission(submission, comment=str(body.get("comment") or ""), **how)
        case "withdraw":
            return withdraw(submission, **how)
    raise Invalid("act_unknown", _("There is no act of this name."))
