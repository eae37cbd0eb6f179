"""One act on many parcels: looked through and frozen by one officer, carried out whole by another, or not at all."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.clock import day_of
from authority.models import Custodian, Place, User
from authority.policies import Scope, scope_of
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound, Refusal
from jobs.services import queue
from parcels.bitemporal import Span
from parcels.facts import BASIS_LENGTH, clean, within
from parcels.locks import Lockable, locks, refusal_of
from parcels.models import BulkAct, BulkRow, Parcel, ParcelVersion
from parcels.policies import KEEPERS, parcels_visible_to
from parcels.services import book, bulk
from parcels.services.versions import Aim, days_meant

MOST = 10_000
TASK = "parcels.bulk_act"
State = BulkAct.State
# Facts that many parcels can share; numbers, areas and boundaries belong to one alone.
SHARED = frozenset(
    {
        "ownership_class", "land_use", "location_class", "confidence", "registration_system", "sheet_no",
        "sheet_scale", "cadastral_edition", "register_book", "file_no", "shelf", "hamlet", "street",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What is said of each of them: columns of a version, and how the book's audit tells it."""

    changes: Mapping[str, Any]
    custodian: Custodian | None
    detail: Mapping[str, Any]


@transaction.atomic
def prepare_bulk_act(
    *,
    by: User,
    at: dt.datetime,
    act: str,
    parcels: Sequence[UUID],
    said: Mapping[str, Any],
    on: dt.date,
    basis: str,
) -> BulkAct:
    """Freeze what shall be said of these parcels from the day `on`, and look which of them cannot take it.

    `said` of FACTS: facts by name; of CUSTODY: `custodian` (code), `decree_no`, `decree_on`. Those that cannot take it
    are left out, each with its reason. Raise NotFound where one is out of sight, Invalid `bulk_none`, `bulk_too_many`,
    `bulk_fact_single`, `nothing_new`, `reason_needed`, those of facts and decrees, Conflict `bulk_nothing_left`.
    """
    wanted = sorted(set(parcels))
    if not wanted:
        raise Invalid("bulk_none", _("Choose at least one parcel."))
    if len(wanted) > MOST:
        raise Invalid("bulk_too_many", _("At most %(most)s parcels at once: narrow the list."), most=MOST)
    if not basis.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."), field="basis")
    plan = read(act, said, at)
    found = list(parcels_visible_to(by, Parcel.objects.filter(pk__in=wanted)).select_related("place").order_by("pk"))
    if len(found) != len(wanted):
        raise NotFound()
    refused = looked_through(found, plan, on, scope_of(by))
    if len(refused) == len(found):
        raise Conflict(
            "bulk_nothing_left",
            _("None of them can take it: %(why)s"), why=str(next(iter(refused.values())).detail),
        )  # fmt: skip
    made = BulkAct.objects.create(
        act=act, said=as_json(said), on=on, basis=within("basis", basis.strip(), BASIS_LENGTH),
        place=common_place(found), prepared_by=by, prepared_at=at,
    )  # fmt: skip
    bulk.load([row_of(made, parcel, refused.get(parcel.pk)) for parcel in found])
    audit.record("parcels.bulk_prepared", by=by, at=at, obj=made, detail=told(made, len(found), len(refused)))
    return made


def told(act: BulkAct, rows: int, left_out: int) -> dict[str, Any]:
    """Return what the audit says of it."""
    return {"act": act.act, "said": act.said, "on": act.on, "parcels": rows, "left_out": left_out}


def row_of(act: BulkAct, parcel: Parcel, refusal: Refusal | None) -> BulkRow:
    """Return an unsaved row."""
    code, why = (refusal.code, str(refusal.detail)[:300]) if refusal else ("", "")
    return BulkRow(act=act, parcel=parcel, row_version=parcel.row_version, left_out=code, why=why)


def as_json(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was said as the row keeps it."""
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in said.items()}


def read(act: str, said: Mapping[str, Any], at: dt.datetime) -> Said:
    """Return what an act says of each parcel; raises Invalid."""
    if act == BulkAct.Act.CUSTODY:
        return _custody(said, at)
    if act != BulkAct.Act.FACTS:
        raise Invalid("act_unknown", _("Choose what to do."), field="act")
    single = sorted(set(said) - SHARED)
    if single:
        raise Invalid("bulk_fact_single", _("%(field)s is said of one parcel at a time."), field=single[0])
    changes = dict(clean(said))
    if not changes:
        raise Invalid("nothing_new", _("The new version says nothing new."))
    return Said(changes, None, {"fields": sorted(changes)})


def _custody(said: Mapping[str, Any], at: dt.datetime) -> Said:
    custodian = Custodian.objects.filter(code=str(said.get("custodian", ""))[:32], closed_on=None).first()
    if custodian is None:
        raise Invalid("custodian_unknown", _("There is no such custodian."), field="custodian")
    number, day = str(said.get("decree_no") or "").strip(), said.get("decree_on")
    if not number:
        raise Invalid("decree_missing", _("Name the decree: its number and date."), field="decree_no")
    decreed = dt.date.fromisoformat(day) if isinstance(day, str) else day
    if not isinstance(decreed, dt.date):
        raise Invalid("decree_missing", _("Name the decree: its number and date."), field="decree_on")
    if decreed > day_of(at):
        raise Invalid("decree_in_future", _("The decree's date lies in the future."), field="decree_on")
    changes = {
        "custodian_id": custodian.pk,
        "custody_decree": within("decree_no", number, 120),
        "custody_decree_on": decreed,
    }
    return Said(changes, custodian, {"to": custodian.code, "decree": number, "decree_on": decreed})


def common_place(parcels: Sequence[Parcel]) -> Place:
    """Return the smallest place that holds all of them; raise Invalid where they lie in several governorates."""
    chains = [parcel.place.path.split(".") for parcel in parcels]
    shared: list[str] = []
    for codes in zip(*chains, strict=False):
        if len(set(codes)) > 1:
            break
        shared.append(codes[0])
    found = Place.objects.filter(path=".".join(shared)).first() if shared else None
    if found is None:
        raise Invalid("bulk_governorates", _("They lie in several governorates: one at a time."))
    return found


# ---- looking through -------------------------------------------------------------------------------------------------


def looked_through(parcels: Sequence[Parcel], plan: Said, on: dt.date, scope: Scope) -> dict[UUID, Refusal]:
    """Return for each parcel that cannot take it, why."""
    standing = {row.parcel_id: row for row in facts_on([one.pk for one in parcels], on)}
    may = _Rights(scope, plan.custodian)
    barred = locks([one.pk for one in parcels]) if plan.custodian else {}
    refused: dict[UUID, Refusal] = {}
    for parcel in parcels:
        refusal = _refusal(parcel, standing.get(parcel.pk), plan, on, may) or refusal_of(
            barred.get(parcel.pk, ()), Lockable.CUSTODY
        )
        if refusal is not None:
            refused[parcel.pk] = refusal
    return refused


def facts_on(parcels: Sequence[UUID], on: dt.date) -> list[ParcelVersion]:
    """Return the standing rows of a day without their shapes."""
    rows = ParcelVersion.objects.filter(parcel_id__in=parcels, in_book=True, legal_range__contains=on)
    return list(rows.defer("geom", "geom_3857", "source_geom", "source_attributes"))


class _Rights:
    """Asks once for each place and custodian, not for each of ten thousand parcels."""

    def __init__(self, scope: Scope, custodian: Custodian | None) -> None:
        self.scope, self.custodian = scope, custodian
        self.known: dict[tuple[int, int], bool] = {}

    def keeps(self, parcel: Parcel) -> bool:
        key = (parcel.place_id, parcel.custodian_id)
        if key not in self.known:
            ends = {parcel.custodian_id, self.custodian.pk if self.custodian else parcel.custodian_id}
            self.known[key] = all(self.scope.allows(KEEPERS, parcel.place, end) for end in ends)
        return self.known[key]


def _refusal(parcel: Parcel, version: ParcelVersion | None, plan: Said, on: dt.date, may: _Rights) -> Refusal | None:
    if not may.keeps(parcel):
        return NotAllowed("not_kept_here", _("Its book is kept by others."))
    if parcel.closed_on is not None:
        return Conflict(
            "parcel_closed", _("Parcel %(thing)s was closed on %(on)s; its successors are in its file."),
            thing=parcel.parcel_code, on=parcel.closed_on,
        )  # fmt: skip
    if version is None:
        return Conflict(
            "no_version_then", _("The book says nothing of parcel %(thing)s on %(on)s."),
            thing=parcel.parcel_code, on=on,
        )  # fmt: skip
    if plan.custodian is not None and version.custodian_id == plan.custodian.pk:
        return Conflict(
            "custodian_same", _("%(custodian)s has custody on that day already."), custodian=str(plan.custodian)
        )
    if all(version.__dict__[name] == value for name, value in plan.changes.items()):
        return Conflict("nothing_new", _("The book says so already."))
    return None


# ---- carrying out ----------------------------------------------------------------------------------------------------


@transaction.atomic
def carry_out(*, by: User, at: dt.datetime, act: BulkAct) -> BulkAct:
    """Have it done, as another officer than who prepared it; the work itself is queued.

    Raise NotAllowed `maker_is_not_checker`, Conflict `bulk_decided`.
    """
    held = _open(act)
    if held.prepared_by_id == by.pk:
        raise NotAllowed("maker_is_not_checker", _("Another officer than the one who prepared it carries it out."))
    if not _keeps_all(by, held):
        raise NotAllowed()
    held.state, held.decided_by, held.decided_at = State.QUEUED, by, at
    held.save(update_fields=["state", "decided_by", "decided_at"])
    queue(TASK, by=by, key=f"{TASK} {held.pk}", at=at, act=held.pk)
    audit.record("parcels.bulk_approved", by=by, at=at, obj=held, detail={"act": held.act})
    return held


@transaction.atomic
def withdraw_bulk_act(*, by: User, at: dt.datetime, act: BulkAct, reason: str) -> BulkAct:
    """Put it away: by who prepared it, or by an officer who would carry it out. Raise as `carry_out`."""
    held = _open(act)
    if held.prepared_by_id != by.pk and not _keeps_all(by, held):
        raise NotAllowed()
    if not reason.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."), field="reason")
    held.state, held.decided_by, held.decided_at = State.WITHDRAWN, by, at
    held.reason = within("reason", reason.strip(), 300)
    held.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    audit.record("parcels.bulk_withdrawn", by=by, at=at, obj=held, detail={"reason": held.reason})
    return held


def _open(act: BulkAct) -> BulkAct:
    held = BulkAct.objects.select_for_update(of=("self",)).select_related("place").get(pk=act.pk)
    if held.state != State.PREPARED:
        raise Conflict("bulk_decided", _("It was decided already: %(state)s."), state=held.get_state_display())
    return held


def _keeps_all(by: User, act: BulkAct) -> bool:
    scope, plan = scope_of(by), read(act.act, act.said, act.prepared_at)
    may = _Rights(scope, plan.custodian)
    kept = Parcel.objects.filter(pk__in=_kept(act).values("parcel_id")).select_related("place")
    pairs = kept.order_by("place_id", "custodian_id").distinct("place_id", "custodian_id")
    return all(may.keeps(parcel) for parcel in pairs)


def _kept(act: BulkAct) -> Any:
    return BulkRow.objects.filter(act=act, left_out="").order_by()


def write_bulk_act(act_id: UUID, *, at: dt.datetime) -> BulkAct:
    """Write what was approved, whole, inside the caller's transaction; nothing where a parcel has changed meanwhile."""
    act = BulkAct.objects.select_for_update(of=("self",)).select_related("decided_by", "place").get(pk=act_id)
    if act.state != State.QUEUED or act.decided_by is None:
        return act
    by, plan = act.decided_by, read(act.act, act.said, at)
    versions = dict(_kept(act).values_list("parcel_id", "row_version"))
    found = Parcel.objects.select_for_update(of=("self",)).select_related("place").filter(pk__in=list(versions))
    held = list(found.order_by("pk"))
    refused = looked_through(held, plan, act.on, scope_of(by))
    stale = [one for one in held if one.row_version != versions[one.pk] or one.pk in refused]
    if stale:
        return _outdated(act, stale, refused, by=by, at=at)
    moment = say_of_many(held, plan.changes, act.on, by=by, at=at, basis=_basis(act))
    act.state, act.done_at = State.DONE, moment
    act.save(update_fields=["state", "done_at"])
    _tell(act, held, plan, by=by, at=at)
    return act


def _basis(act: BulkAct) -> str:
    decree = str(act.said.get("decree_no", "")) if act.act == BulkAct.Act.CUSTODY else ""
    return " — ".join(part for part in (decree.strip(), act.basis) if part)[:BASIS_LENGTH]


def _outdated(
    act: BulkAct, stale: Sequence[Parcel], refused: Mapping[UUID, Refusal], *, by: User, at: dt.datetime
) -> BulkAct:
    """Leave everything as it is, and say which parcels are not as they were looked at."""
    changed = Conflict("stale", _("It was changed after the act was prepared."))
    for parcel in stale:
        refusal = refused.get(parcel.pk, changed)
        rows = BulkRow.objects.filter(act=act, parcel=parcel)
        rows.update(left_out=refusal.code, why=str(refusal.detail)[:300])
    act.state, act.done_at = State.OUTDATED, at
    act.save(update_fields=["state", "done_at"])
    audit.record("parcels.bulk_outdated", by=by, at=at, obj=act, detail={"parcels": len(stale)})
    return act


@transaction.atomic
def give_up(act_id: UUID, code: str, *, at: dt.datetime) -> None:
    """Put an act away whose work failed for good; nothing of it was written."""
    act = BulkAct.objects.select_for_update().get(pk=act_id)
    if act.state != State.QUEUED or act.decided_by is None:
        return
    act.state, act.done_at, act.reason = State.OUTDATED, at, code[:300]
    act.save(update_fields=["state", "done_at", "reason"])
    audit.record("parcels.bulk_outdated", by=act.decided_by, at=at, obj=act, detail={"code": code})


def say_of_many(
    parcels: Sequence[Parcel], changes: Mapping[str, Any], on: dt.date, *, by: User, at: dt.datetime, basis: str
) -> dt.datetime:
    """Say the same of many parcels from a day on, in one stroke; return the moment of record."""
    of_parcel: defaultdict[UUID, list[ParcelVersion]] = defaultdict(list)
    keys = [parcel.pk for parcel in parcels]
    for row in book.rows_in_book(keys, Span(on)):
        of_parcel[row.parcel_id].append(row)
    meant: dict[UUID, tuple[list[ParcelVersion], Span]] = {}
    for parcel in parcels:
        rows = of_parcel[parcel.pk]
        span = days_meant(parcel, rows, changes, Aim(on, None, "law"))
        meant[parcel.pk] = ([row for row in rows if book.span_of(row).overlaps(span)], span)
    touched = [row for rows, _span in meant.values() for row in rows]
    moment = book.moment_after(touched, at)
    said = {**changes, "basis": basis, "recorded_by_id": by.pk}
    made = [new for rows, span in meant.values() for new in book.superseded(rows, span, moment, lambda _row: said)]
    book.close(touched, moment)
    book.write(made)
    book.settle(keys, at, {parcel.place.governorate_code for parcel in parcels})
    return moment


def _tell(act: BulkAct, parcels: Sequence[Parcel], plan: Said, *, by: User, at: dt.datetime) -> None:
    """Write the audit of each parcel, as its own page shows it, and of the whole."""
    name = "parcels.custody_transferred" if plan.custodian else "parcels.law_version"
    detail = {**plan.detail, "on": act.on, "basis": act.basis, "bulk_act": act.pk, "prepared_by": act.prepared_by_id}
    audit.record_many(name, by=by, at=at, objs=parcels, detail=detail)
    audit.record("parcels.bulk_done", by=by, at=at, obj=act, detail={"act": act.act, "parcels": len(parcels)})


def left_out(act: BulkAct) -> Iterator[BulkRow]:
    """Yield the rows that are not in, with their parcels."""
    yield from act.rows.exclude(left_out="").select_related("parcel").order_by("pk").iterator(1000)
