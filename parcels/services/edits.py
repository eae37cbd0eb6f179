"""Edits of boundaries: proposed by one officer, accepted whole by another, undone by a new version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import shapely
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.policies import Scope, scope_of
from authority.refusal import Conflict, Invalid, NotAllowed, Stale
from parcels.edit_asked import Asked
from parcels.facts import BASIS_LENGTH, within
from parcels.locks import Lockable, require_unlocked
from parcels.models import EditProposal, EditShape, Parcel
from parcels.policies import KEEPERS
from parcels.services import book
from parcels.services.edit_plan import Change, Plan, plan_edit, require_same
from parcels.services.edit_writing import restore, write_edit
from parcels.services.many import common_place

State, Kind = EditProposal.State, EditProposal.Kind
WORDS = 300
# A line that moves gives land of one parcel to another: what bars a split or a merge bars it too.
BARRED_BY: Mapping[str, tuple[str, ...]] = {
    Kind.SPLIT: (Lockable.SPLIT,),
    Kind.CUT: (Lockable.SPLIT,),
    Kind.MERGE: (Lockable.MERGE,),
    Kind.DRAW: (Lockable.SPLIT, Lockable.MERGE),
    Kind.CORNER: (Lockable.SPLIT, Lockable.MERGE),
    Kind.BOUNDARY: (Lockable.SPLIT, Lockable.MERGE),
}


@transaction.atomic
def propose_edit(
    *,
    by: User,
    at: dt.datetime,
    asked: Asked,
    on: dt.date,
    basis: str,
    versions: Mapping[UUID, int],
    reason: str = "",
    names: Sequence[str] = (),
) -> EditProposal:
    """Keep an edit for a second officer. It is tried whole and taken back, so that what cannot be is refused now.

    `versions` are the row versions of the parcels as they were read, `names` the numbers of those that come to be.
    Raise what `plan_edit`, `split_parcel`, `merge_parcels` and `new_version` raise, Stale, Conflict `act_locked`,
    Invalid `basis_missing`, `edit_numbers_missing`.
    """
    if not basis.strip():
        raise Invalid("basis_missing", _("Name the paper it rests on."), field="basis")
    plan = plan_edit(by=by, asked=asked, on=on)
    _require_read(plan, versions)
    parcels = [one.before.parcel for one in plan.changes if one.before is not None]
    made = EditProposal.objects.create(
        kind=asked.kind, asked=asked.as_json(), on=on, basis=within("basis", basis.strip(), BASIS_LENGTH),
        reason=within("reason", reason.strip(), WORDS), place=common_place(parcels), working_srid=plan.srid,
        told=plan.told, proposed_by=by, proposed_at=at,
    )  # fmt: skip
    EditShape.objects.bulk_create(_rows(made, plan, _numbers(plan, names)))
    _try(made, by=by, at=at)
    audit.record("parcels.edit_proposed", by=by, at=at, obj=made, detail=_detail(made))
    return made


def _require_read(plan: Plan, versions: Mapping[UUID, int]) -> None:
    for one in plan.changes:
        if one.before is not None and versions.get(one.before.parcel.pk) != one.before.parcel.row_version:
            raise Stale()


def _numbers(plan: Plan, names: Sequence[str]) -> list[str]:
    """Return the number of each parcel that comes to be, in the order of the shapes."""
    fresh = [one for one in plan.changes if one.before is None]
    given = [name.strip() for name in names] or [one.number for one in fresh]
    if len(given) != len(fresh) or not all(given):
        raise Invalid("edit_numbers_missing", _("Say the numbers of the %(count)s new parcels."), count=len(fresh))
    if len(set(given)) != len(given):
        raise Invalid("edit_number_twice", _("Two new parcels cannot bear one number."))
    return [within("number", name, 60) for name in given]


def _rows(proposal: EditProposal, plan: Plan, numbers: Sequence[str]) -> list[EditShape]:
    left = iter(numbers)
    return [_row(proposal, i, change, "" if change.before else next(left)) for i, change in enumerate(plan.changes)]


def _row(proposal: EditProposal, position: int, change: Change, number: str) -> EditShape:
    old = change.before
    return EditShape(
        proposal=proposal, position=position, number=number,
        parcel=old.parcel if old else None, row_version=old.parcel.row_version if old else None,
        stood=old.version if old else None, before=shapely.to_wkb(old.shape) if old else None,
        after=None if change.after is None else shapely.to_wkb(change.after),
        area_before=change.area_before, area_after=change.area_after,
    )  # fmt: skip


def _try(proposal: EditProposal, *, by: User, at: dt.datetime) -> None:
    """Do the whole act and take it back: what would be refused at acceptance is refused at once."""
    rows = _held_rows(proposal)
    _require_unlocked(proposal, rows)
    with transaction.atomic():
        write_edit(proposal, rows, by=by, at=at)
        transaction.set_rollback(True)


def _held_rows(proposal: EditProposal) -> list[EditShape]:
    rows = proposal.shapes.select_related("parcel__place", "parcel__custodian", "stood", "made__place")
    return list(rows.order_by("position"))


def _require_unlocked(proposal: EditProposal, rows: Sequence[EditShape]) -> None:
    parcels = [row.parcel_id for row in rows if row.parcel_id is not None]
    require_unlocked(parcels, *BARRED_BY[proposal.kind])


# ---- the second officer ----------------------------------------------------------------------------------------------


@transaction.atomic
def accept_edit(*, by: User, at: dt.datetime, proposal: EditProposal, expected: int | None = None) -> EditProposal:
    """Write it into the book, as another officer than who proposed it, if it still fits the book as it stands now.

    Raise NotAllowed `maker_is_not_checker`, Stale where a parcel has changed since, Conflict `edit_decided`,
    `edit_outdated`, `act_locked`, and what the acts themselves raise.
    """
    held, rows = _open(proposal, State.PROPOSED, expected, by)
    if held.proposed_by_id == by.pk:
        raise NotAllowed("maker_is_not_checker", _("Another officer than the one who proposed it accepts it."))
    _require_as_read(held, rows)
    plan = plan_edit(by=by, asked=Asked.of_json(held.asked), on=held.on)
    require_same(plan, [bytes(row.after) for row in rows if row.after is not None])
    write_edit(held, rows, by=by, at=at)
    _remember(rows)
    _decide(held, State.ACCEPTED, by, at)
    audit.record("parcels.edit_accepted", by=by, at=at, obj=held, detail=_detail(held))
    return held


def _require_as_read(held: EditProposal, rows: Sequence[EditShape]) -> None:
    """Hold the parcels; what bars the act is said before that they changed: it tells more."""
    read = {row.parcel_id: row.row_version for row in rows if row.parcel_id is not None}
    parcels = [book.open_parcel(pk) for pk in sorted(read)]
    _require_unlocked(held, rows)
    if any(parcel.row_version != read[parcel.pk] for parcel in parcels):
        raise Stale()


def _remember(rows: Sequence[EditShape]) -> None:
    """Keep as which row version each parcel came out: with another one, something was built on it."""
    known = dict(Parcel.objects.filter(pk__in=[one.made_id for one in rows]).values_list("pk", "row_version"))
    for row in rows:
        row.made_version = known.get(row.made_id) if row.made_id else None
    EditShape.objects.bulk_update(rows, ["made", "made_version"])


@transaction.atomic
def refuse_edit(
    *, by: User, at: dt.datetime, proposal: EditProposal, reason: str, expected: int | None = None
) -> EditProposal:
    """Say no to it, as another officer, with the reason. Raise as `accept_edit`, Invalid `reason_needed`."""
    held, _rows_of_it = _open(proposal, State.PROPOSED, expected, by)
    if held.proposed_by_id == by.pk:
        raise NotAllowed("maker_is_not_checker", _("Another officer than the one who proposed it refuses it."))
    held.decision = _reason(reason)
    _decide(held, State.REFUSED, by, at)
    audit.record("parcels.edit_refused", by=by, at=at, obj=held, detail=_detail(held) | {"reason": held.decision})
    return held


@transaction.atomic
def withdraw_edit(
    *, by: User, at: dt.datetime, proposal: EditProposal, reason: str = "", expected: int | None = None
) -> EditProposal:
    """Take back one's own proposal. Raise NotAllowed, Conflict `edit_decided`."""
    if proposal.proposed_by_id != by.pk:
        raise NotAllowed("not_your_proposal", _("Only the officer who proposed it takes it back."))
    held, _rows_of_it = _open(proposal, State.PROPOSED, expected, None)
    held.decision = within("reason", reason.strip(), WORDS)
    _decide(held, State.WITHDRAWN, by, at)
    audit.record("parcels.edit_withdrawn", by=by, at=at, obj=held, detail=_detail(held))
    return held


@transaction.atomic
def undo_edit(
    *, by: User, at: dt.datetime, proposal: EditProposal, reason: str, expected: int | None = None
) -> EditProposal:
    """Restore the former boundaries by new versions; what was written stays in the book's history.

    Not by who accepted it. Raise NotAllowed, Invalid `reason_needed`, Conflict `edit_not_accepted`, `edit_built_on`
    where a parcel of it was changed since, `act_locked`, and what the acts themselves raise.
    """
    held, rows = _open(proposal, State.ACCEPTED, expected, by)
    if held.decided_by_id == by.pk:
        raise NotAllowed("maker_is_not_checker", _("Another officer than the one who accepted it undoes it."))
    held.undone_why = _reason(reason)
    _require_untouched(rows)
    made = sorted({row.made_id for row in rows if row.made_id})
    require_unlocked(made, Lockable.SPLIT, Lockable.MERGE)
    restore(held, rows, by=by, at=at)
    held.state, held.undone_by, held.undone_at = State.UNDONE, by, at
    held.row_version += 1
    held.save(update_fields=["state", "undone_by", "undone_at", "undone_why", "row_version"])
    audit.record("parcels.edit_undone", by=by, at=at, obj=held, detail=_detail(held) | {"reason": held.undone_why})
    return held


def _require_untouched(rows: Sequence[EditShape]) -> None:
    known = {row.made_id: row.made_version for row in rows if row.made_id}
    for pk in sorted(known):
        parcel = book.lock(pk)
        if parcel.row_version != known[pk] or parcel.closed_on is not None:
            raise Conflict(
                "edit_built_on", _("Parcel %(thing)s was changed since: something was built on this edit."),
                thing=parcel.parcel_code,
            )  # fmt: skip


def _open(
    proposal: EditProposal, state: str, expected: int | None, keeper: User | None
) -> tuple[EditProposal, list[EditShape]]:
    """Hold the proposal; rights are asked before its state, which is not everybody's to know."""
    held = EditProposal.objects.select_for_update(of=("self",)).select_related("place").get(pk=proposal.pk)
    rows = _held_rows(held)
    if keeper is not None:
        _require_keeps(keeper, rows)
    if expected is not None and held.row_version != expected:
        raise Stale()
    if held.state != state:
        code = "edit_decided" if state == State.PROPOSED else "edit_not_accepted"
        raise Conflict(code, _("It does not stand open for that: %(state)s."), state=held.get_state_display())
    return held, rows


def _require_keeps(by: User, rows: Sequence[EditShape]) -> None:
    scope: Scope = scope_of(by)
    for row in rows:
        parcel = row.parcel or row.made
        if parcel is not None and not scope.allows(KEEPERS, parcel.place, parcel.custodian_id):
            raise NotAllowed()


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."), field="reason")
    return within("reason", text.strip(), WORDS)


def _decide(held: EditProposal, state: str, by: User, at: dt.datetime) -> None:
    held.state, held.decided_by, held.decided_at = state, by, at
    EditProposal.objects.filter(pk=held.pk).update(
        state=state, decided_by=by, decided_at=at, decision=held.decision, row_version=F("row_version") + 1
    )
    held.row_version += 1


def _detail(held: EditProposal) -> dict[str, Any]:
    rows = held.shapes.select_related("parcel", "made").order_by("position")
    return {
        "kind": held.kind,
        "on": held.on,
        "basis": held.basis,
        "parcels": [row.parcel.parcel_code for row in rows if row.parcel],
        "areas": [[_plain(row.area_before), _plain(row.area_after)] for row in rows],
    }


def _plain(area: Any) -> str | None:
    return None if area is None else str(area)
