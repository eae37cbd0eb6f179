"""Reads of the worklist and of inventories, within the reader's rights."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from authority.models import User
from authority.policies import STAFF_READ, scope_of
from authority.refusal import NotFound
from parcels.models import BulkAct, Inventory, InventoryLine, WorkItem


def work_visible_to(user: User, rows: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """Return the work on parcels in the person's jurisdiction."""
    return rows.filter(scope_of(user).places_q("parcel__place", "parcel__custodian", STAFF_READ))


def open_work(user: User) -> QuerySet[WorkItem]:
    """Return what is not done yet, in the person's sight."""
    return work_visible_to(user, WorkItem.objects.filter(closed_at=None))


def progress(user: User) -> list[dict[str, Any]]:
    """Return for each kind how much is open, taken, set aside and done."""
    seen = work_visible_to(user, WorkItem.objects.all()).order_by()
    states = {name: Count("pk", filter=Q(state=name)) for name in WorkItem.State.values}
    return [dict(row) for row in seen.values("kind").annotate(**states).order_by("kind")]


def inventories_visible_to(user: User, rows: QuerySet[Inventory]) -> QuerySet[Inventory]:
    """Return the inventories of places in the person's jurisdiction."""
    return rows.filter(scope_of(user).places_q("place", None, STAFF_READ))


def inventory_by_id(inventory_id: UUID, user: User) -> Inventory:
    """Return an inventory; raises NotFound."""
    rows = inventories_visible_to(user, Inventory.objects.filter(pk=inventory_id))
    found = rows.select_related("place", "frozen_by", "signed_by").first()
    if found is None:
        raise NotFound()
    return found


def line_by_id(inventory: Inventory, line_id: int) -> InventoryLine:
    """Return a line of an inventory; raises NotFound."""
    found = inventory.lines.select_related("place", "parcel").filter(pk=line_id).first()
    if found is None:
        raise NotFound()
    return found


def counts(inventory: Inventory) -> dict[str, int]:
    """Return how many lines were found how."""
    rows = inventory.lines.order_by().values("finding").annotate(count=Count("pk"))
    return dict.fromkeys(InventoryLine.Finding.values, 0) | {row["finding"]: row["count"] for row in rows}


def differences(inventory: Inventory) -> QuerySet[InventoryLine]:
    """Return the lines that do not agree, by place and number."""
    rows = inventory.lines.filter(finding__in=[InventoryLine.Finding.DIFFERS, InventoryLine.Finding.MISSING])
    return rows.select_related("place", "parcel", "checked_by").order_by(F("place__path"), "number")


def bulk_acts_visible_to(user: User, rows: QuerySet[BulkAct]) -> QuerySet[BulkAct]:
    """Return the acts on many parcels of places in the person's jurisdiction, and his own."""
    return rows.filter(scope_of(user).places_q("place", None, STAFF_READ) | Q(prepared_by=user))


def bulk_act_by_id(act_id: UUID, user: User) -> BulkAct:
    """Return an act on many parcels; raises NotFound."""
    rows = bulk_acts_visible_to(user, BulkAct.objects.filter(pk=act_id))
    found = rows.select_related("place", "prepared_by", "decided_by").first()
    if found is None:
        raise NotFound()
    return found
