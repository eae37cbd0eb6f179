"""Who proposes rules and who puts them in force: never the same person."""

from __future__ import annotations

from authority.models import Role, User
from authority.policies import require, scope_of
from authority.refusal import NotAllowed
from law.models import Holiday, LegalRule

PROPOSE: frozenset[str] = frozenset({Role.LEGAL_OFFICER, Role.ADMIN})
DECIDE: frozenset[str] = frozenset({Role.LEGAL_OFFICER, Role.SECRETARY_GENERAL})


def may_propose(user: User) -> bool:
    """Say whether the person may propose a rule."""
    return scope_of(user).holds(PROPOSE)


def may_decide(user: User, rule: LegalRule | Holiday) -> bool:
    """Say whether the person may decide on a proposal of another."""
    return scope_of(user).holds(DECIDE) and rule.proposed_by_id != user.pk


def require_proposer(user: User) -> None:
    """Raise NotAllowed unless the person may propose."""
    require(user, PROPOSE)


def require_decider(user: User, rule: LegalRule | Holiday) -> None:
    """Raise NotAllowed `own_proposal` where somebody decides on what he proposed himself."""
    require(user, DECIDE)
    if rule.proposed_by_id == user.pk:
        raise NotAllowed("own_proposal")
