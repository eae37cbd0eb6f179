"""Every change of delegations and absences: one person enters, another confirms, nothing is overwritten.

Who enters and who confirms (docs/decisions/0024): an administrator enters, another administrator or the giver himself
confirms; or the giver enters for himself and his superior (or an administrator) confirms. The delegate never does
either.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from authority import audit, clock, policies
from authority.entry import recovery
from authority.mandates.kinds import kinds
from authority.models import Absence, Delegation, Office, Role, RoleHolding, User
from authority.models.people import not_over
from authority.policies import NEVER_LENT, scope_of
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from authority.services import BadChoice, BadPeriod

LONGEST_DAYS = 366
DECREE_MAX, REASON_MAX, ABSENCE_REASON_MAX = 120, 300, 120
LEFT = "إخلاء طرف"  # kept as data: the reason of a delegation that ends with an account
# Whose word stands above whose: a superior confirms what a subordinate lends.
RANKS: dict[str, int] = {Role.DISTRICT_HEAD: 1, Role.SECRETARY_GENERAL: 2, Role.GOVERNOR: 3}
Kind = Delegation.Kind

ASKED = audit.declare("authority.delegation_entered", _("Delegation entered"))
CONFIRMED = audit.declare("authority.delegation_confirmed", _("Delegation confirmed by a second person"))
CLOSED = audit.declare("authority.delegation_closed", _("Delegation ended or withdrawn"))
AWAY = audit.declare("authority.absence_entered", _("Absence entered"))
BACK = audit.declare("authority.absence_closed", _("Back from absence"))


class SamePair(NotAllowed):
    """Two people, and neither is the delegate."""

    code = "second_person_needed"
    message = _("Another person has to confirm this: not who entered it, and not who receives the power.")


class Chain(Conflict):
    """What is lent is not lent on."""

    code = "delegation_chain"
    message = _("%(person)s gives or receives power in these days already: what is lent is not lent on.")


class Overlap(Conflict):
    """One role is lent to one person at a time."""

    code = "delegation_overlaps"
    message = _("In these days the role is lent already, by decree %(decree)s.")


class DelegationClosed(Conflict):
    """It was confirmed, closed or withdrawn."""

    code = "delegation_closed"
    message = _("This delegation was confirmed or closed already.")


class RoleNotHeld(Conflict):
    """Nobody lends what he does not hold."""

    code = "role_not_held"
    message = _("The giver does not hold this role on the first of these days.")


# ---- who -------------------------------------------------------------------------------------------------------------


def keeps(by: User, user: User) -> bool:
    """Say whether somebody keeps the accounts of a person."""
    return recovery.keeps(by, user)


def is_superior(by: User, giver: User, role: str) -> bool:
    """Say whether somebody stands above the giver in his offices."""
    own = scope_of(by)
    ranks = {one: rank for one, rank in RANKS.items() if rank > RANKS.get(role, 0)}
    if not role:
        highest = max((RANKS.get(held, 0) for held in scope_of(giver).roles), default=0)
        ranks = {one: rank for one, rank in RANKS.items() if rank > highest}
    offices = _offices_of(giver, role)
    return bool(offices) and all(own.allows(ranks, office.place, office.custodian_id) for office in offices)


def _offices_of(giver: User, role: str) -> list[Office]:
    held = _held(giver, clock.today())
    held = held.filter(role=role) if role else held
    return [holding.office for holding in held.select_related("office__place")]


def _held(user: User, day: dt.date) -> QuerySet[RoleHolding]:
    return user.roles.filter(not_over(day), starts_on__lte=day)


def may_enter(by: User, giver: User, delegate: User) -> bool:
    """Say whether somebody may enter a delegation: the giver for himself, or who keeps his account."""
    return by.pk != delegate.pk and (by.pk == giver.pk or keeps(by, giver))


def may_confirm(by: User, held: Delegation) -> bool:
    """Say whether somebody is the second person."""
    if by.pk in (held.asked_by_id, held.delegate_id) or held.asked_by_id in policies.scope_of(by).eyes:
        return False
    return by.pk == held.giver_id or keeps(by, held.giver) or is_superior(by, held.giver, held.role)


# ---- delegations -----------------------------------------------------------------------------------------------------


@transaction.atomic
def enter(
    *,
    giver: User,
    delegate: User,
    starts_on: dt.date,
    ends_on: dt.date,
    decree: str,
    by: User,
    at: dt.datetime,
    kind: str = Kind.DELEGATION,
    role: str = "",
    office: Office | None = None,
    files: Collection[str] = (),
    decreed_on: dt.date | None = None,
) -> Delegation:
    """Enter a delegation, or a standing deputy, from a day to a day; it counts once another person has confirmed it.

    Raises NotAllowed, NotFound, BadChoice, BadPeriod, Invalid `decree_missing`, `own_delegation`; Conflict
    `role_not_held`, `delegation_chain`, `delegation_overlaps`.
    """
    _require_entry(by, giver, delegate)
    _check(kind, role, office, files)
    _check_days(starts_on, ends_on, clock.day_of(at))
    words = " ".join(decree.split())
    if not 0 < len(words) <= DECREE_MAX:
        raise Invalid("decree_missing", _("Name the decree by which the power is given."), field="decree")
    made = Delegation(
        kind=kind, giver=giver, delegate=delegate, role=role, office=office, files=sorted(set(files)),
        starts_on=starts_on, ends_on=ends_on, decree=words, decreed_on=decreed_on, asked_by=by, asked_at=at,
    )  # fmt: skip
    _require_room(made)
    made.save(force_insert=True)
    audit.record(ASKED, by=by, at=at, obj=made, governorate=_governorate(giver), detail=_told(made))
    return made


@transaction.atomic
def confirm(*, delegation_id: Any, by: User, at: dt.datetime) -> Delegation:
    """Put a delegation in force as the second person. Raises NotFound, SamePair, DelegationClosed, Chain, Overlap."""
    held = _locked(delegation_id)
    if not may_confirm(by, held):
        raise SamePair if may_see(by, held) else NotFound
    if held.confirmed_at is not None or held.closed_at is not None or held.ends_on < clock.day_of(at):
        raise DelegationClosed
    _require_room(held)
    held.confirmed_by, held.confirmed_at = by, at
    held.save(update_fields=["confirmed_by", "confirmed_at"])
    policies.forget()
    audit.record(CONFIRMED, by=by, at=at, obj=held, governorate=_governorate(held.giver), detail=_told(held))
    return held


@transaction.atomic
def close(*, delegation_id: Any, reason: str, by: User, at: dt.datetime) -> Delegation:
    """End a delegation at once, or withdraw one that waits: the giver, the delegate, or who keeps the giver's account.

    Raises NotFound, DelegationClosed, Invalid `reason_missing`.
    """
    held = _locked(delegation_id)
    if not (by.pk in (held.giver_id, held.delegate_id) or keeps(by, held.giver)):
        raise NotFound
    if held.closed_at is not None:
        raise DelegationClosed
    said = " ".join(reason.split())
    if not 0 < len(said) <= REASON_MAX:
        raise Invalid("reason_missing", _("Write the reason in at most %(limit)s letters."), limit=REASON_MAX)
    held.closed_by, held.closed_at, held.closed_on, held.closed_reason = by, at, clock.day_of(at), said
    held.save(update_fields=["closed_by", "closed_at", "closed_on", "closed_reason"])
    policies.forget()
    detail = _told(held) | {"reason": said}
    audit.record(CLOSED, by=by, at=at, obj=held, governorate=_governorate(held.giver), detail=detail)
    return held


@transaction.atomic
def end_with_account(*, held: Delegation, by: User, at: dt.datetime) -> None:
    """End a delegation because one of its people leaves. Raises NotFound for who keeps neither account."""
    if not (keeps(by, held.giver) or keeps(by, held.delegate)):
        raise NotFound
    held.closed_by, held.closed_at, held.closed_on, held.closed_reason = by, at, clock.day_of(at), LEFT
    held.save(update_fields=["closed_by", "closed_at", "closed_on", "closed_reason"])
    policies.forget()
    audit.record(CLOSED, by=by, at=at, obj=held, governorate=_governorate(held.giver), detail=_told(held))


def may_see(by: User, held: Delegation) -> bool:
    """Say whether somebody may read a delegation: its people, who entered it, who keeps or stands above the giver."""
    people = {held.giver_id, held.delegate_id, held.asked_by_id}
    return by.pk in people or keeps(by, held.giver) or is_superior(by, held.giver, held.role)


def _require_entry(by: User, giver: User, delegate: User) -> None:
    if giver.pk == delegate.pk:
        raise Invalid("own_delegation", _("Nobody delegates to himself."))
    if not (giver.is_active and delegate.is_active):
        raise NotFound
    if not may_enter(by, giver, delegate):
        raise NotAllowed


def _check(kind: str, role: str, office: Office | None, files: Collection[str]) -> None:
    """Raise BadChoice for what is not to be lent."""
    if kind not in Kind.values:
        raise BadChoice(value=kind)
    if role in NEVER_LENT or (role and role not in Role.values):
        raise BadChoice(value=role)
    if not role and (kind == Kind.DELEGATION or office is not None):
        raise BadChoice(value=role)
    for file in set(files) - set(kinds()):
        raise BadChoice(value=file[:40])


def _check_days(starts_on: dt.date, ends_on: dt.date, today: dt.date) -> None:
    """Raise BadPeriod for days in a wrong order, in the past, or too many."""
    if not (today <= starts_on <= ends_on <= starts_on + dt.timedelta(days=LONGEST_DAYS)):
        raise BadPeriod(starts_on=starts_on, ends_on=ends_on, max_days=LONGEST_DAYS)
    if starts_on > today + dt.timedelta(days=LONGEST_DAYS):
        raise BadPeriod(starts_on=starts_on, ends_on=ends_on, max_days=LONGEST_DAYS)


def _locked(delegation_id: Any) -> Delegation:
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("giver", "delegate", "office")
    try:
        return rows.get(pk=uuid.UUID(str(delegation_id)))
    except (Delegation.DoesNotExist, ValueError) as missing:
        raise NotFound from missing


def _require_room(wanted: Delegation) -> None:
    """Raise unless the giver holds the role and no other living delegation stands in the way; one look at a time."""
    list(User.objects.select_for_update().filter(pk__in=[wanted.giver_id, wanted.delegate_id]).order_by("pk"))
    held = _held(wanted.giver, wanted.starts_on).exclude(role__in=NEVER_LENT)
    held = held.filter(role=wanted.role) if wanted.role else held
    held = held.filter(office=wanted.office) if wanted.office else held
    if not held.exists():
        raise RoleNotHeld
    living = Delegation.objects.exclude(pk=wanted.pk).filter(
        closed_at=None, starts_on__lte=wanted.ends_on, ends_on__gte=wanted.starts_on
    )
    if wanted.kind == Kind.DEPUTY:  # two who stand in for each other stay one pair
        living = living.exclude(kind=Kind.DEPUTY, giver=wanted.delegate, delegate=wanted.giver)
    for one in living.filter(giver=wanted.delegate)[:1]:
        raise Chain(person=str(one.giver))
    for one in living.filter(delegate=wanted.giver)[:1]:
        raise Chain(person=str(one.delegate))
    for one in living.filter(giver=wanted.giver, kind=wanted.kind):
        if _same_power(one, wanted):
            raise Overlap(decree=one.decree)


def _same_power(one: Delegation, other: Delegation) -> bool:
    """Say whether two delegations of one giver lend something of the same."""
    roles = not one.role or not other.role or one.role == other.role
    offices = one.office_id is None or other.office_id is None or one.office_id == other.office_id
    files = not one.files or not other.files or bool(set(one.files) & set(other.files))
    return roles and offices and files


def _told(held: Delegation) -> dict[str, Any]:
    return {
        "kind": held.kind, "giver": held.giver.username, "delegate": held.delegate.username, "role": held.role,
        "office": held.office.code if held.office else "", "files": held.files, "starts_on": held.starts_on,
        "ends_on": held.ends_on, "decree": held.decree,
    }  # fmt: skip


def _governorate(user: User) -> str:
    """Return the one governorate in which a person serves; "" when there are several."""
    codes = scope_of(user).governorates(frozenset(Role))
    return next(iter(codes)) if len(codes) == 1 else ""


# ---- absences --------------------------------------------------------------------------------------------------------


@transaction.atomic
def be_away(
    *, user: User, starts_on: dt.date, ends_on: dt.date, by: User, at: dt.datetime, reason: str = ""
) -> Absence:
    """Enter days on which an officer is away: himself, who keeps his account, or his superior.

    Raises NotFound, BadPeriod, Invalid `text_too_long`, Conflict `absence_overlaps`.
    """
    if not may_tell_absence(by, user):
        raise NotFound
    _check_days(starts_on, ends_on, clock.day_of(at))
    said = " ".join(reason.split())
    if len(said) > ABSENCE_REASON_MAX:
        raise Invalid(
            "text_too_long", _("%(field)s: at most %(length)s characters."), field="reason", length=ABSENCE_REASON_MAX
        )
    list(User.objects.select_for_update().filter(pk=user.pk))
    standing = user.absences.filter(closed_on=None, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if standing.exists():
        raise Conflict("absence_overlaps", _("An absence is entered for some of these days already."))
    made = Absence.objects.create(
        user=user, starts_on=starts_on, ends_on=ends_on, reason=said, entered_by=by, entered_at=at
    )
    policies.forget()
    detail = {"user": user.username, "starts_on": starts_on, "ends_on": ends_on}
    audit.record(AWAY, by=by, at=at, obj=made, governorate=_governorate(user), detail=detail)
    return made


@transaction.atomic
def be_back(*, absence_id: Any, by: User, at: dt.datetime) -> Absence:
    """End an absence: the officer is back from today on. Raises NotFound, Conflict `absence_over`."""
    held = Absence.objects.select_for_update(of=("self",)).select_related("user").filter(pk=absence_id).first()
    if held is None or not may_tell_absence(by, held.user):
        raise NotFound
    today = clock.day_of(at)
    if held.closed_on is not None or held.ends_on < today:
        raise Conflict("absence_over", _("This absence is over."))
    held.closed_by, held.closed_on = by, today
    held.save(update_fields=["closed_by", "closed_on"])
    policies.forget()
    audit.record(BACK, by=by, at=at, obj=held, governorate=_governorate(held.user), detail={"user": held.user.username})
    return held


def may_tell_absence(by: User, user: User) -> bool:
    """Say whether somebody may enter the absence of a person."""
    return by.pk == user.pk or keeps(by, user) or is_superior(by, user, "")
