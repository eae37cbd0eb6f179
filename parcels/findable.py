"""How parcels and assets are found: number, code, street, who holds them today; their places by the places' names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.gis.db.models.functions import Centroid
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from authority import changes, clock
from authority.models import User
from parcels.findable_past import LEFT_OUT, parcel_hit, parcels_then
from parcels.layers import GOVERNING
from parcels.models import Asset, Holding, ParcelVersion, Status
from parcels.policies import assets_visible_to, versions_visible_to
from parcels.selectors import versions_as_of
from search.registry import Entry, Findable, Hit, register
from search.services import index

CHUNK = 5_000
FILTERS = frozenset({"place", "custodian", "status", "use"})


def standing() -> QuerySet[ParcelVersion]:
    """Return the versions that stand in the book and are true today."""
    return versions_as_of().order_by()


def holders(**thing: Any) -> ArraySubquery:
    """Return the names of who holds a thing today."""
    today = Holding.objects.filter(in_book=True, legal_range__contains=clock.today(), party__isnull=False, **thing)
    return ArraySubquery(today.values_list("party__name_ar"))


def parcel_entries(ids: Sequence[str] | None) -> Iterator[Entry]:
    """Yield the rows of parcels that stand today."""
    rows = standing().filter(parcel__closed_on=None)
    rows = rows if ids is None else rows.filter(parcel_id__in=ids)
    found = rows.annotate(holders=holders(parcel=OuterRef("parcel_id")), governing=GOVERNING).values_list(
        "parcel_id", "parcel__parcel_code", "parcel__unified_property_no", "parcel_no_norm", "street", "building_no",
        "hamlet", "file_no", "holders", "parcel__place_id", "parcel__custodian_id", "parcel_no_main", "governing",
        "parcel__status", "land_use",
    )  # fmt: skip
    for (
        key, code, unified, number, street, building, hamlet, file_no, names, place, custodian, main, area, status, use,
    ) in found.iterator(CHUNK):  # fmt: skip
        yield Entry(
            object_id=str(key),
            texts=(number, code, unified or "", street, building, hamlet, file_no, *(names or ())),
            place_id=place,
            custodian_id=custodian,
            sort=sorted_number(main, number),
            area_m2=area,
            tags={"status": status, "use": use},
        )


def sorted_number(main: int | None, norm: str) -> str:
    """Return a number so that lists come in the order of numbers: 9 before 12, 12 before 12/3."""
    return f"{main:010d} {norm}" if main is not None else f"~ {norm}"


def parcel_hits(user: User, ids: Sequence[str]) -> Iterator[Hit]:
    """Yield parcels as they are shown, within the reader's rights."""
    rows = versions_visible_to(user, standing().filter(parcel_id__in=ids)).select_related("parcel", "place__parent")
    told = rows.annotate(middle=Centroid("geom"), holders=holders(parcel=OuterRef("parcel_id")))
    for version in told.defer(*LEFT_OUT):
        status = Status(version.parcel.status)
        yield parcel_hit(version, getattr(version, "middle", None), getattr(version, "holders", ()), status)


def asset_entries(ids: Sequence[str] | None) -> Iterator[Entry]:
    """Yield the rows of open assets."""
    rows = Asset.objects.filter(closed_on=None).order_by()
    rows = rows if ids is None else rows.filter(pk__in=ids)
    found = rows.annotate(holders=holders(asset=OuterRef("pk"))).values_list(
        "pk", "asset_code", "name_ar", "street", "building_no", "unit_no", "holders", "place_id", "custodian_id",
        "area_m2", "status",
    )  # fmt: skip
    for key, code, name, street, building, unit, names, place, custodian, area, status in found.iterator(CHUNK):
        yield Entry(
            object_id=str(key),
            texts=(name, code, street, building, unit, *(names or ())),
            place_id=place,
            custodian_id=custodian,
            sort=name,
            area_m2=area,
            tags={"status": status},
        )


def asset_hits(user: User, ids: Sequence[str]) -> Iterator[Hit]:
    """Yield assets as they are shown, within the reader's rights."""
    rows = assets_visible_to(user, Asset.objects.filter(pk__in=ids)).select_related("place")
    for asset in rows.annotate(middle=Centroid("geom")).defer("geom_3857", "place__geom", "place__geom_3857"):
        middle = getattr(asset, "middle", None)
        yield Hit(
            kind="asset",
            id=str(asset.pk),
            title=asset.name_ar,
            subtitle=" · ".join(filter(None, (str(asset.get_kind_display()), asset.street, str(asset.place)))),
            code=asset.asset_code,
            url=f"/api/v1/assets/{asset.pk}/",
            status=asset.status,
            status_title=str(asset.get_status_display()),
            area_m2=asset.area_m2,
            lon=middle.x if middle else None,
            lat=middle.y if middle else None,
        )


def parcels_within(user: User, outline: GEOSGeometry) -> QuerySet[Any]:
    """Return the parcels that meet an outline."""
    rows = versions_visible_to(user, standing().filter(geom__intersects=outline))
    return rows.annotate(thing=F("parcel_id"))


def assets_within(user: User, outline: GEOSGeometry) -> QuerySet[Any]:
    """Return the assets that meet an outline."""
    rows = assets_visible_to(user, Asset.objects.filter(closed_on=None, geom__intersects=outline))
    return rows.annotate(thing=F("pk"))


def follow_party(_kind: str, ids: Iterable[object]) -> None:
    """Renew what a party holds when its name has changed or is withheld."""
    held = Holding.objects.filter(in_book=True, party_id__in=list(ids)).order_by()
    index("parcel", held.filter(parcel__isnull=False).values_list("parcel_id", flat=True))
    index("asset", held.filter(asset__isnull=False).values_list("asset_id", flat=True))


def declare_findable() -> None:
    """Hand parcels and assets to the search."""
    changes.follow("party", follow_party)
    register(
        Findable(
            kind="parcel", title=gettext_lazy("Parcels"), entries=parcel_entries, show=parcel_hits,
            within=parcels_within, then=parcels_then, by_place=True, filters=FILTERS, order=10,
        )
    )  # fmt: skip
    register(
        Findable(
            kind="asset", title=gettext_lazy("Buildings, shops, kiosks, beaches"), entries=asset_entries,
            show=asset_hits, within=assets_within, by_place=True, filters=FILTERS - {"use"}, order=20,
        )
    )  # fmt: skip
