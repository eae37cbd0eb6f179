"""Turns laid-out land into rows of the register: parcels, versions in two times, parties, holdings, lineage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import numpy as np
import shapely

from authority.reference.governorates import RED
from parcels.codes import parcel_code
from parcels.models import OwnershipClass, Status, SurveyMethod
from parcels.numbers import ParcelNumber
from parcels.status import derive
from workspace.sample.copying import Table
from workspace.sample.facts import EXCLUSIVE, Nature, Tenure, nature, tenures
from workspace.sample.ground import lonlat
from workspace.sample.mesh import STRIP
from workspace.sample.people import company_name, national_id, person_name
from workspace.sample.plots import Plot, Site

PARCEL = ("id", "parcel_code", "place_id", "custodian_id", "status", "row_version", "invented", "closed_on")
VERSION = (
    *("parcel_id", "legal_range", "recorded_range", "place_id", "custodian_id", "custody_decree", "address_mode"),
    *("parcel_no_raw", "parcel_no_norm", "parcel_no_main", "parcel_no_sub", "is_part_of", "bis", "part_seq", "hamlet"),
    *("street", "building_no", "boundary_n", "boundary_s", "boundary_e", "boundary_w", "ownership_class", "land_use"),
    *("location_class", "deed_area_m2", "survey_area_m2", "geom_area_m2", "governing_area", "register_book"),
    *("register_page", "register_no", "confidence", "geom", "source_geom", "source_crs", "source_made", "source_frame"),
    *("source_encoding", "source_attributes", "transform_op", "transform_accuracy_m", "survey_accuracy_m"),
    *("survey_method", "basis", "recorded_by_id"),
)
PARTY = (
    *("id", "kind", "name_ar", "name_en", "national_id_mask", "commercial_register", "phone", "governorate"),
    *("invented", "created_by_id"),
)
HOLDING = (
    *("id", "parcel_id", "kind", "exclusive", "legal_range", "recorded_range", "party_id", "area_m2", "reference"),
    "recorded_by_id",
)
LINEAGE = ("predecessor_id", "successor_id", "act", '"on"', "recorded_at", "recorded_by_id")
SURVEYED = (
    (SurveyMethod.GNSS_RTK, 0.03, "local_fit"),
    (SurveyMethod.TOTAL_STATION, 0.05, "triangulation"),
    (SurveyMethod.DIGITIZED, 1.5, "unknown"),
)
PAPER = 0.012  # share of strips that are on paper only
BOOK_SINCE = dt.date(2009, 3, 1)  # the day from which the sample's land is in the book


@dataclass
class Batch:
    """Some thousands of plots on their way into the register."""

    parcels: Table = field(default_factory=lambda: Table("parcels_parcel", PARCEL))
    versions: Table = field(default_factory=lambda: Table("parcels_parcelversion", VERSION))
    parties: Table = field(default_factory=lambda: Table("parties_party", PARTY))
    holdings: Table = field(default_factory=lambda: Table("parcels_holding", HOLDING))
    lineage: Table = field(default_factory=lambda: Table("parcels_lineage", LINEAGE))

    @property
    def tables(self) -> Sequence[Table]:
        """The tables, parents first."""
        return (self.parties, self.parcels, self.versions, self.holdings, self.lineage)


@dataclass(frozen=True)
class Book:
    """What all rows have in common."""

    on: dt.date
    seed: int
    custodians: dict[str, int]
    recorded_by: int


@dataclass
class Entry:
    """A plot with all that was decided about it."""

    site: Site
    plot: Plot
    place: int
    place_code: str
    nature: Nature
    tenures: list[Tenure]
    id: UUID
    code: str
    area: float = 0.0
    geom: str | None = None  # hexadecimal EWKB
    source: str | None = None
    former: bool = False  # the whole of which two halves were made: its land ended with the division
    divided_on: dt.date | None = None


class Recorder:
    """Writes plots into batches; serial numbers and codes run through the whole sample."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.rng = Random(f"book {book.seed}")  # noqa: S311 - a sample, not a secret
        self.serial = 0
        self.codes: dict[tuple[str, str], int] = {}
        self.people = 0

    def record(self, plots: Sequence[tuple[Site, Plot, int, str]]) -> Batch:
        """Return the rows of some plots (site, plot, id and code of their place); a few strips are on paper only."""
        entries = [self._entry(*one) for one in plots]
        paper = [one for one in entries if one.plot.role == STRIP and self.rng.random() < PAPER]
        absent = {one.id for one in paper}
        _draw(self.rng, [one for one in entries if one.id not in absent])
        for one in paper:
            one.area = round(self.rng.lognormvariate(7.0, 0.6), 1)
        batch = Batch()
        for one in self._with_former(entries):
            self._write(batch, one)
        self._parties(batch, entries)
        return batch

    def new_id(self) -> UUID:
        """Return the next id of the series."""
        return UUID(bytes=self.rng.randbytes(16), version=4)

    def _entry(self, site: Site, plot: Plot, place: int, place_code: str) -> Entry:
        self.serial += 1
        kind = nature(self.rng, site, plot)
        held = tenures(self.rng, site, plot, self.book.on, self.serial)
        code = self._code(place_code, plot)
        return Entry(site, plot, place, place_code, kind, held, self.new_id(), code)

    def _code(self, place_code: str, plot: Plot) -> str:
        """Return the internal code; what a number alone does not tell apart gets a serial."""
        key = (place_code, f"{plot.number.norm}#{plot.part}")
        serial = self.codes[key] = self.codes.get(key, 0) + 1
        return parcel_code(place_code, plot.number, part_seq=plot.part, serial=serial)

    def _with_former(self, entries: list[Entry]) -> Iterator[Entry]:
        """Yield the entries; before some pairs of halves the parcel out of which they were divided."""
        pairs = zip(entries, [*entries[1:], None], strict=True)
        for first, second in pairs:
            halves = second is not None and (first.plot.halves, second.plot.halves) == (1, 2)
            if second and halves and first.geom and second.geom and self.rng.random() < 0.2:
                yield self._former(first, second)
            yield first

    def _former(self, first: Entry, second: Entry) -> Entry:
        on = BOOK_SINCE + dt.timedelta(days=self.rng.randrange(2000, 5000))
        number = ParcelNumber(first.plot.number.main)
        ring = _joined(first.plot.ring, second.plot.ring)
        plot = Plot(STRIP, number, None, first.plot.street, first.plot.building, ring)
        code = self._code(first.place_code, plot)
        whole = Entry(first.site, plot, first.place, first.place_code, first.nature, [], self.new_id(), code)
        _draw(self.rng, [whole])
        whole.former, whole.divided_on = True, on
        first.divided_on = second.divided_on = on
        first.tenures = [one for one in first.tenures if one.starts >= on]
        second.tenures = [one for one in second.tenures if one.starts >= on]
        self.pending = whole.id
        return whole

    def _write(self, batch: Batch, entry: Entry) -> None:
        book = self.book
        kinds = [
            one.kind for one in entry.tenures if one.starts <= book.on and (one.ends is None or book.on < one.ends)
        ]
        unknown = entry.nature.ownership == OwnershipClass.UNKNOWN
        surveyed = entry.geom is not None
        status = Status.UNKNOWN if entry.former or unknown else derive(kinds, surveyed=surveyed)
        custodian = book.custodians[entry.nature.custodian]
        ended = entry.divided_on if entry.former else None
        batch.parcels.add(entry.id, entry.code, entry.place, custodian, status.value, 1, "t", ended)
        for row in versions(self.rng, book, entry, custodian):
            batch.versions.add(*row)
        if entry.divided_on and not entry.former:
            batch.lineage.add(
                self.pending, entry.id, "SPLIT", entry.divided_on, f"{entry.divided_on} 10:00+02", book.recorded_by
            )

    def _parties(self, batch: Batch, entries: list[Entry]) -> None:
        """Invent the parties of a batch and write who holds what; one in six holds more than one thing."""
        known: list[UUID] = []
        for entry, tenure in [(one, tenure) for one in entries for tenure in one.tenures]:
            if known and self.rng.random() < 0.16:
                party = self.rng.choice(known)
            else:
                party = self._party(batch, entry.site.code[:2])
                known.append(party)
            ends = tenure.ends or ""
            batch.holdings.add(
                self.new_id(),
                entry.id,
                tenure.kind,
                "t" if tenure.kind in EXCLUSIVE else "f",
                f"[{tenure.starts},{ends})",
                f'["{tenure.starts} 12:00+02",)',
                party,
                f"{entry.area:.4f}",
                tenure.reference,
                self.book.recorded_by,
            )

    def _party(self, batch: Batch, governorate: str) -> UUID:
        party, self.people = self.new_id(), self.people + 1
        kind, mask, register, phone = "PERSON", "", "", ""
        name, woman = person_name(self.rng)
        if self.rng.random() < 0.04:
            kind, name, register = "COMPANY", company_name(self.rng), str(10000 + self.people)
        else:
            number = national_id(self.people, woman)
            mask = f"{number[0]}********{number[-5:]}"
        by = self.book.recorded_by
        batch.parties.add(party, kind, name, "", mask, register, phone, governorate, "t", by)
        return party


def _joined(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the ring around two rings that share an edge."""
    whole = shapely.union_all([shapely.polygons(first), shapely.polygons(second)])
    ring: np.ndarray = shapely.get_coordinates(shapely.get_exterior_ring(whole))[:-1]
    return ring


def _draw(rng: Random, entries: Sequence[Entry]) -> None:
    """Give entries their area and geometry; three in a thousand reach into a neighbour's land, as real surveys do."""
    rings = [_erred(rng, one) for one in entries]
    points = np.concatenate([np.vstack([ring, ring[:1]]) for ring in rings])
    offsets = np.concatenate([[0], np.cumsum([len(ring) + 1 for ring in rings])])
    one_each = np.arange(len(rings) + 1)
    source = shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, (offsets, one_each))
    earth = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, lonlat(points), (offsets, one_each, one_each))
    areas = shapely.area(source)
    geoms = shapely.to_wkb(shapely.set_srid(earth, 4326), hex=True, include_srid=True)
    sources = shapely.to_wkb(source, hex=True, flavor="iso")
    for entry, area, geom, raw in zip(entries, areas, geoms, sources, strict=True):
        entry.area, entry.geom, entry.source = float(area), geom, rf"\\x{raw}"


def _erred(rng: Random, entry: Entry) -> np.ndarray:
    if entry.plot.role != STRIP or rng.random() > 0.003:
        return entry.plot.ring
    ring = entry.plot.ring.copy()
    away = ring[0] - ring.mean(axis=0)
    ring[0] += np.round(away / np.hypot(*away) * rng.uniform(2, 6), 3)
    return ring if shapely.is_valid(shapely.polygons(ring)) else entry.plot.ring


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
    yield _version(facts, f"[{since},)", f'["{since} 09:00+02","{entered}")')
    yield _version(facts, f"[{since},{day})", f'["{entered}",)')
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
        "recorded_by_id": book.recorded_by,
        "basis": "حصر أولي (بيان تجريبي)",
        **dict.fromkeys(("hamlet", "boundary_n", "boundary_s", "boundary_e", "boundary_w"), ""),
        **_measured(rng, entry),
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
