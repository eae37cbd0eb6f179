"""What rules and holidays share on their way: proposed by one person, decided once by another."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.refusal import Conflict, Invalid, NotFound
from law.models import Holiday, LegalRule
from law.policies import require_decider

REASON_MAX = 300
Proposal = TypeVar("Proposal", LegalRule, Holiday)


def undecided(row: Proposal) -> Proposal:
    """Hold a proposal that nobody has decided yet. Raise NotFound, Conflict `rule_decided`."""
    held = type(row).objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if held is None:
        raise NotFound()
    if held.state != row.State.PROPOSED:
        raise Conflict("rule_decided", _("This proposal was decided already."))
    return held


def refuse(row: Proposal, *, by: User, at: dt.datetime, reason: str) -> Proposal:
    """Refuse a proposal; it stays with its reason. Raise NotAllowed, Conflict `rule_decided`, Invalid."""
    held = undecided(row)
    require_decider(by, held)
    if not reason.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."))
    held.state, held.decided_by, held.decided_at = row.State.REFUSED, by, at
    held.reason = reason.strip()[:REASON_MAX]
    held.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return held
