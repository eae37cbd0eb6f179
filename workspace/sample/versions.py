"""Rows of the versions of invented parcels, in two times: what was true in law, and what the book said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

from authority.reference.governorates import RED
from parcels.models import LandUse, SurveyMethod
from workspace.sample.entry import BOOK_SINCE, Book, Entry
from workspace.sample.mesh import STRIP

VERSION = (
    *("parcel_id", "legal_range", "recorded_range", "place_id", "custodian_id", "custody_decree", "address_mode"),
    *("parcel_no_raw", "parcel_no_norm", "parcel_no_main", "parcel_no_sub", "is_part_of", "bis", "part_seq", "hamlet"),
    *("street", "building_no", "boundary_n", "boundary_s", "boundary_e", "boundary_w", "ownership_class", "land_use"),
    *("location_class", "deed_area_m2", "survey_area_m2", "geom_area_m2", "governing_area", "register_book"),
    *("register_page", "register_no", "sheet_no", "sheet_scale", "cadastral_edition", "registration_system", "folio"),
    *("file_no", "shelf", "confidence", "geom", "source_geom", "source_crs", "source_made", "source_frame"),
    *("source_encoding", "source_attributes", "transform_op", "transform_accuracy_m", "survey_accuracy_m"),
    *("survey_method", "basis", "recorded_by_id"),
)
SURVEYED = (
    (SurveyMethod.GNSS_RTK, 0.03, "local_fit"),
    (SurveyMethod.TOTAL_STATION, 0.05, "triangulation"),
    (SurveyMethod.DIGITIZED, 1.5, "unknown"),
)


def versions(rng: Random, book: Book, entry: Entry, custodian: int) -> Iterator[list[Any]]:
    """Yield the version rows of a parcel.

    Most have one. Some changed in law on a day and in the book later (a decree registered late): the first version as
    it stood before, the same closed on the day of law, and the new one.
    """
    facts = _facts(rng, book, entry, custodian)
    since = entry.divided_on if entry.divided_on and not entry.former else BOOK_SINCE
    changed = _change(rng, entry, since)
    if changed is None:
        yield _version(facts, f"[{since},)", f'["{since} 09:00+02",)')
        return
    day, entered, decree = changed
    use = facts["land_use"]
    if not entry.former:  # the decree changed what the land is for: the two questions have two answers
        facts["land_use"] = LandUse.DESERT if use == LandUse.VACANT else LandUse.VACANT
    yield _version(facts, f"[{since},)", f'["{since} 09:00+02","{entered}")')
    yield _version(facts, f"[{since},{day})", f'["{entered}",)')
    facts["land_use"] = use
    if not entry.former:
        facts |= {"custody_decree": decree, "basis": decree}
        yield _version(facts, f"[{day},)", f'["{entered}",)')


def _change(rng: Random, entry: Entry, since: dt.date) -> tuple[dt.date, str, str] | None:
    """Return the day of law on which a parcel changed, when that was entered, and by what decree."""
    if entry.former and entry.divided_on:
        return entry.divided_on, f"{entry.divided_on} 10:00+02", ""
    if entry.divided_on or entry.plot.role != STRIP or rng.random() > 0.05:
        return None
    day = since + dt.timedelta(days=rng.randrange(1500, 5200))
    late = day + dt.timedelta(days=rng.choices((0, 21, 190, 640), (4, 3, 2, 1))[0])
    return day, f"{late} 11:00+02", f"قرار المحافظ رقم {rng.randrange(20, 900)} لسنة {day.year}"


def _version(facts: dict[str, Any], legal: str, recorded: str) -> list[Any]:
    """Return the values of one row in the order of VERSION."""
    facts["legal_range"], facts["recorded_range"] = legal, recorded
    return [facts[column] for column in VERSION]


def _facts(rng: Random, book: Book, entry: Entry, custodian: int) -> dict[str, Any]:
    """Return the columns that stay the same over a parcel's life."""
    plot, kind, number = entry.plot, entry.nature, entry.plot.number
    return {
        "parcel_id": entry.id,
        "place_id": entry.place,
        "custodian_id": custodian,
        "custody_decree": "",
        "address_mode": kind.mode,
        "parcel_no_raw": number.norm,
        "parcel_no_norm": number.norm,
        "parcel_no_main": number.main,
        "parcel_no_sub": number.sub,
        "is_part_of": "t" if number.is_part_of else "f",
        "bis": "t" if number.bis else "f",
        "part_seq": plot.part,
        "street": plot.street,
        "building_no": plot.building,
        "ownership_class": kind.ownership,
        "land_use": kind.use,
        "location_class": kind.location,
        "register_book": f"{entry.site.code[2:4]}/{rng.randrange(1, 30)}",
        "register_page": rng.randrange(1, 400),
        "register_no": rng.randrange(1, 9000),
        **_sheet(entry),
        "recorded_by_id": book.recorded_by,
        "basis": "حصر أولي (بيان تجريبي)",
        **dict.fromkeys(("hamlet", "boundary_n", "boundary_s", "boundary_e", "boundary_w"), ""),
        **_measured(rng, entry),
    }


def _sheet(entry: Entry) -> dict[str, Any]:
    """Return where the parcel stands on the survey sheets and on the shelves: told by its number, no chance in it."""
    town, main = entry.site.quarter.urban, entry.plot.number.main or 0
    return {
        "sheet_no": f"{entry.site.code[:4]}/{main // 40 + 1}",
        "sheet_scale": 500 if town else 2500,
        "cadastral_edition": "" if town else "فك الزمام ١٩٣٦",
        "registration_system": "PERSONAL" if town else "IN_REM",
        "folio": "" if town else str(main),
        "file_no": f"{entry.site.code[2:4]}/{main}",
        "shelf": str(main // 100 + 1),
    }


def _measured(rng: Random, entry: Entry) -> dict[str, Any]:
    """Return areas and geometry; one deed in a hundred is off by 8 %, paper parcels have the deed alone."""
    off = 1.08 if rng.random() < 0.01 else rng.uniform(0.997, 1.003)
    deed = max(round(entry.area * off, 2), 0.01)
    nothing = dict.fromkeys(("source_crs", "source_made", "source_frame", "source_encoding", "transform_op"), "")
    if entry.geom is None:
        empty = ("survey_area_m2", "geom_area_m2", "geom", "source_geom", "transform_accuracy_m", "survey_accuracy_m")
        told = {"deed_area_m2": deed, "governing_area": "DEED", "confidence": "UNVERIFIED", "survey_method": ""}
        return nothing | dict.fromkeys(empty) | told | {"source_attributes": "{}"}
    method, sigma, way = rng.choices(SURVEYED, (5, 3, 2))[0]
    return nothing | {
        "deed_area_m2": deed,
        "survey_area_m2": max(round(entry.area, 2), 0.01),
        "geom_area_m2": f"{entry.area:.4f}",
        "governing_area": "SURVEY" if method != SurveyMethod.DIGITIZED else "DEED",
        "confidence": "VERIFIED" if method != SurveyMethod.DIGITIZED else "PROBABLE",
        "geom": entry.geom,
        "source_geom": entry.source,
        "source_crs": f"EPSG:{RED}",
        "source_made": way,
        "source_attributes": "{}",
        "transform_op": "EPSG:7697",
        "transform_accuracy_m": 1.2,
        "survey_accuracy_m": sigma,
        "survey_method": method.value,
    }
