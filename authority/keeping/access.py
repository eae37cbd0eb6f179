"""Who may see and do what here, and through which role or delegation; looked through once a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from authority import audit, clock
from authority.models import AccessReview, Delegation, Place, Role, RoleHolding, User
from authority.models.people import not_over
from authority.policies import NEVER_LENT, Grant, nothing, scope_of
from authority.refusal import Invalid, NotFound, plain

# Who looks through the rights of others: who gives them, who oversees, and the heads of the governorate.
REVIEWERS: frozenset[str] = frozenset({Role.ADMIN, Role.AUDITOR, Role.SECRETARY_GENERAL, Role.GOVERNOR})
NOTE_MIN, NOTE_MAX = 5, 300
DUE_AFTER = dt.timedelta(days=365)
REVIEWED = audit.declare("authority.access_reviewed", _("Access looked through"))


@dataclass(frozen=True)
class Target:
    """What is asked about: a place with all below it, or one thing that lies there with a custodian."""

    path: str
    custodian_id: int | None = None
    whole: bool = True  # a place: who reaches only a part of it is named as well
    files: str | None = None  # the kind of a file: who reaches it by delegation is named as well


@dataclass(frozen=True)
class Line:
    """One way in which one person reaches it."""

    person: User
    role: str
    office: str
    starts_on: dt.date
    ends_on: dt.date | None
    part: bool  # only a part of what is asked about
    giver: User | None = None
    decree: str = ""

    @property
    def role_title(self) -> str:
        """The role in the reader's language."""
        return str(Role(self.role).label)

    def plain(self) -> dict[str, Any]:
        """The line as it is kept."""
        told = {
            "person": self.person.username, "role": self.role, "office": self.office, "starts_on": self.starts_on,
            "ends_on": self.ends_on, "part": self.part, "giver": self.giver.username if self.giver else "",
            "decree": self.decree,
        }  # fmt: skip
        kept: dict[str, Any] = plain(told)
        return kept


def may_review(user: User, path: str) -> bool:
    """Say whether a person looks through the rights in a place."""
    return user.is_superuser or scope_of(user).allows(REVIEWERS, path)


def lines_of(target: Target, today: dt.date) -> list[Line]:
    """Return every way in which somebody reaches it today, in two queries."""
    held = [(holding, part) for holding in _holdings(target, today) if (part := _reach(holding, target)) is not None]
    own = [_line(holding, part) for holding, part in held]
    return sorted([*own, *_lent(held, target, today)], key=lambda line: (line.role, line.person.username, line.decree))


def _holdings(target: Target, today: dt.date) -> QuerySet[RoleHolding]:
    codes = target.path.split(".")
    above = [".".join(codes[: depth + 1]) for depth in range(len(codes))]
    near = Q(office__place=None) | Q(office__place__path__in=above)
    near |= Q(office__place__path__startswith=f"{target.path}.") if target.whole else nothing()
    near = near if target.path else Q()  # an office of one custodian, wherever his land lies
    rows = RoleHolding.objects.filter(near, not_over(today), starts_on__lte=today)
    return rows.filter(user__is_active=True).select_related("user", "office__place")


def _reach(holding: RoleHolding, target: Target) -> bool | None:
    """Say whether a role reaches only a part of the target; None where it reaches nothing."""
    office = holding.office
    grant = Grant(holding.role, office.place.path if office.place else "", office.custodian_id or 0)
    if grant.covers(target.path, target.custodian_id):
        return False
    if not target.whole or (target.custodian_id and office.custodian_id not in (None, target.custodian_id)):
        return None
    inside = office.place is None or Grant("", target.path, 0).covers(office.place.path, None)
    return True if inside or Grant("", grant.path, 0).covers(target.path, None) else None


def _line(holding: RoleHolding, part: bool) -> Line:
    return Line(holding.user, holding.role, str(holding.office), holding.starts_on, holding.ends_on, part)


def _lent(held: Iterable[tuple[RoleHolding, bool]], target: Target, today: dt.date) -> list[Line]:
    """Return what the holders lend: acts on files."""
    givers = {holding.user_id for holding, _part in held}
    rows = Delegation.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=today), giver__in=givers, delegate__is_active=True,
        confirmed_at__isnull=False, starts_on__lte=today, ends_on__gte=today,
    ).select_related("giver", "delegate")  # fmt: skip
    return [
        Line(one.delegate, holding.role, str(holding.office), one.starts_on, one.ends_on, part, one.giver, one.decree)
        for one in rows
        for holding, part in held
        if holding.user_id == one.giver_id and _lends(one, holding, target)
    ]


def _lends(one: Delegation, holding: RoleHolding, target: Target) -> bool:
    role = holding.role not in NEVER_LENT and one.role in ("", holding.role)
    office = one.office_id in (None, holding.office_id)
    return role and office and (target.files is None or not one.files or target.files in one.files)


@transaction.atomic
def record_review(*, place: Place, note: str, by: User, at: dt.datetime) -> AccessReview:
    """Record that somebody looked through the rights in a place, with the list as it was. Raises NotFound, Invalid."""
    if not may_review(by, place.path):
        raise NotFound
    said = " ".join(note.split())
    if not NOTE_MIN <= len(said) <= NOTE_MAX:
        raise Invalid("note_missing", _("Write what was found, in at least %(limit)s letters."), limit=NOTE_MIN)
    lines = lines_of(Target(place.path), clock.day_of(at))
    people = len({line.person.pk for line in lines})
    made = AccessReview.objects.create(
        place=place, reviewed_by=by, reviewed_at=at, people=people, rows=[line.plain() for line in lines], note=said
    )
    audit.record(REVIEWED, by=by, at=at, obj=made, detail={"place": place.path, "people": people, "note": said})
    return made


def reviews_of(place: Place) -> QuerySet[AccessReview]:
    """Return the reviews of a place, the latest first."""
    return AccessReview.objects.filter(place=place).select_related("reviewed_by").defer("rows")


def is_due(place: Place, at: dt.datetime) -> bool:
    """Say whether the yearly review of a place is due."""
    return not reviews_of(place).filter(reviewed_at__gt=at - DUE_AFTER).exists()
