"""Who may see, enter and reveal persons: the staff of the governorate whose office entered them."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet

from authority.models import Role
from authority.policies import STAFF_READ, Anyone, nothing, scope_of
from authority.refusal import NotAllowed
from parties.models import Party

MAY_ENTER: Final[frozenset[str]] = frozenset(
    {
        Role.FRONT_DESK,
        Role.FILE_REVIEWER,
        Role.PROPERTY_OFFICER,
        Role.LEGAL_OFFICER,
        Role.INSPECTOR,
        Role.SPATIAL_CHANGE_OFFICER,
    }
)
MAY_MERGE: Final[frozenset[str]] = frozenset({Role.PROPERTY_OFFICER, Role.LEGAL_OFFICER})
MAY_REVEAL: Final[frozenset[str]] = frozenset({Role.FRONT_DESK, Role.PROPERTY_OFFICER, Role.LEGAL_OFFICER})


def _governorates(user: Anyone, roles: frozenset[str]) -> frozenset[str]:
    """Return the governorates in which one of the roles is held; "" among them means all."""
    return scope_of(user).governorates(roles)


def party_visible_to(user: Anyone, parties: QuerySet[Party]) -> QuerySet[Party]:
    """Return the parties that a person may see."""
    return parties.filter(_visible_q(user))


def _visible_q(user: Anyone) -> Q:
    codes = _governorates(user, STAFF_READ)
    if not codes:
        return nothing()
    seen = Q() if "" in codes else Q(governorate__in=sorted(codes))
    return seen | Q(created_by_id=user.pk) if seen else seen


def may_see(user: Anyone, party: Party) -> bool:
    """Say the same of one party."""
    codes = _governorates(user, STAFF_READ)
    return bool(codes) and ("" in codes or party.governorate in codes or party.created_by_id == user.pk)


def may_enter(user: Anyone, governorate: str) -> bool:
    """Say whether a person may enter parties for a governorate."""
    codes = _governorates(user, MAY_ENTER)
    return governorate in codes or "" in codes


def may_reveal(user: Anyone, party: Party) -> bool:
    """Say whether a person may ask for the whole national number."""
    codes = _governorates(user, MAY_REVEAL)
    return may_see(user, party) and (party.governorate in codes or "" in codes)


def may_merge(user: Anyone, party: Party) -> bool:
    """Say whether a person may say that two entries are one party, and part them again."""
    codes = _governorates(user, MAY_MERGE)
    return party.governorate in codes or "" in codes


def require_enter(user: Anyone, governorate: str) -> None:
    """Raise NotAllowed unless the person may enter parties there."""
    if not may_enter(user, governorate):
        raise NotAllowed("may_not_enter_parties")
