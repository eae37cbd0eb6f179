"""Surveys for tests: small shapefiles on the Red belt in Ismailia, handed in and carried through by the real jobs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from authority import clock
from authority.models import Place, Role, User
from jobs.worker import Worker
from surveys.models import Submission
from surveys.services import receive
from tests.authority.builders import make_custodian, make_user
from tests.importers.builders import belt_prj, dbf_bytes, polygon_record, shp_bytes, square, zip_bytes
from tests.parcels.builders import ORIGIN, a_governorate, a_hod

Rings = Sequence[Sequence[tuple[float, float]]]
COLUMNS = [(b"PARCEL_NO", "C", 20), (b"HOD_NO", "C", 6), (b"AREA_M2", "N", 14)]


def a_surveyor(place: Place | None = None) -> User:
    """Return a surveyor of the governorate."""
    return make_user(Role.SURVEYOR, place=place or a_governorate())


def an_officer(place: Place | None = None) -> User:
    """Return a GIS officer of the governorate."""
    return make_user(Role.GIS_OFFICER, place=place or a_governorate())


def plot(x: float = 0, y: float = 0, side: float = 100) -> Rings:
    """Return a square, metres from the farm's origin."""
    return square(ORIGIN[0] + x, ORIGIN[1] + y, side)


def row(number: str = "12", *, hod: str = "8", area: str = "10000") -> tuple[bytes, bytes, bytes]:
    """Return one row's cells."""
    return (number.encode("cp1256"), hod.encode(), area.encode())


def survey_zip(
    plots: Sequence[Rings | None] | None = None,
    rows: Sequence[tuple[bytes, ...]] | None = None,
    *,
    prj: str | None = None,
    cpg: str = "1256",
) -> bytes:
    """Return a zipped shapefile of squares on the Red belt; its rows are numbered 1, 2, …"""
    shapes = [plot(0), plot(100)] if plots is None else plots
    cells = rows or [row(str(number)) for number in range(1, len(shapes) + 1)]
    shp, shx = shp_bytes([polygon_record(shape) for shape in shapes])
    members = {"s.shp": shp, "s.shx": shx, "s.dbf": dbf_bytes(COLUMNS, cells)}
    members |= {"s.prj": (belt_prj() if prj is None else prj).encode()} if prj != "" else {}
    return zip_bytes(members | ({"s.cpg": cpg.encode()} if cpg else {}))


def ready_land() -> Place:
    """Make the hod and the custodian that surveys of the farm name; return the hod."""
    hod = a_hod(number=8)
    make_custodian("local-19")
    Place.objects.filter(pk=hod.pk).update(hod_no="8")
    return hod


def handed_in(
    content: bytes | None = None, *, by: User | None = None, place: Place | None = None, **more: Any
) -> Submission:
    """Return a survey just handed in, not read yet."""
    ready_land()
    return receive(
        by=by or a_surveyor(),
        at=clock.now(),
        file=io.BytesIO(survey_zip() if content is None else content),
        filename="survey.zip",
        place=place or a_governorate(),
        survey_method="GNSS_RTK",
        survey_accuracy_m=0.03,
        **more,
    )


def work(limit: int = 10) -> None:
    """Carry out what is queued."""
    worker = Worker()
    for _ in range(limit):
        if not worker.work_once():
            return


def reported(content: bytes | None = None, **more: Any) -> Submission:
    """Return a survey that was read and checked."""
    submission = handed_in(content, **more)
    work()
    submission.refresh_from_db()
    return submission
