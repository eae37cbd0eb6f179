"""Land for tiles: hods with a grid of plots, and a layer over them that knows rights, roles and filters."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db.models import Count, DecimalField, F, QuerySet, Sum, Value
from django.db.models.functions import Cast
from psycopg2.extras import DateRange, DateTimeTZRange

from authority import clock
from authority.models import Custodian, Place, Role, User
from authority.policies import scope_of
from parcels.models import Parcel, ParcelVersion, Status
from search.services import index
from tests.authority.builders import make_custodian, make_place, make_user
from tiles.registry import Attribute, Category, Filters, Geometry, Layer, Pattern, Theme

_codes = itertools.count(1)
STEP = 0.0005  # degrees: about 50 m


def box(west: float, south: float, wide: float, high: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((west, south, west + wide, south + high)), srid=4326)


def make_hod(code: str = "19010101001", *, lon: float = 32.2, lat: float = 30.5) -> Place:
    """Return a hod with its markaz, nahia and governorate; the outline is 0.02° wide."""
    upper = None
    for depth, (digits, kind) in enumerate(((2, "GOVERNORATE"), (4, "MARKAZ"), (8, "NAHIA"), (11, "HOD"))):
        upper = make_place(code[:digits], kind=kind, parent=upper)
        if depth and upper.geom.extent[0] != lon:
            Place.objects.filter(pk=upper.pk).update(geom=box(lon, lat, 0.02, 0.02))
    assert upper is not None
    return upper


def plant(hod: Place, count: int = 4, *, status: str = "FREE", custodian: Custodian | None = None) -> list[Parcel]:
    """Return that many parcels in a row, from the hod's south-west corner on."""
    held, by = custodian or make_custodian(), User.objects.first() or make_user()
    hod.refresh_from_db()
    west, south, _, _ = hod.geom.extent
    parcels = Parcel.objects.bulk_create(
        Parcel(parcel_code=f"T{next(_codes):09}", place=hod, custodian=held, status=status) for _ in range(count)
    )
    ParcelVersion.objects.bulk_create(
        ParcelVersion(
            parcel=parcel,
            legal_range=DateRange(dt.date(2020, 1, 1), None),
            recorded_range=DateTimeTZRange(clock.now(), None),
            place=hod,
            custodian=held,
            address_mode="RURAL",
            parcel_no_raw=f"{number}/3",
            parcel_no_norm=f"{number}/3",
            deed_area_m2="2500.5",
            geom=box(west + (number % 40) * STEP, south + (number // 40) * STEP, STEP, STEP),
            recorded_by=by,
        )
        for number, parcel in enumerate(parcels)
    )
    index("parcel", [parcel.pk for parcel in parcels])
    return parcels


def rows(user: User, filters: Filters) -> QuerySet[Any]:
    seen = scope_of(user).places_q("parcel__place", "parcel__custodian")
    found = ParcelVersion.objects.filter(seen, in_book=True, legal_range__contains=clock.today())
    return found.filter(parcel__status=filters["status"]) if "status" in filters else found


def counted(governorate: str) -> QuerySet[Any]:
    area = Cast(Sum("deed_area_m2"), DecimalField(max_digits=18, decimal_places=4))
    return (
        ParcelVersion.objects.filter(in_book=True, place__path__startswith=governorate)
        .values("place_id", "custodian_id", category=F("parcel__status"))
        .annotate(count=Count("pk"), area_m2=area)
    )


def known_status(text: str) -> str:
    return Status(text).value


def field_layer(**changes: Any) -> Layer:
    """Return a layer over the parcels; `owner` is for the legal officer only, `secret` for nobody's tile."""
    given: dict[str, Any] = {
        "name": "fields",
        "title": "Fields",
        "geometry": Geometry.POLYGON,
        "rows": rows,
        "place_field": "parcel__place",
        "custodian_field": "parcel__custodian",
        "attributes": (
            Attribute("id", "Id", expression="parcel_id"),
            Attribute("number", "Number", expression="parcel_no_raw"),
            Attribute("status", "Status", expression="parcel__status", essential=True, choices=Status.choices),
            Attribute("area", "Area", expression="deed_area_m2", min_zoom=14),
            Attribute("owner", "Owner", expression=Value("someone"), roles=frozenset({Role.LEGAL_OFFICER})),
            Attribute("secret", "Secret", expression=Value("hidden"), in_tiles=False),
        ),
        "themes": (
            Theme(
                "status",
                "Status",
                "status",
                (
                    Category(("FREE",), "Free", "st-free"),
                    Category(("ENCROACHED",), "Encroached", "st-encroach", Pattern.HATCH),
                ),
            ),
        ),
        "filters": {"status": known_status},
        "min_zoom": 13,
        "summarise": counted,
        "label": "number",
    }
    return Layer(**{**given, **changes})
