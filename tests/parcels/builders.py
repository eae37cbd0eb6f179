"""Land for tests: valid parcels in one call, in Ismailia on the Red belt unless something else is said."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

import shapely

from authority import clock
from authority.models import Custodian, Place, Role, User
from parcels import services
from parcels.facts import Boundary
from parcels.models import Asset, Holding, Parcel
from parcels.services import SurveyItem
from tests.authority.builders import make_custodian, make_place, make_user

_numbers = itertools.count(1)

RED_BELT = "EPSG:22992"
# A farm south of the city of Ismailia, in metres of the Red belt.
ORIGIN = (736_000.0, 876_000.0)
DAY = dt.date(2020, 1, 1)


def a_governorate(code: str = "19", *, working_srid: int = 22992) -> Place:
    """Return a governorate with its metric working system."""
    place = make_place(code)
    if place.working_srid != working_srid:
        Place.objects.filter(pk=place.pk).update(working_srid=working_srid)
        place.refresh_from_db()
    return place


def a_hod(governorate: Place | None = None, *, number: int = 8) -> Place:
    """Return a hod with its whole chain: governorate, markaz, nahia."""
    top = governorate or a_governorate()
    markaz = make_place(f"{top.code}01", parent=top, kind=Place.Kind.MARKAZ)
    nahia = make_place(f"{markaz.code}0004", parent=markaz, kind=Place.Kind.NAHIA)
    return make_place(f"{nahia.code}{number:03d}", parent=nahia, kind=Place.Kind.HOD, name=f"حوض الملقة {number}")


def a_keeper(place: Place | None = None) -> User:
    """Return an officer who keeps the land book in the place (all of Ismailia)."""
    return make_user(Role.GIS_OFFICER, place=place or a_governorate())


def corners(x: float = 0, y: float = 0, width: float = 100, height: float = 50) -> list[tuple[float, float]]:
    """Return the corners of a rectangle, metres from the farm's origin."""
    left, low = ORIGIN[0] + x, ORIGIN[1] + y
    return [(left, low), (left + width, low), (left + width, low + height), (left, low + height)]


def a_boundary(
    x: float = 0, y: float = 0, width: float = 100, height: float = 50, *, row: int | None = None, **how: Any
) -> Boundary:
    """Return a rectangle surveyed on the Red belt, metres from the farm's origin."""
    wkb = shapely.to_wkb(shapely.Polygon(corners(x, y, width, height)))
    return Boundary(wkb, RED_BELT, row=row, **({"method": "GNSS_RTK", "accuracy_m": 0.03} | how))


def a_parcel(
    *,
    by: User | None = None,
    at: dt.datetime | None = None,
    place: Place | None = None,
    custodian: Custodian | None = None,
    number: str = "",
    legal_from: dt.date = DAY,
    boundary: Boundary | None = None,
    located: bool = True,
    **facts: Any,
) -> Parcel:
    """Return a registered parcel: 100 × 50 m, surveyed, free; every call lies beside the one before."""
    serial = next(_numbers)
    where = place or a_hod()
    if boundary is None and located:
        boundary = a_boundary(x=(serial % 400) * 100, y=(serial // 400) * 50)
    return services.register_parcel(
        by=by or a_keeper(Place.objects.get(code=where.governorate_code)),
        at=at or clock.now(),
        place=where,
        custodian=custodian or make_custodian(),
        number=number or str(serial),
        legal_from=legal_from,
        facts=facts,
        boundary=boundary,
    )


def a_holding(
    parcel: Parcel | None = None,
    *,
    asset: Asset | None = None,
    kind: str = Holding.Kind.LEASE,
    start: dt.date = DAY,
    last_day: dt.date | None = None,
    by: User | None = None,
    at: dt.datetime | None = None,
    **more: Any,
) -> Holding:
    """Return a holding of the parcel or asset (a new parcel when nothing is said): an open lease."""
    thing = parcel if parcel is not None or asset is not None else a_parcel()
    return services.place_holding(
        by=by or a_keeper(),
        at=at or clock.now(),
        kind=kind,
        start=start,
        last_day=last_day,
        parcel=thing,
        asset=asset,
        **more,
    )


def an_asset(*, parcel: Parcel | None = None, kind: str = Asset.Kind.KIOSK, **more: Any) -> Asset:
    """Return a registered asset, on the parcel or alone."""
    place = more.pop("place", None) or (parcel.place if parcel else a_hod())
    given: dict[str, Any] = {
        "by": a_keeper(),
        "at": clock.now(),
        "name_ar": f"كشك {next(_numbers)}",
        "custodian": make_custodian(),
        "registered_on": DAY,
    }
    return services.register_asset(kind=kind, place=place, parcel=parcel, **(given | more))


def survey_items(count: int, *, place: Place | None = None, columns: int = 100, **facts: Any) -> Sequence[SurveyItem]:
    """Return the features of a survey: a grid of 20 × 10 m plots numbered from 1."""
    where, custodian = place or a_hod(), make_custodian()
    return [
        SurveyItem(
            where,
            custodian.pk,
            str(i + 1),
            a_boundary((i % columns) * 20, 50_000 - (i // columns) * 10, 20, 10, row=i + 1),
            facts,
        )
        for i in range(count)
    ]
