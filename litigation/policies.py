"""Who reads and who keeps the register of suits: role × place."""

from __future__ import annotations

from django.db.models import QuerySet

from authority.models import Place, Role, User
from authority.policies import STAFF_READ, require, scope_of
from litigation.models import Hearing, Judgment, Suit

KEEPERS: frozenset[str] = frozenset({Role.LEGAL_OFFICER})
# Who confirms a judgment beside another legal officer: the heads who answer for what follows.
CONFIRMERS: frozenset[str] = KEEPERS | {Role.DISTRICT_HEAD, Role.SECRETARY_GENERAL}


def suits_visible_to(user: User, rows: QuerySet[Suit]) -> QuerySet[Suit]:
    """Return the suits of places in the person's jurisdiction."""
    return rows.filter(scope_of(user).places_q("place", None, STAFF_READ))


def hearings_visible_to(user: User, rows: QuerySet[Hearing]) -> QuerySet[Hearing]:
    """Return the hearings of suits in sight."""
    return rows.filter(scope_of(user).places_q("suit__place", None, STAFF_READ))


def judgments_visible_to(user: User, rows: QuerySet[Judgment]) -> QuerySet[Judgment]:
    """Return the judgments of suits in sight."""
    return rows.filter(scope_of(user).places_q("suit__place", None, STAFF_READ))


def may_keep(user: User, place: Place) -> bool:
    """Say whether the person keeps the register of suits there."""
    return scope_of(user).allows(KEEPERS, place)


def may_confirm(user: User, place: Place) -> bool:
    """Say whether the person confirms judgments there."""
    return scope_of(user).allows(CONFIRMERS, place)


def require_keeper(user: User, place: Place) -> None:
    """Raise NotAllowed unless the person keeps the register of suits there."""
    require(user, KEEPERS, place=place)


def require_confirmer(user: User, place: Place) -> None:
    """Raise NotAllowed unless the person confirms judgments there."""
    require(user, CONFIRMERS, place=place)
