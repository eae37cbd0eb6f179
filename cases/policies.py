"""Who sees a case, who may do an act on it: the role of the row × the jurisdiction, on the day of the act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import Place, Role, User
from authority.policies import STAFF_READ, Anyone, Mandate, Scope, scope_of
from authority.refusal import NotAllowed, NotFound
from cases.models import Case, Event, Interest
from cases.registry import act_title, workflow_of
from cases.workflow import Act
from parties.models import Membership, Party


class ConflictOfInterest(NotAllowed):
    """Who is related to what a file names does not act on it (ar: تعارض مصالح)."""

    code = "conflict_of_interest"
    message = _("You have an interest in what this file names: a colleague has to act on it.")
    advice = _("You may read the file. If the relation has ended, ask the internal auditor to end the declaration.")


class GiversConflict(ConflictOfInterest):
    """A delegate does not do what his giver may not."""

    message = _("The officer for whom you act has an interest in what this file names: a colleague has to act on it.")


SYSTEM_ACCOUNT = "system"  # the program itself: it holds no office and can do only what the table gives to `system`


def in_sight(scope: Scope) -> Q:
    """The condition on files that a person may read: in his jurisdiction, or in what another lends him."""
    rule = scope.places_q("place", "custodian", STAFF_READ)
    for files in sorted({mandate.files for mandate in scope.mandates}):
        lent = Scope(scope.user_id, frozenset(m.grant for m in scope.mandates if m.files == files))
        reached = lent.places_q("place", "custodian", STAFF_READ)
        rule |= reached & Q(kind__in=files) if files else reached
    return rule


def cases_visible_to(user: Anyone, cases: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """The cases a person may read: those that lie in his jurisdiction or are lent to him."""
    rows = Case.objects.all() if cases is None else cases
    return rows.filter(in_sight(scope_of(user)))


def may_see(user: Anyone, case: Case) -> bool:
    """Say whether a person may read a case."""
    scope = scope_of(user)
    return any(one.allows(STAFF_READ, case.place, case.custodian_id) for one in (scope, scope.lent(case.kind)))


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


@dataclass(frozen=True)
class Standing:
    """In which role somebody acts: his own, or one that another officer lends him; '' when he may not."""

    role: str = ""
    mandate: Mandate | None = None

    def __bool__(self) -> bool:
        return bool(self.role)

    def told(self) -> dict[str, Any]:
        """What the audit says beside the role: for whom, and by which decree."""
        if self.mandate is None:
            return {}
        return {"on_behalf_of": self.mandate.giver_id, "decree": self.mandate.decree}


def standing(
    *, act: Act, kind: str, place: Place, custodian_id: int | None, by: User, scope: Scope, role: str = ""
) -> Standing:
    """The role in which a person does an act, the one asked for if given: his own before a lent one."""
    if is_system(by):
        return Standing(Role.SYSTEM if Role.SYSTEM in act.by else "")
    roles = [one for one in act.by if not role or one == role]
    own = role_in(scope, roles, place, custodian_id)
    if own or not scope.mandates:
        return Standing(own)
    lent = ((one, scope.mandate(one, kind, place.path, custodian_id)) for one in roles)
    return next((Standing(one, mandate) for one, mandate in lent if mandate), Standing())


def require_role(*, act: Act, case: Case, by: User, at: dt.datetime, role: str = "") -> Standing:
    """The role in which the act is done; raises NotAllowed naming the roles that may."""
    acting = standing(
        act=act, kind=case.kind, place=case.place, custodian_id=case.custodian_id,
        by=by, scope=rights_on(by, at), role=role,
    )  # fmt: skip
    if not acting:
        raise not_yours(act)
    return acting


def not_yours(act: Act) -> NotAllowed:
    """The refusal for a role that may not."""
    return NotAllowed("role_may_not", _("This act belongs to: %(roles)s."), roles=role_titles(act.by))


def role_titles(roles: Iterable[str]) -> str:
    """Roles in the reader's language."""
    return str(_(", ")).join(str(Role(role).label) for role in roles)


def by_eyes(eyes: Collection[int]) -> Q:
    """The condition on events that one of these people did them, or had them done for him."""
    return Q(by__in=eyes) | Q(on_behalf_of__in=eyes)


def done_by(case: Case, user: User, scope: Scope) -> dict[str, bool]:
    """The acts that a person, or who is one pair of eyes with him that day, has done: act → whether it was himself."""
    rows = Event.objects.filter(by_eyes(scope.eyes | {user.pk}), case=case).values_list("act", "by_id")
    done: dict[str, bool] = {}
    for act, by in rows:
        done[act] = done.get(act, False) or by == user.pk
    return done


def require_other_hand(*, act: Act, case: Case, done: Mapping[str, bool]) -> None:
    """Raise NotAllowed when one pair of eyes did an act after which it may not do this one: maker is not checker."""
    table = workflow_of(case)
    names = [table.opening.name, *(row.name for row in table.acts)]
    for name in sorted(act.not_after & set(done), key=names.index):
        own = _("You did “%(done)s” on this file: another person has to do this act.")
        paired = _(
            "A delegation binds you to who did “%(done)s” on this file: you count as one, and another person has to"
            " do this act."
        )
        raise NotAllowed("maker_is_checker", own if done[name] else paired, done=act_title(case.kind, name))


def may_hand_in(user: User, case: Case, at: dt.datetime) -> bool:
    """Say whether the file is open and the person has an act in it: who may add papers to it."""
    table = workflow_of(case)
    roles = {role for row in (table.opening, *table.acts) for role in row.by}
    scope = rights_on(user, at)
    scopes = (scope, scope.lent(case.kind))
    return case.state not in table.final and any(
        role_in(one, sorted(roles), case.place, case.custodian_id) for one in scopes
    )


def related(case: Case, people: Collection[int]) -> QuerySet[Interest]:
    """The declared interests of some people in what a file names: itself, its land, its party with members and doubles.

    The database's guard says the same (`cases_related`).
    """
    named = Q(case=case.pk)
    if case.land_id:
        named |= Q(parcel=case.land_id)
    if case.party_id:
        party = case.party_id
        named |= Q(party=party) | Q(party__merged_into=party)
        named |= Q(party__doubles=party) | Q(party__memberships__group=party)
    return Interest.objects.filter(named, person__in=people, ended_at=None)


def naming(interests: Collection[Interest]) -> Q:
    """The condition on files that they name something of these interests."""
    cases = [one.case_id for one in interests if one.case_id]
    parcels = [one.parcel_id for one in interests if one.parcel_id]
    parties = [one.party_id for one in interests if one.party_id]
    rule = Q(pk__in=cases) | Q(parcel__in=parcels) | Q(parcel=None, asset__parcel__in=parcels)
    family = Party.objects.filter(Q(pk__in=parties) | Q(merged_into__in=parties) | Q(doubles__in=parties))
    groups = Membership.objects.filter(member__in=parties)
    return rule | Q(party__in=family.values("pk")) | Q(party__in=groups.values("group"))


def require_no_interest(case: Case, by: User, mandate: Mandate | None = None) -> None:
    """Raise ConflictOfInterest where the person, or for whom he acts, is related to what the file names."""
    people = {by.pk, mandate.giver_id} if mandate else {by.pk}
    found = related(case, people).select_related("person").first()
    if found is not None:
        raise ConflictOfInterest if found.person_id == by.pk else GiversConflict
