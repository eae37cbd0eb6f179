"""What the page of a file shows, put together for its template."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from authority import clock
from authority.models import Role, User
from authority.policies import scope_of
from cases.land import land_of, map_of
from cases.models import Case, Event, Paper
from cases.policies import ConflictOfInterest
from cases.registry import Figure, act_title, kind_of, state_title, workflow_of
from cases.selectors import ActRow, acts_for, cases_visible_to, events_of
from cases.workflow import Workflow
from documents import policies as documents
from documents.presenting import Shown
from documents.presenting import shown as documents_shown
from ui import sections
from ui.addresses import address_of

MOST_RELATED = 12
CONFLICT = ConflictOfInterest.code
BAD = {"reject", "dismiss", "refer", "withdraw", "stay", "withdraw_order", "return_draft", "note_violation", "rescind"}
ICONS = {
    "inspect": "clipboard-check",
    "approve": "check",
    "contract": "file-certificate",
    "activate": "signature",
    "confirm": "flag",
    "draft_order": "file-text",
    "issue_order": "gavel",
    "notify": "send",
    "stay": "hand-stop",
    "review_title": "file-search",
    "register_suit": "scale",
    "remove": "bulldozer",
    "close": "lock",
    "measure_again": "ruler-measure",
}


def tone_of(case: Case, table: Workflow) -> str:
    """The tone of the state's badge."""
    if case.paused_from:
        return "warn"
    if case.state in table.final:
        return "mute"
    return "info"


def track_of(case: Case, table: Workflow, events: list[Event], today: dt.date) -> list[dict[str, str]]:
    """The track with the days on which the file came to each point; position alone says the stage."""
    here = table.stage(case.state) or table.stage(case.paused_from or case.state)
    last = {event.target: clock.day_of(event.at) for event in reversed(events) if event.source != event.target}
    at = table.track.index(here) if here in table.track else furthest(table, events)
    ended = case.state in table.final
    return [_stage(case, table, name, place, at, ended, last, today) for place, name in enumerate(table.track)]


def furthest(table: Workflow, events: Iterable[Event]) -> int:
    """How far along the track a file came that ended beside it."""
    stages = [table.stage(event.target) for event in events]
    return max((table.track.index(stage) for stage in stages if stage in table.track), default=0)


def _stage(
    case: Case,
    table: Workflow,
    name: str,
    place: int,
    at: int,
    ended: bool,
    last: dict[str, dt.date],
    today: dt.date,
) -> dict[str, str]:
    """One point: done, on, paused, or to come."""
    state = "done" if place < at or (ended and place == at) else "on" if place == at else ""
    if state == "on" and case.paused_from:
        state = "paused"
    day = last.get(name)
    note = f"{day:%d/%m}" if day and place <= at else ""
    if state in ("on", "paused"):
        since = last.get(case.state)
        days = (today - since).days if since else 0
        note = ngettext("for %(days)s day", "for %(days)s days", days) % {"days": days} if days > 0 else note
    return {"title": str(_(table.state(name).title)), "state": state, "note": note}


def acts_of(case: Case, rows: list[ActRow]) -> list[dict[str, Any]]:
    """The acts as the list of acts shows them: what opens now first, the rest with its reasons."""
    return [act_of(case, row, primary=place == 0) for place, row in enumerate(rows)]


def act_of(case: Case, row: ActRow, *, primary: bool) -> dict[str, Any]:
    """One act: an address when it can begin, else every reason against it."""
    can = row.can_begin
    reasons = row.reasons if row.mine else row.reasons[:1]
    why = [
        str(reason["detail"]) for reason in reasons if reason["code"] != "papers_missing" and not reason.get("opens_on")
    ]
    return {
        "title": row.title,
        "open": can,
        "why": why if not can else [_("Leads to: %(state)s.") % {"state": row.target}],
        "opens_on": row.opens_on,
        "missing": [title for _kind, title in row.missing] if row.mine else [],
        "url": reverse("cases:act", args=[case.pk, row.act.name]) if can else "",
        "icon": ICONS.get(row.act.name, "arrow-right"),
        "button": _("Begin"),
        "primary": can and primary and not row.act.aside,
        "source": "" if can else row.act.basis,
    }


def deadlines_of(case: Case) -> list[dict[str, Any]]:
    """The deadlines, the running ones first."""
    rows = sorted(case.deadlines.all(), key=lambda row: (row.met_on is not None, row.due_on))
    return [
        {
            "title": state_title(case.kind, row.state),
            "note": _("working days") if row.working else _("calendar days"),
            "due_on": row.due_on,
            "starts_on": row.starts_on,
            "stopped": row.stopped_on,
            "met_on": row.met_on,
        }
        for row in rows
    ]


def papers_of(case: Case, rows: list[ActRow], user: User, *, closed: bool) -> tuple[list[dict[str, Any]], str]:
    """The papers in the file, then those that an act of mine still needs; with how many are there."""
    held = list(case.papers.select_related("document"))
    mine = not closed and any(row.mine for row in rows)
    stands = documents_shown(paper.document_id for paper in held if paper.document_id)
    shown = [paper_row(paper, user, mine=mine, stands=stands) for paper in held]
    wanted = dict(pair for row in rows if row.mine and not row.act.aside for pair in row.missing)
    add = reverse("cases:paper", args=[case.pk])
    shown += [
        {"title": title, "has": False, "add_url": "" if closed else f"{add}?kind={kind}"}
        for kind, title in wanted.items()
    ]
    gone = sum(row.get("withdrawn") is not None for row in shown)
    count = _("%(have)s of %(all)s") % {"have": len(held) - gone, "all": len(shown) - gone} if shown else ""
    return shown, count


def paper_row(
    paper: Paper, user: User, *, mine: bool, stands: Mapping[uuid.UUID, Shown] | None = None
) -> dict[str, Any]:
    """One paper, with its file for those who may read it; `mine` where the person has an act in the file.

    `stands`: the versions that stand of the files, by their first ones.
    """
    url, said = "", _said(paper, user, stands or {})
    if "document" in said and documents.may_read(user, said["document"]):
        url = address_of("documents:document", said["document"].pk)
    number = paper.number or (paper.text[:60] if not paper.document_id else "")
    title = kind_of(paper.case.kind).paper_title(paper.kind)
    row = {"title": title, "number": number, "dated_on": paper.dated_on, "url": url, "has": True} | said
    if paper.withdrawn_at is not None:
        row["withdrawn"] = paper.withdrawn_reason
    elif paper.event_id is None and mine:
        row["withdraw_url"] = reverse("cases:withdraw_paper", args=[paper.case_id, paper.pk])
    return row


def _said(paper: Paper, user: User, stands: Mapping[uuid.UUID, Shown]) -> dict[str, Any]:
    """What is said of the file of a paper: the version that stands, how many older ones, its marks and its page."""
    if paper.document is None:
        return {}
    shown = stands.get(paper.document.root_id, Shown(paper.document, 0))
    told: dict[str, Any] = {"document": shown.document, "older": shown.older_text, "marks": shown.marks}
    if documents.may_know(user, shown.document):
        told["record_url"] = address_of("documents:record", shown.document.pk)
    return told


def events_shown(case: Case, events: list[Event]) -> list[dict[str, Any]]:
    """What happened, the latest first."""
    return [
        {
            "title": act_title(case.kind, event.act),
            "at": event.at,
            "by": hand_of(event),
            "note": event.note,
            "tone": "bad" if event.act in BAD else "",
        }
        for event in events
    ]


def hand_of(event: Event) -> str:
    """Who did it and in which role; a delegate with the name of his giver and the decree."""
    by, role = str(event.by), Role(event.role).label
    if event.on_behalf_of is None or event.delegation is None:
        return f"{by} · {role}"
    told = {"by": by, "giver": event.on_behalf_of, "role": role, "decree": event.delegation.decree}
    return _("%(by)s on behalf of %(giver)s (%(role)s), decree %(decree)s") % told


def related_to(case: Case, user: User) -> list[dict[str, Any]]:
    """The file before, those that follow, and others on the same land."""
    same = Q(pk__in=[case.prior_id] if case.prior_id else []) | Q(prior=case)
    if case.parcel_id:
        same |= Q(parcel_id=case.parcel_id)
    if case.asset_id:
        same |= Q(asset_id=case.asset_id)
    rows = cases_visible_to(user, Case.objects.filter(same).exclude(pk=case.pk)).select_related("party")
    light = rows.defer("geom", "geom_3857").order_by("-opened_at")[:MOST_RELATED]
    return [
        {
            "case": row,
            "title": kind_of(row.kind).title,
            "icon": kind_of(row.kind).icon,
            "stage": state_title(row.kind, row.state),
            "relation": relation(case, row),
        }
        for row in light
    ]


def relation(case: Case, other: Case) -> str:
    """How another file is related."""
    if other.pk == case.prior_id:
        return _("the file before")
    return _("follows this one") if other.prior_id == case.pk else ""


def figures_of(case: Case, user: User) -> list[Figure]:
    """What the register knows."""
    figures = kind_of(case.kind).figures
    return figures(case, user) if figures else []


def roles_on(case: Case, user: User) -> str:
    """In which roles the reader stands before this file."""
    scope = scope_of(user)
    named = [
        str(Role(role).label) for role in sorted(scope.roles) if scope.allows({role}, case.place, case.custodian_id)
    ]
    for one in sorted(scope.mandates):
        if one.reaches(case.kind) and one.grant.covers(case.place.path, case.custodian_id):
            told = {"role": Role(one.grant.role).label, "giver": one.giver, "decree": one.decree}
            named.append(_("%(role)s on behalf of %(giver)s (decree %(decree)s)") % told)
    return str(_(", ")).join(named)


def running(deadlines: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The deadline that runs, for the head of the page."""
    return next((row for row in deadlines if row["met_on"] is None), None)


def page_of(case: Case, user: User) -> dict[str, Any]:
    """Everything the page shows."""
    declared, table, today = kind_of(case.kind), workflow_of(case), clock.today()
    rows, events = acts_for(case, user), list(events_of(case))
    closed = case.state in table.final
    papers, papers_count = papers_of(case, rows, user, closed=closed)
    land, deadlines = land_of(case.parcel, case.asset), deadlines_of(case)
    return head_of(case, user) | {
        "land": land,
        "map": map_of(case, land),
        "related_to_me": any(reason["code"] == CONFLICT for row in rows for reason in row.reasons),
        "track": track_of(case, table, events, today),
        "acts": acts_of(case, rows),
        "roles": roles_on(case, user),
        "deadlines": deadlines,
        "running": running(deadlines),
        "papers": papers,
        "papers_count": papers_count,
        "events": events_shown(case, events),
        "figures": figures_of(case, user),
        "related": related_to(case, user),
        "register": declared.page(case, user) if declared.page else {},
        "sections": sections.of("case", case, user),
        "closed": closed,
        "today": today,
        "now": clock.now(),
    }


def head_of(case: Case, user: User) -> dict[str, Any]:
    """What every page of a file says at its head."""
    declared = kind_of(case.kind)
    return {
        "case": case,
        "kind": declared,
        "state": state_title(case.kind, case.state),
        "tone": tone_of(case, workflow_of(case)),
        "parcel_url": address_of("workspace:parcel", case.parcel_id) if case.parcel_id else "",
    }
