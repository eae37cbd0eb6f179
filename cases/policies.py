"""Who sees a case, who may do an act on it: the role of the row × the jurisdiction, on the day of the act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import Place, Role, User
from authority.policies import STAFF_READ, Anyone, Scope, scope_of
from authority.refusal import NotAllowed, NotFound
from cases.models import Case, Event
from cases.registry import act_title, workflow_of
from cases.workflow import Act

SYSTEM_ACCOUNT = "system"  # the program itself: it holds no office and can do only what the table gives to `system`


def cases_visible_to(user: Anyone, cases: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """The cases a person may read: those that lie in his jurisdiction."""
    rows = Case.objects.all() if cases is None else cases
    return rows.filter(scope_of(user).places_q("place", "custodian", STAFF_READ))


def may_see(user: Anyone, case: Case) -> bool:
    """Say whether a person may read a case."""
    return scope_of(user).allows(STAFF_READ, case.place, case.custodian_id)


def require_sight(user: User, case: Case) -> None:
    """Raise NotFound for a case outside a person's sight: missing and hidden answer alike."""
    if not (is_system(user) or may_see(user, case)):
        raise NotFound


def is_system(user: User) -> bool:
    """Say whether it is the program's own account; nobody can sign in with it."""
    return user.username == SYSTEM_ACCOUNT and not user.has_usable_password()


def rights_on(user: User, at: dt.datetime) -> Scope:
    """What a person may do on the day of the act: a role that ended yesterday signs nothing today (domain.md T-37)."""
    return scope_of(user, on=clock.day_of(at))


def role_in(scope: Scope, roles: Iterable[str], place: Place, custodian_id: int | None) -> str:
    """The first of the roles that covers the place; '' when none does."""
    return next((role for role in roles if scope.allows({role}, place, custodian_id)), "")


def acting_role(*, act: Act, place: Place, custodian_id: int | None, by: User, scope: Scope, role: str = "") -> str:
    """The role in which a person does an act, the one asked for if given; '' when he may not."""
    if is_system(by):
        return Role.SYSTEM if Role.SYSTEM in act.by else ""
    if role and role not in act.by:
        return ""
    return role_in(scope, [role] if role else act.by, place, custodian_id)


def require_role(*, act: Act, case: Case, by: User, at: dt.datetime, role: str = "") -> str:
    """The role in which the act is done; raises NotAllowed naming the roles that may."""
    acting = acting_role(
        act=act, place=case.place, custodian_id=case.custodian_id, by=by, scope=rights_on(by, at), role=role
    )
    if not acting:
        raise not_yours(act)
    return acting


def not_yours(act: Act) -> NotAllowed:
    """The refusal for a role that may not."""
    return NotAllowed("role_may_not", _("This act belongs to: %(roles)s."), roles=role_titles(act.by))


def role_titles(roles: Iterable[str]) -> str:
    """Roles in the reader's language."""
    return str(_(", ")).join(str(Role(role).label) for role in roles)


def done_by(case: Case, user: User) -> frozenset[str]:
    """The acts a person has done on a case."""
    return frozenset(Event.objects.filter(case=case, by=user).values_list("act", flat=True))


def require_other_hand(*, act: Act, case: Case, done: frozenset[str]) -> None:
    """Raise NotAllowed when the person did an act after which he may not do this one: maker is not checker."""
    table = workflow_of(case)
    names = [table.opening.name, *(row.name for row in table.acts)]
    for name in sorted(act.not_after & done, key=names.index):
        raise NotAllowed(
            "maker_is_checker",
            _("You did “%(done)s” on this file: another person has to do this act."),
            done=act_title(case.kind, name),
        )


def may_hand_in(user: User, case: Case, at: dt.datetime) -> bool:
    """Say whether the file is open and the person has an act in it: who may add papers to it."""
    table = workflow_of(case)
    roles = {role for row in (table.opening, *table.acts) for role in row.by}
    return case.state not in table.final and bool(
        role_in(rights_on(user, at), sorted(roles), case.place, case.custodian_id)
    )
