"""What the docket brings to the lower rooms."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from authority import audit, clock
from authority.keeping import belongings, effects
from authority.keeping.services import grants_of
from authority.models import RoleHolding, User
from authority.policies import STAFF, Scope, scope_of
from authority.refusal import Conflict
from cases import deadlines, interests, layers
from cases.findable import declare_findable
from cases.models import Case, Event, Paper
from cases.policies import cases_visible_to, in_sight, may_hand_in
from cases.registry import act_title, kinds
from cases.selectors import waiting_within
from documents.models import Document
from documents.policies import register_keeper, register_owner
from law.days import on_change
from parcels import timeline
from parcels.models import Parcel
from parcels.services import before_ending
from parcels.timeline import Entry
from ui import account
from ui.addresses import address_of


def declare() -> None:
    """Declare what can be found, actions of the audit trail, who reads the papers of a file, the map's layer."""
    declare_findable()
    audit.declare("cases.act", _("Act on a file"))
    audit.declare("cases.paper", _("Paper added to a file"))
    audit.declare("cases.withdraw_paper", _("Paper of a file marked as attached by mistake"))
    audit.declare(interests.DECLARED, _("Conflict of interest declared"))
    audit.declare(deadlines.MOVED, _("Deadline moved by a change of the calendar"))
    account.register(account.Way(_("Conflicts of interest"), "cases:interests", "hand-stop", works_here))
    keeping()
    on_change(deadlines.calendar_changed)
    register_owner(reads_paper)
    register_keeper(keeps_paper)
    layers.declare()
    timeline.register(inspections, "inspections")
    before_ending(refuse_open_cases)


VISITS = ("inspect", "measure_again")  # acts of those who stood on the ground


def inspections(parcel: Parcel, user: User) -> Iterator[Entry]:
    """Give the visits to the land, on the date of their report where it has one, with the day they were entered."""
    seen = cases_visible_to(user, Case.objects.filter(parcel=parcel)).order_by()
    rows = Event.objects.filter(case__in=seen.values("pk"), act__in=VISITS).select_related("case")
    for row in rows.order_by("at", "id").prefetch_related("papers"):
        entered = clock.day_of(row.at)
        dated = [paper.dated_on for paper in row.papers.all() if paper.dated_on and not paper.withdrawn_at]
        day = min([*dated, entered])
        title = f"{act_title(row.case.kind, row.act)} · {row.case.number}"
        yield Entry("inspections", title, day, day, "ver", address_of("cases:case", row.case_id), str(row.pk), entered)


def keeping() -> None:
    """Tell who keeps accounts what follows from a change of rights, and what waits for the holder of a role."""
    effects.count(effects.Figure("files", _("files seen"), lambda scope: Case.objects.filter(in_sight(scope)).count()))
    effects.count(effects.Figure("waiting", _("files waiting for an act"), waiting_within))
    effects.tell_acts(acts_open_to)
    belongings.count_waiting(waiting_at)


def waiting_at(holding: RoleHolding) -> int:
    """Say how many files wait for the holder of a role in his office."""
    return waiting_within(Scope(holding.user_id, grants_of([holding])))


def acts_open_to(roles: Collection[str]) -> list[str]:
    """Say in words which acts on files some roles may do."""
    return [
        f"{kind.plural}: {act_title(kind.kind, act.name)}"
        for kind in kinds()
        for act in (kind.workflow.opening, *kind.workflow.acts)
        if set(act.by) & set(roles)
    ]


def works_here(user: Any) -> bool:
    """Say whether a person works here."""
    return scope_of(user).holds(STAFF)


def refuse_open_cases(parcel: Parcel) -> None:
    """Refuse the end of an entry on which files are open."""
    standing = Case.objects.filter(parcel=parcel, closed_at=None).order_by("pk").first()
    if standing is not None:
        raise Conflict(
            "cases_stand", _("File %(number)s is open on this entry; close it first."), number=standing.number
        )


def reads_paper(user: User, document: Document) -> bool:
    """Say whether a stored file is a paper of a case that this person may see."""
    return Paper.objects.filter(document=document, case__in=cases_visible_to(user)).exists()


def keeps_paper(user: User, document: Document) -> bool:
    """Say whether a stored file is a paper of an open case in which the person has an act."""
    held = Paper.objects.filter(document=document, withdrawn_at=None, case__in=cases_visible_to(user))
    return any(may_hand_in(user, paper.case, clock.now()) for paper in held.select_related("case__place"))
