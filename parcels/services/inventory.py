"""The yearly inventory (ar: جرد): frozen by one officer, checked line by line, signed by another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.clock import day_of
from authority.models import Place, Role, User
from authority.policies import require
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from parcels.models import Inventory, InventoryLine, LandUse, Status
from parcels.policies import KEEPERS, MARKERS

Finding = InventoryLine.Finding
COUNTERS: frozenset[str] = MARKERS | {Role.INSPECTOR, Role.CUSTODIAN_OFFICER, Role.FIELD_TEAM}
SIGNERS: frozenset[str] = frozenset({Role.DISTRICT_HEAD, Role.SECRETARY_GENERAL, Role.PROPERTY_OFFICER})

FREEZE = """
    INSERT INTO parcels_inventoryline (inventory_id, parcel_id, number, place_id, custodian_code, ownership_class,
           land_use, status, area_m2, finding, found_use, found_status, note)
    SELECT %(inventory)s, p.id, v.parcel_no_raw, v.place_id, c.code, v.ownership_class, v.land_use, p.status,
           CASE WHEN v.governing_area = 'SURVEY' THEN coalesce(v.survey_area_m2, v.deed_area_m2, v.geom_area_m2)
                ELSE coalesce(v.deed_area_m2, v.survey_area_m2, v.geom_area_m2) END, 'UNCHECKED', '', '', ''
      FROM parcels_parcelversion v
      JOIN parcels_parcel p ON p.id = v.parcel_id
      JOIN authority_place l ON l.id = v.place_id
      JOIN authority_custodian c ON c.id = v.custodian_id
     WHERE v.in_book AND v.legal_range @> %(on)s::date AND (p.closed_on IS NULL OR p.closed_on > %(on)s)
       AND (l.path = %(path)s OR l.path LIKE %(below)s)
"""


@transaction.atomic
def freeze_inventory(*, by: User, at: dt.datetime, place: Place, year: int, as_of: dt.date) -> Inventory:
    """Write down what the book says of every parcel of a place on a day; one inventory a place and year.

    Raise NotAllowed, Conflict `inventory_exists`, Invalid `year_unlikely`, `inventory_empty`.
    """
    require(by, KEEPERS, place=place)
    if not 1900 < year < 2200 or as_of > day_of(at):
        raise Invalid("year_unlikely", _("An inventory is of a year and a day that have come."))
    if Inventory.objects.filter(place=place, year=year).exists():
        raise Conflict("inventory_exists", _("The inventory of %(year)s is there already."), year=year)
    made = Inventory.objects.create(
        place=place, governorate=place.governorate_code, year=year, as_of=as_of, frozen_at=at, frozen_by=by
    )
    with connection.cursor() as cursor:
        below = {"path": place.path, "below": f"{place.path}.%"}
        cursor.execute(FREEZE, {"inventory": made.pk, "on": as_of, **below})
        made.line_count = cursor.rowcount
    if not made.line_count:
        raise Invalid("inventory_empty", _("No parcel stands in this place on that day."))
    made.save(update_fields=["line_count"])
    detail = {"year": year, "place": place.code, "as_of": as_of, "lines": made.line_count}
    audit.record("parcels.inventory_frozen", by=by, at=at, obj=made, detail=detail)
    return made


@transaction.atomic
def check_line(
    *,
    by: User,
    at: dt.datetime,
    line: InventoryLine,
    finding: str,
    found: Mapping[str, Any] | None = None,
    note: str = "",
) -> InventoryLine:
    """Write what was found of a line. Raise NotAllowed, Conflict `inventory_signed`, Invalid `difference_missing`."""
    held = _open(line)
    require(by, COUNTERS, place=held.place)
    if finding not in Finding.values or finding == Finding.UNCHECKED:
        raise Invalid("finding_unknown", _("Say whether it agrees, differs or was not found."), field="finding")
    said = _said(dict(found or {})) if finding == Finding.DIFFERS else {}
    if finding != Finding.AGREES and not (said or note.strip()):
        raise Invalid("difference_missing", _("Say what differs."), field="note")
    held.finding, held.note, held.checked_by, held.checked_at = finding, note.strip()[:300], by, at
    held.found_use, held.found_status = said.get("found_use", ""), said.get("found_status", "")
    held.found_area_m2 = said.get("found_area_m2")
    held.save()
    detail = {"inventory": held.inventory_id, "finding": finding, "number": held.number}
    audit.record(
        "parcels.inventory_checked",
        by=by,
        at=at,
        obj=held.parcel,
        governorate=held.inventory.governorate,
        detail=detail,
    )
    return held


def _said(found: dict[str, Any]) -> dict[str, Any]:
    unknown = set(found) - {"found_use", "found_status", "found_area_m2"}
    wrong = {
        "found_use": found.get("found_use") not in (None, "", *LandUse.values),
        "found_status": found.get("found_status") not in (None, "", *Status.values),
    }
    bad = sorted(unknown | {name for name, is_wrong in wrong.items() if is_wrong})
    if bad:
        raise Invalid("fact_invalid", _("%(field)s: %(reason)s"), field=bad[0], reason="?")
    area = found.get("found_area_m2")
    if area is not None and not Decimal("0.01") <= Decimal(area) < Decimal(10) ** 10:
        raise Invalid("area_too_small", _("An area must be at least 0.01 m²."), field="found_area_m2")
    return {name: value for name, value in found.items() if value not in (None, "")}


def _open(line: InventoryLine) -> InventoryLine:
    rows = InventoryLine.objects.select_for_update(of=("self",)).select_related("inventory", "parcel__place", "place")
    held = rows.filter(pk=line.pk).first()
    if held is None:
        raise NotFound()
    if held.inventory.state == Inventory.State.SIGNED:
        raise Conflict("inventory_signed", _("The inventory is signed; it is not changed any more."))
    return held


@transaction.atomic
def sign_inventory(*, by: User, at: dt.datetime, inventory: Inventory) -> Inventory:
    """Sign an inventory whose lines are all checked; not who froze it. Raise NotAllowed, Conflict."""
    held = Inventory.objects.select_for_update(of=("self",)).select_related("place").filter(pk=inventory.pk).first()
    if held is None:
        raise NotFound()
    require(by, SIGNERS, place=held.place)
    if held.frozen_by_id == by.pk:
        raise NotAllowed("own_inventory", _("Whoever froze the inventory does not sign it."))
    if held.state == Inventory.State.SIGNED:
        raise Conflict("inventory_signed", _("The inventory is signed; it is not changed any more."))
    left = held.lines.filter(finding=Finding.UNCHECKED).count()
    if left:
        raise Conflict("inventory_unchecked", _("%(left)s lines are not checked yet."), left=left)
    held.state, held.signed_by, held.signed_at = Inventory.State.SIGNED, by, at
    held.save(update_fields=["state", "signed_by", "signed_at"])
    audit.record(
        "parcels.inventory_signed", by=by, at=at, obj=held, detail={"year": held.year, "place": held.place.code}
    )
    return held
