"""Files of the sample: leases and encroachments on their way, opened and moved by the sample's people themselves.

Every file goes through the services that a person's act goes through: who applied does not decide, papers are there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import transaction
from django.db.models import Q

from authority.clock import CAIRO, day_of
from authority.models import Role, User
from authority.policies import scope_of
from cases.models import Case
from cases.registry import workflow_of
from cases.services import NewPaper, perform
from encroachments import services as encroachments
from encroachments.models import Encroachment, LegalBasis
from leases import services as leases
from parcels.models import LandUse, OwnershipClass, Parcel, ParcelVersion, Status
from parties.models import Party
from workspace.sample.staff import NARROW

PURPOSES = ("زراعة محاصيل حقلية", "مشتل", "ساحة انتظار سيارات", "كشك", "مخزن", "معرض")
LETTABLE = (OwnershipClass.STATE_PRIVATE, OwnershipClass.LOCAL_UNIT)
FARM = (LandUse.AGRI_OLD, LandUse.AGRI_RECLAIMED)


@dataclass(frozen=True)
class Step:
    """An act of a sample file: by whom, how many days after the one before, with what facts."""

    act: str
    role: str
    days: int = 2
    facts: Mapping[str, Any] = field(default_factory=dict)


LEASE = (
    Step("inspect", Role.INSPECTOR, 4),
    Step("approve", Role.GOVERNOR, 6),
    Step("contract", Role.LEGAL_OFFICER, 5, {"rate_per_m2": Decimal("2.50")}),
    Step("activate", Role.PROPERTY_OFFICER, 3),
)
REMOVAL = (
    Step("inspect", Role.INSPECTOR, 1),
    Step("confirm", Role.DISTRICT_HEAD, 2),
    Step("draft_order", Role.LEGAL_OFFICER, 3, {"legal_basis": LegalBasis.L43_1979_26, "period_days": 15}),
    Step("issue_order", Role.GOVERNOR, 3),
    Step("notify", Role.DISTRICT_HEAD, 2),
)
CLAIM = (*REMOVAL[:2], Step("review_title", Role.LEGAL_OFFICER, 3))
# How far each file has come: so many steps of its way.
LEASES = (0, 0, 1, 1, 2, 3, 4, 4)
ENCROACHMENTS = ((REMOVAL, 0), (REMOVAL, 0), (REMOVAL, 1), (REMOVAL, 2), (REMOVAL, 3), (REMOVAL, 5), (CLAIM, 3))


def make_files(on: dt.date, seed: int) -> int:
    """Open the files on free land of both governorates; return how many."""
    rng = Random(seed)  # noqa: S311 - the sample is the same every time
    users = {user.username: user for user in User.objects.filter(username__in=list(Role.values))}
    count = 0
    with transaction.atomic():
        land = free_land(Q(), len(LEASES))
        for steps in LEASES:
            count += lease_file(next(land, None), LEASE[:steps], users, on, rng)
        land = free_land(headed(), len(ENCROACHMENTS))
        for way, steps in ENCROACHMENTS:
            count += encroachment_file(next(land, None), way[:steps], users, on, rng)
    return count


def headed() -> Q:
    """Land in the districts that have a head among the sample's people: no other may confirm an encroachment."""
    rule = Q(pk__in=())
    for office in NARROW[Role.DISTRICT_HEAD]:
        code = office.removeprefix("district-")
        rule |= Q(place__path__startswith=f"{code[:2]}.{code}")
    return rule


def free_land(where: Q, wanted: int) -> Iterator[ParcelVersion]:
    """Yield located plots that nobody holds and no file is about, spread over the land."""
    rows = ParcelVersion.objects.filter(
        where,
        in_book=True,
        geom__isnull=False,
        parcel__status=Status.FREE,
        parcel__holdings__isnull=True,
        parcel__cases__isnull=True,
        ownership_class__in=LETTABLE,
        deed_area_m2__gt=100,
    ).exclude(land_use__in=(LandUse.ROAD, LandUse.DRAIN_CANAL))
    keys = list(rows.order_by("parcel__parcel_code").values_list("pk", flat=True)[:4000])
    step = max(1, len(keys) // wanted)
    for key in keys[::step][:wanted]:
        yield ParcelVersion.objects.select_related("parcel__place", "parcel__custodian").get(pk=key)


def moments(steps: Sequence[Step], on: dt.date, rng: Random) -> list[dt.datetime]:
    """Return when the file was opened and each step was done: the last some days ago, all in office hours."""
    last = on - dt.timedelta(days=rng.randint(0, 9))
    days = [last]
    for step in reversed(steps):
        days.insert(0, days[0] - dt.timedelta(days=step.days))
    return [dt.datetime.combine(day, dt.time(9 + rng.randint(0, 4), rng.randint(0, 59)), CAIRO) for day in days]


def lease_file(
    version: ParcelVersion | None, steps: Sequence[Step], users: Mapping[str, User], on: dt.date, rng: Random
) -> bool:
    """Open a lease file and do its steps; nothing where no land is left."""
    if version is None:
        return False
    opened, *later = moments(steps, on, rng)
    first = on.replace(day=1)
    years = 2 if version.land_use in FARM else 3
    lease = leases.submit_application(
        by=users[Role.PROPERTY_OFFICER],
        at=opened,
        parcel=version.parcel,
        party=someone(version, rng),
        purpose=rng.choice(PURPOSES),
        requested_from=first,
        requested_to=first.replace(year=first.year + years) - dt.timedelta(days=1),
    )
    go_on(lease.case, steps, later, users)
    return True


def someone(version: ParcelVersion, rng: Random) -> Party:
    """Return one of the sample's people of the governorate."""
    people = Party.objects.filter(invented=True, governorate=version.parcel.place.governorate_code)
    return rng.choice(people.order_by("name_ar", "national_id_mask", "pk")[:200])


def encroachment_file(
    version: ParcelVersion | None, steps: Sequence[Step], users: Mapping[str, User], on: dt.date, rng: Random
) -> bool:
    """Report an encroachment on a part of a plot and do its steps."""
    if version is None:
        return False
    opened, *later = moments(steps, on, rng)
    found = encroachments.report(
        by=users[Role.PROPERTY_OFFICER],
        at=opened,
        parcel=version.parcel,
        works=rng.choice((Encroachment.Works.WALL, Encroachment.Works.OTHER)),
        seen_on=opened.date(),
    )
    measured = {"geometry": part_of(version.parcel), "method": "GNSS_RTK"}
    go_on(found.case, steps, later, users, measured)
    return True


def part_of(parcel: Parcel) -> GEOSGeometry:
    """Return the western third of a plot's box, cut to the plot (EPSG:4326)."""
    shape = parcel.versions.get(in_book=True, legal_range__upper_inf=True).geom
    assert shape is not None  # noqa: S101 - only located land was chosen
    west, south, east, north = shape.extent
    box = Polygon.from_bbox((west, south, west + (east - west) * 0.4, north))
    box.srid = 4326
    cut = shape.intersection(box)
    return cut[0] if isinstance(cut, MultiPolygon) else cut


def go_on(
    case: Case,
    steps: Sequence[Step],
    later: Sequence[dt.datetime],
    users: Mapping[str, User],
    measured: Mapping[str, Any] | None = None,
) -> None:
    """Do the steps of a file, each by its person with the papers that the act asks for."""
    table = workflow_of(case)
    for step, at in zip(steps, later, strict=True):
        facts = {**step.facts, **(measured or {})} if step.act == "inspect" else step.facts
        papers = [
            NewPaper(kind=kind, text="مستند مُختلق للتجربة", number=f"{at:%Y}/{at.timetuple().tm_yday}")
            for kind in table.act(step.act).papers
        ]
        by = person_for(step, case, users, at)
        perform(case.pk, step.act, by=by, at=at, facts=facts, papers=papers, note="للتجربة")


def person_for(step: Step, case: Case, users: Mapping[str, User], at: dt.datetime) -> User:
    """Return who does a step: the role named, or another that may where that one has no office."""
    others = [role for role in workflow_of(case).act(step.act).by if role in users]
    for role in (step.role, *others):
        if scope_of(users[role], on=day_of(at)).allows({role}, case.place, case.custodian_id):
            return users[role]
    return users[step.role]
