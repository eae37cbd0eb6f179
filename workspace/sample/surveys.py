"""Surveys of the sample, on their way: small shapefiles of the sample's own land, handed in, read, answered, decided.

Each goes through the services and the sandbox that a person's file goes through. One waits for answers (no .prj, no
.cpg), one has faults, two are sound, one was returned and one accepted, each decided by another than who handed it in.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import shapely
from django.db.models import Case, When
from pyogrio.raw import write
from shapely import Polygon

from authority.clock import CAIRO
from authority.models import Place, Role, User
from documents import sandbox
from jobs.worker import Worker
from parcels.models import ParcelVersion
from surveys import services
from surveys.models import Submission
from workspace.sample.people import person_name

RED = 22992
COLUMNS = ("PARCEL_NO", "AREA_M2", "OWNER")
MAPPING = {"PARCEL_NO": "parcel_no", "AREA_M2": "area_m2", "OWNER": "holder"}
MOST_JOBS = 60
IN_FIELDS = Case(When(place__kind=Place.Kind.HOD, then=0), default=1)  # hods first, then the quarters of towns


@dataclass(frozen=True)
class Row:
    """A plot as the surveyor wrote it."""

    number: str
    area: float
    holder: str
    shape: Polygon


Rows = list[Row]


@dataclass(frozen=True)
class Sheet:
    """One survey: of whose land, spoilt how, in what letters, decided how; `at` days before the sample's day."""

    name: str
    governorate: str
    plots: int
    days: int
    change: Callable[[Rows], Rows] = lambda rows: rows
    bare: bool = False  # without .prj and .cpg, in cp1256
    decide: str = ""


def faulty(rows: Rows) -> Rows:
    """Spoil a survey as real ones are: crossing outline, overlap, wrong area, numbers lost and doubled."""
    rows = list(rows)
    rows[1] = replace(rows[1], shape=crossed(rows[1].shape))
    rows[3] = replace(rows[3], area=round(rows[3].area * 1.3, 2))
    rows[5] = replace(rows[5], number="")
    rows[7] = replace(rows[7], number=rows[8].number)
    rows[10] = replace(rows[10], shape=moved(rows[10].shape, 0.3))
    return rows


def crossed(shape: Polygon) -> Polygon:
    """Return an outline with two of its corners in the wrong order."""
    for first in range(len(shapely.get_coordinates(shape)) - 2):
        corners = shapely.get_coordinates(shape)[:-1]
        corners[[first, first + 1]] = corners[[first + 1, first]]
        if not Polygon(corners).is_valid:
            return Polygon(corners)
    return shape


def moved(shape: Polygon, share: float) -> Polygon:
    """Return a plot moved by so much of its width: onto its neighbour."""
    west, _south, east, _north = shape.bounds
    return shapely.transform(shape, lambda points: np.add(points, ((east - west) * share, 0.0)))


SHEETS = (
    Sheet("resurvey-accepted", "19", 10, 12, decide="accept"),
    Sheet("resurvey-returned", "19", 12, 9, change=faulty, decide="return"),
    Sheet("hod-without-prj", "19", 12, 3, bare=True),
    Sheet("blocks-of-the-quarter", "02", 12, 2),
    Sheet("hod-resurvey", "19", 22, 1, change=faulty),
)
RETURNED = "تُعاد القطع المذكورة في الملاحظات إلى الرصد؛ الحد المشترك غير مطابق للسجل."


def make_surveys(on: dt.date, seed: int) -> int:
    """Hand the surveys in and carry them as far as they have come; return how many; none without a sandbox."""
    if sandbox.available() is not None:
        return 0
    rng = Random(f"surveys {seed}")  # noqa: S311 - a sample, not a secret
    users = {user.username: user for user in User.objects.filter(username__in=list(Role.values))}
    land = {code: grounds(code) for code in ("02", "19")}
    count = 0
    for sheet in SHEETS:
        rows, place = next(land[sheet.governorate], ([], None))
        if place is not None and len(rows) >= sheet.plots:
            hand_in(sheet, sheet.change(measured(rows[: sheet.plots], rng)), place, users, on, rng)
            count += 1
    return count


def grounds(code: str) -> Iterator[tuple[list[ParcelVersion], Place]]:
    """Yield land of a governorate for one survey after the other: the plots of one hod or shiyakha, by number."""
    found = ParcelVersion.objects.filter(
        in_book=True, legal_range__upper_inf=True, geom__isnull=False, parcel_no_main__isnull=False,
        place__path__startswith=code, source_crs=f"EPSG:{RED}", parcel__closed_on=None,
    )  # fmt: skip
    for key in dict.fromkeys(found.order_by(IN_FIELDS, "place__path").values_list("place_id", flat=True)):
        rows = found.filter(place_id=key).order_by("parcel_no_main", "parcel_no_norm", "parcel__parcel_code")
        plots = list({row.parcel_no_norm: row for row in rows.only("parcel_no_norm", "source_geom")[:60]}.values())
        if len(plots) >= max(sheet.plots for sheet in SHEETS):
            yield plots, Place.objects.get(pk=key)


def measured(plots: Sequence[ParcelVersion], rng: Random) -> Rows:
    """Return the plots as surveyed anew: each corner some millimetres from where the book has it."""
    found = []
    for plot in plots:
        shape = shapely.get_parts(shapely.from_wkb(bytes(plot.source_geom or b"")))[0]
        anew = shapely.transform(shape, lambda points: np.round(points, 3))
        holder = person_name(rng)[0]
        found.append(Row(plot.parcel_no_norm, round(float(anew.area), 2), holder, anew))
    return found


def hand_in(sheet: Sheet, rows: Rows, place: Place, users: dict[str, User], on: dt.date, rng: Random) -> None:
    """Hand a survey in, have it read and checked, and decide it where it was decided."""
    day = on - dt.timedelta(days=sheet.days)
    at = dt.datetime.combine(day, dt.time(9 + rng.randint(0, 4), rng.randint(0, 59)), CAIRO)
    held = services.receive(
        by=users[Role.SURVEYOR],
        at=at,
        file=io.BytesIO(zipped(sheet, rows)),
        filename=f"{sheet.name}.zip",
        place=place,
        survey_method="GNSS_RTK",
        survey_accuracy_m=0.03,
        surveyed_on=day - dt.timedelta(days=3),
        mapping=None if sheet.bare else MAPPING,
    )
    work(held)
    if held.state == Submission.State.REPORTED and sheet.decide:
        decide(sheet, held, users[Role.GIS_OFFICER], at + dt.timedelta(hours=26))


def decide(sheet: Sheet, held: Submission, officer: User, at: dt.datetime) -> None:
    """Let the officer decide."""
    if sheet.decide == "accept":
        services.accept(held, by=officer, at=at, sound_only=bool(held.block_count))
        work(held)
    else:
        services.return_submission(held, by=officer, at=at, comment=RETURNED)


def work(held: Submission) -> None:
    """Carry out what is queued, until nothing of the survey is."""
    worker = Worker()
    for _ in range(MOST_JOBS):
        if not worker.work_once():
            break
        held.refresh_from_db()
        if held.state not in Submission.WORKING:
            break


def zipped(sheet: Sheet, rows: Rows) -> bytes:
    """Return the shapefile as a surveyor zips it."""
    encoding = "cp1256" if sheet.bare else "utf-8"
    values = [[row.number for row in rows], [row.area for row in rows], [row.holder for row in rows]]
    with TemporaryDirectory(prefix="sample-") as name:
        folder = Path(name)
        write(
            folder / f"{sheet.name}.shp",
            geometry=shapely.to_wkb(np.array([row.shape for row in rows], dtype=object)),
            field_data=[np.array(values[0], object), np.array(values[1], np.float64), np.array(values[2], object)],
            fields=np.array(COLUMNS, dtype=object),
            driver="ESRI Shapefile",
            geometry_type="Polygon",
            crs=f"EPSG:{RED}",
            encoding=encoding,
            DBF_DATE_LAST_UPDATE="2026-01-01",
        )
        kept = {".shp", ".shx", ".dbf"} if sheet.bare else {".shp", ".shx", ".dbf", ".prj", ".cpg"}
        return archive(path for path in sorted(folder.iterdir()) if path.suffix in kept)


def archive(paths: Iterator[Path]) -> bytes:
    """Return a zip that is the same for the same files, whenever it is made."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zipped_files:
        for path in paths:
            entry = zipfile.ZipInfo(path.name, (2026, 1, 1, 0, 0, 0))
            zipped_files.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return made.getvalue()
