"""Reads of delegations and absences, as far as a person may see them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from authority.mandates.services import RANKS, may_confirm
from authority.models import Absence, Delegation, User
from authority.policies import USER_ADMINS, scope_of

MOST = 200


def _rows() -> QuerySet[Delegation]:
    return Delegation.objects.select_related("giver", "delegate", "office", "asked_by", "confirmed_by", "closed_by")


def delegations_of(user: User) -> QuerySet[Delegation]:
    """Return the delegations that a person gave or received, the latest first."""
    return _rows().filter(Q(giver=user) | Q(delegate=user))


def waiting_for(user: User, today: dt.date) -> list[Delegation]:
    """Return the delegations that this person may confirm."""
    rows = _rows().filter(confirmed_at=None, closed_at=None, ends_on__gte=today)
    scope = scope_of(user)
    if not (user.is_superuser or scope.holds(USER_ADMINS | set(RANKS))):
        rows = rows.filter(giver=user)
    rows = rows.exclude(asked_by=user).exclude(delegate=user)
    return [row for row in rows[:MOST] if may_confirm(user, row)]


def absences_of(user: User, today: dt.date) -> QuerySet[Absence]:
    """Return a person's absences that last or are to come."""
    return user.absences.filter(closed_on=None, ends_on__gte=today).order_by("starts_on")


def state_of(held: Delegation, today: dt.date) -> str:
    """Say where a delegation stands: closed, waiting, coming, running, over."""
    if held.closed_at is not None:
        return "closed"
    if held.ends_on < today:
        return "over"
    if held.confirmed_at is None:
        return "waiting"
    return "coming" if held.starts_on > today else "running"
