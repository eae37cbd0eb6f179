"""Every write of the docket. `perform` is the only way a case moves: the database refuses any other."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from authority import audit, changes, clock
from authority.models import Custodian, Place, User
from authority.refusal import Conflict, Invalid, NotFound, Stale, plain
from cases import deadlines, policies, told
from cases.models import Case, Event, Paper
from cases.numbering import next_number
from cases.policies import Standing
from cases.registry import Done, KindOfCase, Question, kind_of, state_title, workflow_of
from cases.workflow import Act, NoSuchActError, Workflow
from documents import intake
from documents.models import Document
from parcels.locks import require_unlocked
from parcels.models import Asset, Parcel
from parcels.selectors import latest_versions
from parties.models import Party

CaseId = uuid.UUID | str


@dataclass(frozen=True, kw_only=True)
class NewPaper:
    """A paper handed in with an act: a file, a stored document, or words only."""

    kind: str
    document: Document | None = None
    file: BinaryIO | None = None
    filename: str = ""
    type: str = ""  # documents.models.Document.Type
    text: str = ""
    number: str = ""
    dated_on: dt.date | None = None


@transaction.atomic
def open_case(
    *,
    kind: str,
    by: User,
    at: dt.datetime,
    parcel: Parcel | None = None,
    asset: Asset | None = None,
    place: Place | None = None,
    custodian: Custodian | None = None,
    party: Party | None = None,
    geom: GEOSGeometry | None = None,
    facts: Mapping[str, Any] | None = None,
    prior: Case | None = None,
    repeat: bool = False,
    note: str = "",
    papers: Iterable[NewPaper] = (),
    role: str = "",
) -> Case:
    """Open a file on a parcel, an asset or a place; it begins in the first state with a number of its own."""
    declared = kind_of(kind)
    where = place or _place_of(parcel, asset)
    keeper = custodian or _custodian_of(parcel, asset)
    acting = _opening_role(declared, where, keeper, by, at, role)
    require_no_suit(declared, declared.workflow.opening.name, parcel.pk if parcel else None)
    year, number = next_number(series=kind, governorate=where.governorate_code, at=at)
    case = Case.objects.create(
        kind=kind,
        workflow_version=declared.workflow.version,
        number=declared.number_format.format(year=year, n=number),
        governorate=where.governorate_code,
        state=declared.workflow.initial,
        parcel=parcel,
        asset=asset,
        place=where,
        custodian=keeper,
        party=party,
        geom=geom or _middle_of(parcel, asset),
        prior=prior,
        repeat=repeat,
        opened_by=by,
        opened_at=at,
    )
    policies.require_no_interest(case, by, acting.mandate)
    for paper in papers:
        _attach(case, paper, by=by, at=at)
    _record(case, declared, declared.workflow.opening, "", by=by, at=at, acting=acting, note=note, facts=facts or {})
    return case


@transaction.atomic
def perform(
    case_id: CaseId,
    act: str,
    *,
    by: User,
    at: dt.datetime,
    role: str | None = None,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    papers: Iterable[NewPaper] = (),
    if_match: int | None = None,
) -> Case:
    """Do one act on a case: lock → row of the table → version → role → other hand → guards → papers → state and event.

    Raises NotFound, Conflict (409: not from this state, missing papers, a guard), Stale (412), NotAllowed, Invalid.
    """
    case = locked(case_id, by)
    declared, table = kind_of(case.kind), workflow_of(case)
    row = row_of(table, case, act)
    if if_match is not None and if_match != case.row_version:
        raise Stale
    acting = policies.require_role(act=row, case=case, by=by, at=at, role=role or "")
    policies.require_no_interest(case, by, acting.mandate)
    done = policies.done_by(case, by, policies.rights_on(by, at))
    policies.require_other_hand(act=row, case=case, done=done)
    require_reason(row, note)
    for guard in row.guards:
        declared.guards[guard](Question(case=case, act=row, user=by, role=acting.role, at=at, facts=facts or {}))
    require_no_suit(declared, row.name, case.parcel_id)
    for paper in papers:
        _attach(case, paper, by=by, at=at)
    require_papers(declared, row, case)
    before = case.state
    _move(case, table, row, at=at)
    _record(case, declared, row, before, by=by, at=at, acting=acting, note=note, facts=facts or {})
    return case


def require_no_suit(declared: KindOfCase, act: str, parcel: uuid.UUID | None) -> None:
    """Raise Conflict `act_locked` where a suit bars the act on the parcel."""
    if parcel is not None and act in declared.locks:
        require_unlocked([parcel], declared.locks[act])


@transaction.atomic
def attach_paper(case_id: CaseId, *, paper: NewPaper, by: User, at: dt.datetime) -> Paper:
    """Put a paper into a case's file before the act that needs it."""
    case = locked(case_id, by)
    _require_hand_in_file(case, by, at)
    stored = _attach(case, paper, by=by, at=at)
    audit.record("cases.paper", by=by, at=at, obj=case, detail={"kind": stored.kind, "number": stored.number})
    return stored


def _require_hand_in_file(case: Case, by: User, at: dt.datetime) -> None:
    """Raise unless the file is open and the person has an act in it."""
    table = workflow_of(case)
    if case.state in table.final:
        raise Conflict("file_closed", _("The file is closed; nothing is added to it."))
    roles = sorted({role for row in (table.opening, *table.acts) for role in row.by})
    hand = replace(table.opening, by=tuple(roles))
    acting = policies.standing(
        act=hand, kind=case.kind, place=case.place, custodian_id=case.custodian_id,
        by=by, scope=policies.rights_on(by, at),
    )  # fmt: skip
    if not acting:
        raise policies.not_yours(table.opening)
    policies.require_no_interest(case, by, acting.mandate)


@transaction.atomic
def withdraw_paper(case_id: CaseId, paper_id: int, *, reason: str, by: User, at: dt.datetime) -> Paper:
    """Mark a paper as attached by mistake: it stays in the file with the reason and serves no act any more.

    Raises NotFound, Invalid (reason_required), Conflict (paper_served, paper_withdrawn, file_closed).
    """
    case = locked(case_id, by)
    paper = case.papers.select_for_update(of=("self",)).filter(pk=paper_id).first()
    if paper is None:
        raise NotFound
    _require_hand_in_file(case, by, at)
    if paper.event_id is not None:
        raise Conflict("paper_served", _("An act rests on this paper, so it stays as it is."))
    if paper.withdrawn_at is not None:
        raise Conflict("paper_withdrawn", _("This paper was withdrawn already."))
    if not reason.strip():
        raise Invalid("reason_required", _("Write the reason: it stays beside the paper."), field="reason")
    paper.withdrawn_at, paper.withdrawn_by, paper.withdrawn_reason = at, by, reason.strip()[:2000]
    paper.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    audit.record("cases.withdraw_paper", by=by, at=at, obj=case, detail={"kind": paper.kind, "paper": paper.pk})
    if paper.document is not None:
        changes.changed("document", [paper.document.root_id])
    return paper


def locked(case_id: CaseId, by: User) -> Case:
    """The case, locked until the transaction ends; raises NotFound when it is missing or out of sight."""
    try:
        case = Case.objects.select_for_update(of=("self",)).select_related("place", "parcel", "asset").get(pk=case_id)
    except (Case.DoesNotExist, ValueError) as missing:
        raise NotFound from missing
    policies.require_sight(by, case)
    return case


def row_of(table: Workflow, case: Case, act: str) -> Act:
    """The row of the table for an act from the case's state; raises Invalid or Conflict."""
    try:
        row = table.act(act)
    except NoSuchActError as unknown:
        raise Invalid("act_unknown", _("There is no act “%(act)s” for this kind of file."), act=act) from unknown
    if case.state not in row.source:
        raise Conflict(
            "act_not_open",
            _("The file stands at “%(state)s”; this act does not follow from there."),
            state=state_title(case.kind, case.state),
            act=act,
        )
    return row


def require_act_open(case: Case, act: str) -> None:
    """Raise what `perform` would for an act that does not follow from the state: asked before its facts are read."""
    row_of(workflow_of(case), case, act)


def require_reason(row: Act, note: str) -> None:
    """Raise Invalid when the act must give its reason and none is given."""
    if row.reason and not note.strip():
        raise Invalid("reason_required", _("Write the reason: it is part of the decision."), field="note")


def unserved(case: Case) -> QuerySet[Paper]:
    """The papers in the file that can still serve an act."""
    return case.papers.filter(event__isnull=True, withdrawn_at__isnull=True)


def missing_papers(row: Act, case: Case) -> list[str]:
    """Kinds of paper the act asks for that are not in the file or have served another act already."""
    fresh = set(unserved(case).filter(kind__in=row.papers).values_list("kind", flat=True))
    return [kind for kind in row.papers if kind not in fresh]


def require_papers(declared: KindOfCase, row: Act, case: Case) -> None:
    """Raise Conflict naming the papers that are missing from the file."""
    if missing := missing_papers(row, case):
        titles = str(_(", ")).join(declared.paper_title(kind) for kind in missing)
        raise Conflict(
            "papers_missing", _("Needed in the file first: %(papers)s."), papers=titles, missing=missing, advice=""
        )


def _place_of(parcel: Parcel | None, asset: Asset | None) -> Place:
    """Where the thing lies; raises Invalid when there is neither a thing nor a place."""
    thing = parcel or asset
    if thing is None:
        raise Invalid("place_required", _("Say where it is: a parcel, an asset or a place."))
    return thing.place


def _custodian_of(parcel: Parcel | None, asset: Asset | None) -> Custodian | None:
    """Who has custody of the thing."""
    thing = parcel or asset
    return thing.custodian if thing is not None else None


def _middle_of(parcel: Parcel | None, asset: Asset | None) -> GEOSGeometry | None:
    """A point on the thing, where it has a shape: a file without a place of its own stands there on the map."""
    if asset is not None and asset.geom is not None:
        return middle(asset.geom)
    parcel_id = parcel.pk if parcel else asset.parcel_id if asset else None
    if parcel_id is None:
        return None
    shape = latest_versions(parcel_id).values_list("geom", flat=True).first()
    return middle(shape) if shape else None


def middle(shape: GEOSGeometry) -> GEOSGeometry:
    """A point on a shape."""
    found: GEOSGeometry = shape.point_on_surface
    return found


def _opening_role(
    declared: KindOfCase, place: Place, keeper: Custodian | None, by: User, at: dt.datetime, role: str
) -> Standing:
    """The role in which the file is opened; raises NotAllowed."""
    opening = declared.workflow.opening
    acting = policies.standing(
        act=opening, kind=declared.kind, place=place, custodian_id=keeper.pk if keeper else None,
        by=by, scope=policies.rights_on(by, at), role=role,
    )  # fmt: skip
    if not acting:
        raise policies.not_yours(opening)
    return acting


def _move(case: Case, table: Workflow, row: Act, *, at: dt.datetime) -> None:
    """Write the new state; the database asks for the act by which the case moves, in this transaction only."""
    paused = table.paused_after(act=row, state=case.state, paused_from=case.paused_from)
    case.state = table.arrives(act=row, state=case.state, paused_from=case.paused_from)
    case.paused_from = paused
    case.row_version += 1
    case.closed_at = at if case.state in table.final else None
    announce(row.name, at)
    case.save(update_fields=["state", "paused_from", "row_version", "closed_at"])
    announce("", at)


def announce(act: str, at: dt.datetime) -> None:
    """Tell the database's guard by which act and on which day the case moves, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('amlak.act', %s, true), set_config('amlak.day', %s, true)",
            [act, clock.day_of(at).isoformat()],
        )


def _record(
    case: Case,
    declared: KindOfCase,
    row: Act,
    before: str,
    *,
    by: User,
    at: dt.datetime,
    acting: Standing,
    note: str,
    facts: Mapping[str, Any],
) -> None:
    """Write the event with all that follows from it."""
    event = Event.objects.create(
        case=case,
        row_version=case.row_version,
        act=row.name,
        source=before,
        target=case.state,
        by=by,
        role=acting.role,
        on_behalf_of_id=acting.mandate.giver_id if acting.mandate else None,
        delegation_id=acting.mandate.delegation_id if acting.mandate else None,
        at=at,
        note=note,
        facts=plain(facts),
    )
    unserved(case).filter(kind__in=row.papers).update(event=event)
    _run_clocks(case, declared.version(case.workflow_version), before, clock.day_of(at))
    done = Done(case=case, act=row, event=event, by=by, at=at, facts=facts)
    after_each = declared.effects.get("*", ()) if before else ()
    for effect in (*declared.effects.get(row.name, ()), *after_each):
        effect(done)
    detail = {"kind": case.kind, "number": case.number, "act": row.name, "from": before, "to": case.state}
    detail |= {"role": acting.role, **acting.told()}
    audit.record("cases.act", by=by, at=at, obj=case, detail=detail)
    told.tell(case)


def _run_clocks(case: Case, table: Workflow, before: str, day: dt.date) -> None:
    """Begin, stop, resume or close the deadlines of the case."""
    if not before:
        deadlines.begin(case, table, day)
        deadlines.refresh(case)
    elif before != case.state:
        deadlines.moved(case, table, before=before, day=day)


def _attach(case: Case, paper: NewPaper, *, by: User, at: dt.datetime) -> Paper:
    """Store a paper of a case; raises Invalid for an empty one."""
    declared = kind_of(case.kind)
    if paper.kind not in declared.papers:
        raise Invalid("paper_unknown", _("There is no kind of paper “%(kind)s”."), kind=paper.kind)
    document = paper.document
    if document is None and paper.file is not None:
        document = intake.take_in(
            file=paper.file, filename=paper.filename, kind=paper.kind, by=by, at=at, governorate=case.governorate,
            type=paper.type, number=paper.number, dated_on=paper.dated_on,
        )  # fmt: skip
    if document is None and not (paper.text.strip() or paper.number.strip()):
        raise Invalid("paper_empty", _("A paper is a file, a number or words: nothing was given."), kind=paper.kind)
    made = Paper.objects.create(
        case=case,
        kind=paper.kind,
        document=document,
        number=paper.number,
        dated_on=paper.dated_on,
        text=paper.text,
        added_by=by,
        added_at=at,
    )
    if document is not None:
        changes.changed("document", [document.root_id])
    return made
