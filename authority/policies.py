"""Who may do what where: role × jurisdiction, closed by default.

A jurisdiction is a place with all below it, a custodian, or both (then both must fit). A rule is said twice, as
`Scope.allows` for one object and as `Scope.places_q` for a queryset; the two are tested to agree. Being a superuser
opens the reference tables in the administration, and nothing of the land book.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from authority import clock
from authority.day_rights import rights_on
from authority.models import Place, Role, User, in_language
from authority.refusal import NotAllowed, Text

NOT_STAFF: Final = frozenset({Role.CITIZEN, Role.SYSTEM})
STAFF: Final[frozenset[str]] = frozenset(Role) - NOT_STAFF
# Who may read the register: everybody who works on land. The administrator keeps accounts, not land.
STAFF_READ: Final[frozenset[str]] = STAFF - {Role.ADMIN}
# Who may give out accounts and roles.
USER_ADMINS: Final[frozenset[str]] = frozenset({Role.ADMIN})
# What nobody lends: keeping accounts and overseeing are bound to the person (docs/decisions/0024).
NEVER_LENT: Final[frozenset[str]] = NOT_STAFF | {Role.ADMIN, Role.AUDITOR}
# Who may read the audit trail of an object.
AUDIT_READ: Final[frozenset[str]] = frozenset(
    {Role.AUDITOR, Role.LEGAL_OFFICER, Role.DISTRICT_HEAD, Role.SECRETARY_GENERAL, Role.GOVERNOR}
)


class Unasked(Enum):
    """Marks an argument that was not given, which differs from an object that has none."""

    UNASKED = "unasked"


UNASKED: Final = Unasked.UNASKED
Anyone = User | AnonymousUser


@dataclass(frozen=True, order=True)
class Grant:
    """One role in one jurisdiction: `path` of a place ("" = any), custodian id (0 = any)."""

    role: str
    path: str
    custodian_id: int

    def covers(self, path: str | None, custodian_id: int | None) -> bool:
        """Say whether an object lying there, held by that custodian, is inside."""
        return self._covers_place(path) and self.custodian_id in (0, custodian_id)

    def _covers_place(self, path: str | None) -> bool:
        if not self.path:
            return True
        return path is not None and (path == self.path or path.startswith(f"{self.path}."))


@dataclass(frozen=True, order=True)
class Mandate:
    """A role that another officer lends, with the paper it stands on; it reaches files and nothing of the land book."""

    grant: Grant
    delegation_id: str
    giver_id: int
    giver_ar: str
    giver_en: str
    decree: str
    files: tuple[str, ...] = ()  # kinds of file; none named = all

    @property
    def giver(self) -> str:
        """The giver's name in the reader's language."""
        return in_language(self.giver_ar, self.giver_en)

    def reaches(self, kind: str) -> bool:
        """Say whether files of a kind are meant."""
        return not self.files or kind in self.files


@dataclass(frozen=True)
class Scope:
    """All that a person may do and where, on one day.

    `mandates` is what he may do on files for another; `pair` are the people with whom a delegation binds him that day,
    either way: together they are one pair of eyes (threats C1).
    """

    user_id: int | None
    grants: frozenset[Grant] = frozenset()
    mandates: frozenset[Mandate] = frozenset()
    pair: frozenset[int] = frozenset()

    @property
    def roles(self) -> frozenset[str]:
        """The roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def holds(self, roles: Collection[str]) -> bool:
        """Say whether one of the roles is held anywhere at all."""
        return not self.roles.isdisjoint(roles)

    def allows(
        self,
        roles: Collection[str],
        place: Place | str | Unasked | None = UNASKED,
        custodian_id: int | Unasked | None = UNASKED,
    ) -> bool:
        """Say whether one of the roles covers the place (a Place or its path) and custodian.

        With neither named the question is only whether the role is held at all. With one of them named, a
        jurisdiction that is bound to the other does not cover: closed by default.
        """
        if isinstance(place, Unasked) and isinstance(custodian_id, Unasked):
            return self.holds(roles)
        path = place.path if isinstance(place, Place) else None if isinstance(place, Unasked) else place
        custodian = None if isinstance(custodian_id, Unasked) else custodian_id
        return any(grant.role in roles and grant.covers(path, custodian) for grant in self.grants)

    def places_q(
        self, prefix: str = "place", custodian_prefix: str | None = None, roles: Collection[str] | None = None
    ) -> Q:
        """Return the same rule as a condition on a queryset.

        `prefix` is the way to the place ("place", "parcel__place", "" for places themselves), `custodian_prefix` the
        way to the custodian. Places are compared by one uncorrelated subquery, so PostgreSQL reads them once and not
        for each of a million parcels.
        """
        areas = self._areas(STAFF_READ if roles is None else roles)
        whole = [path for path, custodian in areas if not custodian]
        condition = _inside(prefix, whole) if whole else nothing()
        if custodian_prefix is None:
            return condition
        for custodian in sorted({custodian for _, custodian in areas if custodian}):
            paths = [path for path, held in areas if held == custodian]
            condition |= Q(**{f"{custodian_prefix}_id": custodian}) & _inside(prefix, paths)
        return condition

    def lent(self, kind: str | None = None) -> Scope:
        """Return what is lent for files of a kind (None: for any) as a scope of its own."""
        meant = (mandate for mandate in self.mandates if kind is None or mandate.reaches(kind))
        return Scope(self.user_id, frozenset(mandate.grant for mandate in meant))

    def mandate(self, role: str, kind: str, path: str | None, custodian_id: int | None) -> Mandate | None:
        """Return the mandate under which a role is used on a file of a kind there; None where there is none."""
        found = (m for m in sorted(self.mandates) if m.grant.role == role and m.reaches(kind))
        return next((mandate for mandate in found if mandate.grant.covers(path, custodian_id)), None)

    @property
    def eyes(self) -> frozenset[int]:
        """The person with those who are no second person beside him."""
        return self.pair | ({self.user_id} if self.user_id is not None else set())

    def _areas(self, roles: Collection[str]) -> set[tuple[str, int]]:
        """Return (path, custodian) of the grants, without those that lie inside a wider one."""
        areas = {(grant.path, grant.custodian_id) for grant in self.grants if grant.role in roles}
        return {area for area in areas if not any(_wider(other, area) for other in areas)}

    def governorates(self, roles: Collection[str] | None = None) -> frozenset[str]:
        """Return the two-digit codes of the governorates that the jurisdiction touches; empty path = all, as ""."""
        return frozenset(path[:2] for path, _ in self._areas(STAFF_READ if roles is None else roles))

    def key(self) -> str:
        """Return a short text that is equal for equal rights; part of ETags and cache keys."""
        rows = [f"{g.role}|{g.path}|{g.custodian_id}" for g in sorted(self.grants)]
        rows += [f"for {m.giver_id}: {m}" for m in sorted(self.mandates)] + [f"with {one}" for one in sorted(self.pair)]
        told = "\n".join(rows)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def nothing() -> Q:
    """Return a condition that no row meets."""
    return Q(pk__in=())


def _wider(one: tuple[str, int], other: tuple[str, int]) -> bool:
    """Say whether the first area holds all of the second and more."""
    return one != other and one[1] in (0, other[1]) and Grant("", one[0], 0).covers(other[0] or None, None)


def _inside(prefix: str, paths: Iterable[str]) -> Q:
    """Return the condition that a row's place lies in one of the subtrees; "" among the paths means anywhere."""
    wanted = sorted(set(paths))
    if "" in wanted:
        return Q()
    rule = below(wanted)
    return Q(**{f"{prefix}__in": Place.objects.filter(rule).order_by().values("pk")}) if prefix else rule


def below(paths: Iterable[str]) -> Q:
    """Return the condition on places that they are, or lie below, one of the paths; without paths there are none."""
    rule = nothing()
    for path in paths:
        rule |= Q(path=path) | Q(path__startswith=f"{path}.")
    return rule


_scopes: ContextVar[dict[int, Scope] | None] = ContextVar("scopes", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Ask the database for a person's rights once within this block (one request); outside, every time."""
    token = _scopes.set({})
    try:
        yield
    finally:
        _scopes.reset(token)


def forget() -> None:
    """Ask again: somebody's rights have just changed."""
    known = _scopes.get()
    if known is not None:
        known.clear()


def scope_of(user: Anyone, *, on: dt.date | None = None) -> Scope:
    """Return what the person may do where on a day (today); nobody and disabled persons: nothing."""
    if user.pk is None or not user.is_active:
        return Scope(None)
    known = _scopes.get() if on is None else None
    if known is None:
        return _read_scope(user.pk, on or clock.today())
    if user.pk not in known:
        known[user.pk] = _read_scope(user.pk, clock.today())
    return known[user.pk]


def _read_scope(user_id: int, on: dt.date) -> Scope:
    """Read in one query what is in force on the day: own roles, lent ones, and with whom a delegation binds."""
    grants, mandates, pair = set(), set(), set()
    for role, path, custodian, delegation, giver, name_ar, name_en, decree, files, other in rights_on(user_id, on):
        grant = Grant(role, path or "", custodian or 0)
        if other is not None:
            pair.add(other)
        elif delegation is None:
            grants.add(grant)
        elif role not in NEVER_LENT:
            mandates.add(Mandate(grant, str(delegation), giver, name_ar, name_en, decree, tuple(sorted(files))))
    return Scope(user_id, frozenset(grants), frozenset(mandates), frozenset(pair))


def require(
    user: Anyone,
    roles: Collection[str],
    *,
    place: Place | str | Unasked | None = UNASKED,
    custodian_id: int | Unasked | None = UNASKED,
    code: str | None = None,
    message: Text | None = None,
) -> None:
    """Raise NotAllowed unless one of the roles covers the place and custodian."""
    if not scope_of(user).allows(roles, place, custodian_id):
        raise NotAllowed(code, message)
