"""Valid files on valid land in one call."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import deque
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from authority.models import Custodian, Office, Place, Role, RoleHolding, User
from cases.models import Case, Event
from cases.registry import workflow_of
from cases.services import NewPaper, announce
from cases.workflow import RETURN, STAY, Act, Workflow
from encroachments.models import Encroachment
from law.holidays import enforce_holiday, propose_holiday
from law.models import Holiday
from parcels import services as parcels
from parcels.models import LandUse, OwnershipClass, Parcel, ParcelVersion
from parties.models import Party

NOON = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
LONG_AGO = dt.date(2000, 1, 1)
counter = itertools.count(1)


def governorate() -> Place:
    """Ismailia with its metric system."""
    place, _ = Place.objects.get_or_create(
        code="19",
        defaults={
            "kind": Place.Kind.GOVERNORATE,
            "name_ar": "الإسماعيلية",
            "name_en": "Ismailia",
            "path": "19",
            "working_srid": 32636,
            "geom": MultiPolygon(Polygon.from_bbox((32.0, 30.0, 32.6, 31.0)), srid=4326),
        },
    )
    return place


def custodian() -> Custodian:
    """The governorate as custodian."""
    return Custodian.objects.get_or_create(code="ismailia", defaults={"name_ar": "محافظة الإسماعيلية"})[0]


def office() -> Office:
    """An office with the whole governorate as jurisdiction."""
    return Office.objects.get_or_create(
        code="ismailia-office", defaults={"name_ar": "الإدارة", "place": governorate()}
    )[0]


def person(*roles: str, where: Office | None = None, until: dt.date | None = None) -> User:
    """Somebody who holds these roles."""
    user = User.objects.create_user(f"user{next(counter)}", None)
    for role in roles:
        RoleHolding.objects.create(user=user, role=role, office=where or office(), starts_on=LONG_AGO, ends_on=until)
    return user


def system() -> User:
    """The program's own account."""
    return User.objects.get_or_create(username="system", defaults={"password": "!"})[0]


def holiday(day: dt.date, replaces: int | None = None) -> Holiday:
    """An official day off, entered by one and put in force by another."""
    made = propose_holiday(
        by=person(Role.LEGAL_OFFICER), at=NOON, day=day, name_ar="عطلة", source="قرار", replaces=replaces
    )
    return enforce_holiday(by=person(Role.LEGAL_OFFICER), at=NOON + dt.timedelta(seconds=next(counter)), holiday=made)


def party(name: str = "محمود عبد الله حسن") -> Party:
    """Somebody to let to."""
    return Party.objects.create(name_ar=name, created_by=person(Role.FRONT_DESK))


def square(lon: float = 32.27, lat: float = 30.60, side: float = 0.001) -> MultiPolygon:
    """A square with a corner there, side in degrees (≈ 96 × 111 m)."""
    return MultiPolygon(Polygon.from_bbox((lon, lat, lon + side, lat + side)), srid=4326)


def parcel(**facts: Any) -> Parcel:
    """A parcel of state land with its standing version."""
    by, number = person(Role.GIS_OFFICER), next(counter)
    made = Parcel.objects.create(parcel_code=f"19-{number}-0", place=governorate(), custodian=custodian())
    details: dict[str, Any] = {
        "land_use": LandUse.VACANT,
        "ownership_class": OwnershipClass.STATE_PRIVATE,
        "survey_area_m2": Decimal("10621.5"),
        "governing_area": "SURVEY",
        "geom": square(),
    }
    ParcelVersion.objects.create(
        parcel=made,
        legal_range=DateRange(LONG_AGO, None),
        recorded_range=DateTimeTZRange(dt.datetime(2020, 1, 1, tzinfo=dt.UTC), None),
        place=made.place,
        custodian=made.custodian,
        address_mode="RURAL",
        parcel_no_raw=str(number),
        parcel_no_norm=str(number),
        recorded_by=by,
        **(details | facts),
    )
    return made


def hold(parcel: Parcel, kind: str, **details: Any) -> None:
    """Let somebody hold a parcel from long ago, without an end."""
    by = person(Role.PROPERTY_OFFICER)
    parcels.place_holding(by=by, at=NOON, kind=kind, start=LONG_AGO, parcel=parcel, reference="سند 7", **details)


def paper(kind: str) -> NewPaper:
    """A paper in words."""
    return NewPaper(kind=kind, text="نص المستند", number="1")


def papers(act: Act) -> list[NewPaper]:
    """All papers that an act asks for."""
    return [paper(kind) for kind in act.papers]


def way_to(table: Workflow, goal: str) -> list[tuple[Act, str, str]]:
    """The shortest way from the initial state to a state, as (act, new state, paused_from after it)."""
    start = (table.initial, "")
    queue, came = deque([start]), {start: []}
    while queue:
        state, paused = here = queue.popleft()
        if state == goal:
            return came[here]
        for act in table.from_state(state):
            if act.target in (STAY, RETURN):
                continue
            new, after = act.target, table.paused_after(act=act, state=state, paused_from=paused)
            if (new, after) not in came:
                came[new, after] = [*came[here], (act, new, after)]
                queue.append((new, after))
    raise LookupError(goal)


def put_in(case: Case, state: str) -> Case:
    """Move a file to a state by rows of its table, each act by somebody new, as the database demands; guards unasked."""
    Encroachment.objects.filter(case=case).update(method="GNSS_RTK", legal_basis="L43_1979_26")
    for act, new, paused in way_to(workflow_of(case), state):
        before, case.state, case.paused_from = case.state, new, paused
        case.row_version += 1
        announce(act.name, NOON)
        case.save(update_fields=["state", "paused_from", "row_version"])
        announce("", NOON)
        Event.objects.create(
            case=case, row_version=case.row_version, act=act.name, source=before, target=new, by=person(), role=act.by[0], at=NOON
        )  # fmt: skip
    return case


def raw(statement: str, *values: Any) -> int:
    """Run SQL as the application's role; the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount
