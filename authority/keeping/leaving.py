"""A person leaves: what is in his hands goes to named colleagues, and nothing is left that is nobody's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from authority import audit, clock, services
from authority.keeping.belongings import Belonging, belongings, waiting_for
from authority.mandates import services as mandates
from authority.models import Delegation, RoleHolding, User
from authority.models.people import not_over
from authority.policies import Grant
from authority.refusal import Conflict

HANDED_OVER = audit.declare("authority.handed_over", _("Handed over to a colleague by who leaves"))
REASON = "handover"


class LeftBehind(Conflict):
    """Something would be nobody's."""

    code = "left_behind"
    message = _("Somebody has to be named for: %(things)s.")
    advice = _("Name a colleague for each of them, then prepare it again.")


class BadHeir(Conflict):
    """Who takes over works here and stays."""

    code = "bad_heir"
    message = _("%(person)s cannot take this over: the account is closed, or it is the same person.")


@dataclass(frozen=True)
class Plan:
    """Who leaves, and who takes over what: kind of thing («role:12», «work») → colleague."""

    person: User
    heirs: dict[str, User]


@dataclass(frozen=True)
class Held:
    """One kind of thing in the hands of who leaves."""

    name: str
    title: str
    rows: list[str]
    needs_heir: bool


def holdings_of(person: User, today: dt.date) -> list[RoleHolding]:
    """Return the roles that a person holds or will hold."""
    rows = person.roles.filter(not_over(today))
    return list(rows.select_related("office__place", "user").order_by("pk"))


def others_hold(holding: RoleHolding, today: dt.date) -> bool:
    """Say whether a colleague who stays holds the same role over the same place and custodian."""
    wanted, custodian = holding.office.place, holding.office.custodian_id
    rows = RoleHolding.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=today), role=holding.role, starts_on__lte=today, user__is_active=True
    ).exclude(user=holding.user)
    held = rows.values_list("office__place__path", "office__custodian_id")
    grants = [Grant(holding.role, path or "", keeper or 0) for path, keeper in held]
    return any(grant.covers(wanted.path if wanted else None, custodian) for grant in grants)


def in_hands(person: User, today: dt.date) -> list[Held]:
    """Return what is in a person's hands: his roles with the files that wait there, and what rooms have declared."""
    found = []
    for holding in holdings_of(person, today):
        alone = not others_hold(holding, today)
        waiting = waiting_for(holding)
        told = _("waiting there: %(count)s") % {"count": waiting}
        found.append(Held(f"role:{holding.pk}", str(holding), [told], alone and waiting > 0))
    for belonging in belongings():
        if rows := belonging.rows(person):
            found.append(Held(belonging.name, str(belonging.title), rows, belonging.pass_on is not None))
    return found


def title_of(name: str) -> str:
    """Return in words what a plan calls by its name."""
    kind, _colon, number = name.partition(":")
    if kind == "role" and number.isdigit():
        holding = RoleHolding.objects.select_related("office").filter(pk=int(number)).first()
        return str(holding or name)
    return next((str(one.title) for one in belongings() if one.name == name), name)


def require_heirs(plan: Plan, at: dt.datetime) -> None:
    """Raise LeftBehind naming what would be nobody's, BadHeir for who cannot take over."""
    for heir in plan.heirs.values():
        if not heir.is_active or heir.pk == plan.person.pk:
            raise BadHeir(person=str(heir))
    lacking = [held for held in in_hands(plan.person, clock.day_of(at)) if held.needs_heir]
    if names := [held.title for held in lacking if held.name not in plan.heirs]:
        raise LeftBehind(things=str(_(", ")).join(names), missing=[h.name for h in lacking if h.name not in plan.heirs])


def leave(plan: Plan, by: User, at: dt.datetime) -> None:
    """Hand everything over, end roles, delegations, keys and sessions, and close the account; in one transaction."""
    User.objects.select_for_update().get(pk=plan.person.pk)
    require_heirs(plan, at)
    today = clock.day_of(at)
    for belonging in belongings():
        if belonging.name in plan.heirs:
            _pass_on(belonging, plan, by, at)
    for holding in holdings_of(plan.person, today):
        _pass_role(holding, plan.heirs.get(f"role:{holding.pk}"), by, at)
    for held in Delegation.objects.filter(Q(giver=plan.person) | Q(delegate=plan.person), closed_at=None):
        if held.ends_on >= today:
            mandates.end_with_account(held=held, by=by, at=at)
    services.disable_user(user=plan.person, by=by, at=at, reason=REASON)


def _pass_on(belonging: Belonging, plan: Plan, by: User, at: dt.datetime) -> None:
    heir = plan.heirs[belonging.name]
    count = belonging.pass_on(plan.person, heir, by, at) if belonging.pass_on else 0
    _record(plan.person, heir, by, at, {"what": belonging.name, "count": count})


def _pass_role(holding: RoleHolding, heir: User | None, by: User, at: dt.datetime) -> None:
    """End a role today, and give it to the colleague who takes over and does not hold it yet."""
    today = clock.day_of(at)
    if heir is not None:
        standing = heir.roles.filter(Q(ends_on=None) | Q(ends_on__gt=today), starts_on__lte=today)
        if not standing.filter(role=holding.role, office=holding.office).exists():
            services.hold_role(user=heir, role=holding.role, office=holding.office, by=by, at=at)
        _record(holding.user, heir, by, at, {"what": holding.role, "office": holding.office.code})
    if holding.starts_on > today:
        services.end_role(holding=holding, by=by, at=at, ends_on=holding.starts_on)
    else:
        services.end_role(holding=holding, by=by, at=at, ends_on=today)


def _record(person: User, heir: User, by: User, at: dt.datetime, detail: dict[str, Any]) -> None:
    audit.record(HANDED_OVER, by=by, at=at, obj=person, detail={"to": heir.username, **detail})
