"""The worklist: looked for every night, taken by somebody, closed when it is found no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.policies import scope_of
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from parcels.models import WorkItem
from parcels.policies import FILERS, MARKERS
from parcels.worklist import Kind, kinds

State = WorkItem.State
WORKERS: frozenset[str] = FILERS | MARKERS
MOST_AT_ONCE = 500

ENTER = """
    INSERT INTO parcels_workitem (parcel_id, kind, detail, state, note, found_at, changed_at)
    SELECT f.parcel_id, %s, '', 'OPEN', '', %s, %s FROM ({found}) f
     WHERE NOT EXISTS (SELECT FROM parcels_workitem w
                        WHERE w.parcel_id = f.parcel_id AND w.kind = %s AND w.closed_at IS NULL)
"""
CLOSE = """
    UPDATE parcels_workitem w SET state = 'DONE', closed_at = %s, changed_at = %s
     WHERE w.kind = %s AND w.closed_at IS NULL
       AND w.parcel_id IN (SELECT p.id FROM parcels_parcel p JOIN authority_place l ON l.id = p.place_id
                            WHERE l.path LIKE %s)
       AND NOT EXISTS (SELECT FROM ({found}) f WHERE f.parcel_id = w.parcel_id)
"""


@transaction.atomic
def look_for_work(*, governorate: str, at: dt.datetime) -> dict[str, tuple[int, int]]:
    """Enter what is found in a governorate and close what is found no more; return kind → (new, done)."""
    return {kind.kind: _look(kind, governorate, at) for kind in kinds()}


def _look(kind: Kind, governorate: str, at: dt.datetime) -> tuple[int, int]:
    sql, params = kind.found(governorate).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(CLOSE.format(found=sql), [at, at, kind.kind, f"{governorate}.%", *params])
        done = cursor.rowcount
        cursor.execute(ENTER.format(found=sql), [kind.kind, at, at, *params, kind.kind])
        return cursor.rowcount, done


@transaction.atomic
def take_work(*, by: User, at: dt.datetime, items: Sequence[int], note: str = "") -> int:
    """Take items for oneself; return how many. Raise NotAllowed, NotFound, Conflict `work_taken`."""
    held = _held(items, by)
    taken = [item for item in held if item.state == State.TAKEN and item.owner_id != by.pk]
    if taken:
        raise Conflict("work_taken", _("%(owner)s works on it already."), owner=str(taken[0].owner))
    return _move(held, State.TAKEN, by, at, note, owner=by)


@transaction.atomic
def release_work(*, by: User, at: dt.datetime, items: Sequence[int], note: str = "") -> int:
    """Give items back; who took them, or a district's head, may."""
    held = _held(items, by)
    if any(item.owner_id not in (None, by.pk) for item in held):
        raise NotAllowed
    return _move(held, State.OPEN, by, at, note, owner=None)


@transaction.atomic
def set_work_aside(*, by: User, at: dt.datetime, items: Sequence[int], note: str) -> int:
    """Accept something as it is, with a reason; it stays on the list of what was set aside."""
    if not note.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."), field="note")
    return _move(_held(items, by), State.SET_ASIDE, by, at, note, owner=by)


def _held(items: Sequence[int], by: User) -> list[WorkItem]:
    """Return the open items, locked; raise NotAllowed where the person may not work on one of them."""
    if not 0 < len(items) <= MOST_AT_ONCE:
        raise Invalid("work_none", _("Choose between one and %(most)s lines."), most=MOST_AT_ONCE)
    rows = WorkItem.objects.select_for_update(of=("self",)).select_related("parcel__place", "owner")
    held = list(rows.filter(pk__in=items, closed_at=None).order_by("pk"))
    if len(held) != len(set(items)):
        raise NotFound()
    scope = scope_of(by)
    if not all(scope.allows(WORKERS, item.parcel.place, item.parcel.custodian_id) for item in held):
        raise NotAllowed
    return held


def _move(held: list[WorkItem], state: str, by: User, at: dt.datetime, note: str, *, owner: User | None) -> int:
    keys = [item.pk for item in held]
    WorkItem.objects.filter(pk__in=keys).update(state=state, owner=owner, note=note.strip()[:300], changed_at=at)
    for governorate in sorted({item.parcel.place.governorate_code for item in held}):
        detail = {"items": len(held), "state": state, "note": note.strip()[:300]}
        audit.record("parcels.work_moved", by=by, at=at, governorate=governorate, detail=detail)
    return len(held)
