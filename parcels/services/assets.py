"""Assets enter the book and leave it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import Custodian, Place, User
from authority.refusal import Conflict, Invalid, NotFound
from parcels import codes, shapes
from parcels.bitemporal import Span
from parcels.models import Asset, Holding, Parcel
from parcels.policies import require_keeper
from parcels.services import book

FACTS = frozenset({"street", "building_no", "floor", "unit_no", "area_m2"})


@transaction.atomic
def register_asset(
    *,
    by: User,
    at: dt.datetime,
    kind: str,
    name_ar: str,
    place: Place,
    custodian: Custodian,
    registered_on: dt.date,
    parcel: Parcel | None = None,
    parent: Asset | None = None,
    geom: GEOSGeometry | None = None,
    facts: Mapping[str, Any] | None = None,
    invented: bool = False,
) -> Asset:
    """Register a building, unit, shop, kiosk, beach or billboard, on a parcel, in another asset, or alone.

    Raise NotAllowed, Invalid `fact_unknown`, `fact_invalid`, Conflict `parcel_closed`.
    """
    require_keeper(by, place, custodian.pk)
    if parcel is not None:
        book.open_parcel(parcel.pk)
    asset = Asset(
        asset_code=_free_code(place, kind),
        kind=kind,
        name_ar=name_ar,
        place=place,
        custodian=custodian,
        parcel=parcel,
        parent=parent,
        geom=geom,
        registered_on=registered_on,
        invented=invented,
        recorded_by=by,
        **_facts(facts or {}),
    )
    _check(asset)
    _check_shape(geom)
    asset.save(force_insert=True)
    book.settle_assets([asset.pk], at, [place.governorate_code])
    audit.record("parcels.asset_registered", by=by, at=at, obj=asset, detail={"kind": kind, "code": asset.asset_code})
    asset.refresh_from_db()
    return asset


MOST_UNITS = 400


@transaction.atomic
def register_units(
    *,
    by: User,
    at: dt.datetime,
    building: Asset,
    floor_from: int,
    floor_to: int,
    on_each: int,
    first_no: int,
    registered_on: dt.date,
    area_m2: Decimal | None = None,
) -> list[Asset]:
    """Register the units of a building, floor by floor, numbered through; all of them or none.

    Raise NotAllowed, Invalid `not_a_building`, `units_many`, Conflict `unit_known`, `asset_closed`.
    """
    held = _held(building, by)
    if held.kind != Asset.Kind.BUILDING:
        raise Invalid("not_a_building", _("Units are registered in a building."))
    count = (floor_to - floor_from + 1) * on_each
    if not 0 < count <= MOST_UNITS:
        raise Invalid("units_many", _("Between one and %(most)s units at once."), most=MOST_UNITS)
    numbers = [str(first_no + i) for i in range(count)]
    known = held.units.filter(closed_on=None, unit_no__in=numbers).values_list("unit_no", flat=True).first()
    if known:
        raise Conflict("unit_known", _("Unit %(number)s is registered already."), number=known)
    return [
        register_asset(
            by=by, at=at, kind=Asset.Kind.UNIT, name_ar=f"{held.name_ar} — وحدة {number}"[:160], place=held.place,
            custodian=held.custodian, registered_on=registered_on, parcel=held.parcel, parent=held,
            facts={"floor": floor_from + i // on_each, "unit_no": number, "area_m2": area_m2, "street": held.street,
                   "building_no": held.building_no},
        )
        for i, number in enumerate(numbers)
    ]  # fmt: skip


@transaction.atomic
def change_asset(
    *, by: User, at: dt.datetime, asset: Asset, name_ar: str | None = None, facts: Mapping[str, Any] | None = None
) -> Asset:
    """Change what is said of an asset; what it said before stands in the trail.

    Raise NotAllowed, Invalid `fact_unknown`, `fact_invalid`, Conflict `asset_closed`.
    """
    held = _held(asset, by)
    said = _facts(facts or {}) | ({"name_ar": name_ar} if name_ar is not None else {})
    before = {name: getattr(held, name) for name in said}
    for name, value in said.items():
        setattr(held, name, value if value is not None or name in ("floor", "area_m2") else "")
    _check(held)
    held.save(update_fields=list(said))
    book.settle_assets([held.pk], at, [held.place.governorate_code])
    changed = {name: [before[name], getattr(held, name)] for name in said if before[name] != getattr(held, name)}
    audit.record("parcels.asset_changed", by=by, at=at, obj=held, detail=changed)
    held.refresh_from_db()
    return held


def _held(asset: Asset, by: User) -> Asset:
    """Return the asset, locked and open, to a person who keeps it."""
    rows = Asset.objects.select_for_update(of=("self",)).select_related("place", "custodian", "parcel")
    held = rows.filter(pk=asset.pk).first()
    if held is None:
        raise NotFound()
    require_keeper(by, held.place, held.custodian_id)
    if held.closed_on is not None:
        raise Conflict("asset_closed", _("%(thing)s was closed on %(on)s."), thing=held.asset_code, on=held.closed_on)
    return held


@transaction.atomic
def close_asset(*, by: User, at: dt.datetime, asset: Asset, on: dt.date, reason: str = "") -> Asset:
    """Close an asset; raise Conflict `holding_stands` or `units_stand` while something stands in it."""
    held = Asset.objects.select_for_update(of=("self",)).select_related("place").filter(pk=asset.pk).first()
    if held is None:
        raise NotFound()
    require_keeper(by, held.place, held.custodian_id)
    standing = Holding.objects.filter(asset=held, in_book=True, legal_range__overlap=book.legal(Span(on)))
    if standing.exists():
        raise Conflict("holding_stands", _("%(asset)s is still held; end that first."), asset=held.asset_code)
    if held.units.filter(closed_on=None).exists():
        raise Conflict("units_stand", _("%(asset)s still has units that are open."), asset=held.asset_code)
    held.closed_on = on
    held.save(update_fields=["closed_on"])
    book.settle_assets([held.pk], at, [held.place.governorate_code])
    audit.record("parcels.asset_closed", by=by, at=at, obj=held, detail={"on": on, "reason": reason})
    held.refresh_from_db()
    return held


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - FACTS
    if unknown:
        raise Invalid("fact_unknown", _("An asset has no field %(field)s."), field=sorted(unknown)[0])
    return dict(facts)


def _check(asset: Asset) -> None:
    try:
        asset.clean_fields(exclude=["geom", "place", "custodian", "parcel", "parent", "recorded_by", "geom_3857"])
    except ValidationError as wrong:
        name, reasons = next(iter(wrong.message_dict.items()))
        raise Invalid("fact_invalid", _("%(field)s: %(reason)s"), field=name, reason=" ".join(reasons)) from None


def _check_shape(geom: GEOSGeometry | None) -> None:
    """Refuse a shape that the table would refuse."""
    if geom is None:
        return
    west, south, east, north = geom.extent if not geom.empty else (0.0, 0.0, 0.0, 0.0)
    low_x, low_y, high_x, high_y = shapes.EGYPT
    if not (low_x <= west and low_y <= south and east <= high_x and north <= high_y):
        raise Invalid("geometry_outside_egypt", _("The shape lies outside Egypt."))
    if not geom.valid:
        raise Invalid("geometry_invalid", _("The shape crosses itself."))


def _free_code(place: Place, kind: str) -> str:
    """Return the next running number of that kind in the place; counted by one at a time."""
    if kind not in codes.ASSET_LETTERS:
        raise Invalid("fact_invalid", _("%(field)s: %(reason)s"), field="kind", reason=kind)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"asset {place.code} {kind}"])
    count = Asset.objects.filter(place=place, kind=kind).aggregate(count=Count("pk"))["count"]
    while True:
        count += 1
        code = codes.asset_code(place.code, kind, count)
        if not Asset.objects.filter(asset_code=code).exists():
            return code
