"""Reads of the docket: what may be done and why not, what waits for me, what happened."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from authority import clock
from authority.models import Role, User
from authority.policies import Mandate, Scope
from authority.refusal import NotFound, Refusal
from cases import policies, registry
from cases.models import Case, Event, Interest, Paper
from cases.policies import cases_visible_to
from cases.registry import KindOfCase, Question, kind_of, workflow_of
from cases.services import missing_papers, require_no_suit, require_papers
from cases.workflow import Act, Workflow

__all__ = ["ActRow", "acts_for", "case_by_id", "cases_visible_to", "events_of", "inbox", "rows_for_list"]


@dataclass(frozen=True, kw_only=True)
class ActRow:
    """An act from the case's state as one person sees it: open, or locked with its reasons."""

    act: Act
    title: str
    target: str  # title of the state it leads to
    mine: bool  # one of my roles may do it here
    role: str
    mandate: Mandate | None = None  # when the role is lent: by whom, on which paper
    reasons: tuple[dict[str, Any], ...] = ()  # problem documents: why it cannot be done now
    opens_on: dt.date | None = None
    missing: tuple[tuple[str, str], ...] = field(default=())  # papers lacking in the file: kind, title
    facts: tuple[str, ...] = ()  # names of what the act takes

    @property
    def open(self) -> bool:
        """It can be done at once."""
        return self.mine and not self.reasons

    @property
    def can_begin(self) -> bool:
        """It can be done when the lacking papers are handed in with it."""
        return self.mine and all(reason["code"] == "papers_missing" for reason in self.reasons)


def paper_of(case: Case, paper_id: int) -> Paper:
    """Return a paper of a file; raises NotFound."""
    found = case.papers.select_related("document", "case").filter(pk=paper_id).first()
    if found is None:
        raise NotFound
    return found


def case_by_id(case_id: uuid.UUID | str, user: User) -> Case:
    """The case; raises NotFound when it is missing or out of sight."""
    try:
        rows = cases_visible_to(user).select_related("place", "parcel", "asset", "custodian", "party", "prior")
        return rows.get(pk=case_id)
    except (Case.DoesNotExist, ValueError) as missing:
        raise NotFound from missing


def acts_for(case: Case, user: User, at: dt.datetime | None = None) -> list[ActRow]:
    """Acts from the case's state: those open to my roles first, then the locked ones with what they wait for."""
    moment = at or clock.now()
    table, declared = workflow_of(case), kind_of(case.kind)
    scope = policies.rights_on(user, moment)
    done = policies.done_by(case, user, scope)
    related = policies.related(case, {user.pk, *(m.giver_id for m in scope.mandates)})
    interests = frozenset(related.values_list("person_id", flat=True))
    rows = [
        _row(act, case, declared, table, user, moment, scope, done, interests)
        for act in table.from_state(case.state)
        if act.by != (Role.SYSTEM,)
    ]
    return sorted(rows, key=lambda row: (not row.open, not row.can_begin, not row.mine, row.act.aside))


def _row(
    act: Act,
    case: Case,
    declared: KindOfCase,
    table: Workflow,
    user: User,
    at: dt.datetime,
    scope: Scope,
    done: Mapping[str, bool],
    interests: frozenset[int],
) -> ActRow:
    """One row with every reason against it."""
    acting = policies.standing(
        act=act, kind=case.kind, place=case.place, custodian_id=case.custodian_id, by=user, scope=scope
    )
    against = _refusals(act, case, declared, user, at, acting, done, interests)
    reasons = [refusal.as_problem() for refusal in against]
    lacking = missing_papers(act, case)
    opening = [dt.date.fromisoformat(str(r["opens_on"])) for r in reasons if r.get("opens_on")]
    return ActRow(
        act=act,
        title=gettext(act.title),
        target=target_title(act, case, table),
        mine=bool(acting),
        role=acting.role,
        mandate=acting.mandate,
        reasons=tuple(reasons),
        opens_on=max(opening, default=None),
        missing=tuple((kind, declared.paper_title(kind)) for kind in lacking),
        facts=tuple(declared.forms[act.name].base_fields) if act.name in declared.forms else (),
    )


def _refusals(
    act: Act,
    case: Case,
    declared: KindOfCase,
    user: User,
    at: dt.datetime,
    acting: policies.Standing,
    done: Mapping[str, bool],
    interests: frozenset[int],
) -> Iterator[Refusal]:
    """Everything that stands against an act, asked in the order in which `perform` asks."""
    if not acting:
        yield policies.not_yours(act)
    if user.pk in interests:
        yield policies.ConflictOfInterest()
    elif acting.mandate and acting.mandate.giver_id in interests:
        yield policies.GiversConflict()
    question = Question(case=case, act=act, user=user, role=acting.role, at=at, facts=None)
    checks: list[Callable[[], None]] = [partial(policies.require_other_hand, act=act, case=case, done=done)]
    checks += [partial(declared.guards[guard], question) for guard in act.guards]
    checks.append(partial(require_no_suit, declared, act.name, case.parcel_id))
    checks.append(partial(require_papers, declared, act, case))
    for check in checks:
        try:
            check()
        except Refusal as refusal:
            yield refusal


def target_title(act: Act, case: Case, table: Workflow) -> str:
    """Title of the state an act leads to."""
    return gettext(table.state(table.arrives(act=act, state=case.state, paused_from=case.paused_from)).title)


def inbox(user: User) -> QuerySet[Case]:
    """Open cases in which the next act is mine, own or lent, the most urgent first; what I am related to is others'."""
    scope = policies.rights_on(user, clock.now())
    rows = cases_visible_to(user).filter(_waiting(scope), closed_at__isnull=True)
    if interests := list(Interest.objects.filter(person__in={user.pk, *_givers(scope)}, ended_at=None)):
        rows = rows.exclude(policies.naming(interests))
    return rows.select_related("place", "parcel", "party").order_by(F("due_on").asc(nulls_last=True), "opened_at", "id")


def _waiting(scope: Scope) -> Q:
    """The condition on files that their next everyday act is open to a scope."""
    waiting = Q(pk__in=())
    for table in registry.tables():
        lent = scope.lent(table.name)
        for act in table.acts:
            waiting |= _waits(table, act, scope, lent)
    return waiting


def waiting_within(scope: Scope) -> int:
    """How many open files wait for somebody with these rights."""
    return Case.objects.filter(_waiting(scope), policies.in_sight(scope), closed_at__isnull=True).count()


def _givers(scope: Scope) -> set[int]:
    return {mandate.giver_id for mandate in scope.mandates}


def _waits(table: Workflow, act: Act, scope: Scope, lent: Scope) -> Q:
    """Cases of one table in which an everyday act waits for this person."""
    roles = (scope.roles | lent.roles) & set(act.by)
    if act.aside or not roles:
        return Q(pk__in=())
    rule = Q(kind=table.name, workflow_version=table.version, state__in=act.source)
    reach = scope.places_q("place", "custodian", roles)
    rule &= reach | lent.places_q("place", "custodian", roles) if lent.grants else reach
    if act.not_after:
        paired = Event.objects.filter(policies.by_eyes(scope.eyes), case=OuterRef("pk"), act__in=act.not_after)
        rule &= ~Q(Exists(paired))
    return rule


def events_of(case: Case) -> QuerySet[Event]:
    """What happened, the latest first, with the papers."""
    return case.events.select_related("by", "on_behalf_of", "delegation").prefetch_related("papers").order_by("-id")


def rows_for_list(user: User, *, kind: str = "", state: str = "", late: bool = False) -> QuerySet[Case]:
    """Cases for the list, newest first."""
    rows = cases_visible_to(user).select_related("place", "parcel", "asset", "party")
    if kind:
        rows = rows.filter(kind=kind)
    if state == "open":
        rows = rows.filter(closed_at__isnull=True)
    elif state:
        rows = rows.filter(state=state)
    if late:
        rows = rows.filter(closed_at__isnull=True, due_on__lt=clock.today())
    return rows.order_by("-opened_at", "id")
