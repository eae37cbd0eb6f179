"""Reads of who keeps accounts: people of his jurisdiction, changes that wait."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from authority.keeping.services import require_sight
from authority.models import Office, PreparedChange, RoleHolding, User
from authority.models.people import not_over
from authority.policies import USER_ADMINS, scope_of
from authority.refusal import NotFound
from authority.selectors import SYSTEM_USERNAME


def people_kept_by(user: User, today: dt.date) -> QuerySet[User]:
    """Return the people whose accounts an administrator keeps: no role of theirs lies outside his jurisdiction."""
    rows = User.objects.exclude(username=SYSTEM_USERNAME)
    if user.is_superuser:
        return rows
    inside = scope_of(user).places_q("office__place", "office__custodian", USER_ADMINS)
    standing = RoleHolding.objects.filter(not_over(today), user=OuterRef("pk"))
    return rows.exclude(Exists(standing.exclude(pk__in=RoleHolding.objects.filter(inside).values("pk"))))


def offices_kept_by(user: User) -> QuerySet[Office]:
    """Return the open offices in which an administrator gives roles."""
    rows = Office.objects.filter(closed_on=None).order_by("code")
    return rows if user.is_superuser else rows.filter(scope_of(user).places_q("place", "custodian", USER_ADMINS))


def change_by_id(change_id: Any, user: User) -> PreparedChange:
    """Return a change of an account that the person keeps; raises NotFound."""
    rows = PreparedChange.objects.select_related("person", "prepared_by", "decided_by")
    found = rows.filter(pk=change_id).first()
    if found is None:
        raise NotFound
    require_sight(user, found)
    return found


def waiting_changes(user: User, today: dt.date) -> QuerySet[PreparedChange]:
    """Return the changes that wait, of people whose accounts an administrator keeps."""
    rows = PreparedChange.objects.filter(state=PreparedChange.State.WAITING).exclude(person=user)
    kept = Q(person=None) | Q(person__in=people_kept_by(user, today))
    return rows.filter(kept).select_related("person", "prepared_by")


def tree_of(offices: list[Office]) -> list[tuple[int, Office]]:
    """Return offices with their depth, each below the one above it."""
    below: dict[int | None, list[Office]] = {}
    known = {office.pk for office in offices}
    for office in offices:
        below.setdefault(office.parent_id if office.parent_id in known else None, []).append(office)
    rows: list[tuple[int, Office]] = []
    waiting = [(0, office) for office in reversed(below.get(None, []))]
    while waiting:
        depth, office = waiting.pop()
        rows.append((depth, office))
        waiting += [(depth + 1, child) for child in reversed(below.get(office.pk, []))]
    return rows
