"""Turns laid-out land into rows of the register: parcels, versions in two times, parties, holdings, lineage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
import shapely
from shapely import Polygon

from parcels.codes import parcel_code
from parcels.models import OwnershipClass, Status
from parcels.numbers import ParcelNumber
from parcels.status import derive
from workspace.sample.assets import Builder, Thing, asset_row
from workspace.sample.batch import Batch, People
from workspace.sample.entry import BOOK_SINCE, Book, Entry
from workspace.sample.facts import nature, new_id, tenures
from workspace.sample.ground import lonlat
from workspace.sample.mesh import STRIP
from workspace.sample.plots import Plot, Site
from workspace.sample.versions import versions

PAPER = 0.012  # share of strips that are on paper only


class Recorder:
    """Writes plots into batches; serial numbers and codes run through the whole sample."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.rng = Random(f"book {book.seed}")  # noqa: S311 - a sample, not a secret
        self.serial = 0
        self.codes: dict[tuple[str, str], int] = {}
        self.people = People(self.rng, book.recorded_by)
        self.builder = Builder(book.seed, book.on)

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
        self.people.begin(batch)
        for one in entries:
            self.people.hold(one.site.code[:2], one.tenures, one.area, parcel=one.id)
            self._assets(batch, one)
        return batch

    def beaches(self, site: Site, quarter: int) -> Batch:
        """Return the rows of a quarter's beaches; they belong to no parcel."""
        batch = Batch()
        self.people.begin(batch)
        custodian = self.book.custodians[f"local-{site.code[:2]}"]
        for thing in self.builder.beaches(site):
            self._asset(batch, thing, site, quarter, custodian)
        return batch

    def _assets(self, batch: Batch, entry: Entry) -> None:
        custodian = self.book.custodians[entry.nature.custodian]
        for thing in self.builder.on_plot(entry.site, entry.plot, entry.nature.use, entry.id):
            self._asset(batch, thing, entry.site, entry.place, custodian)

    def _asset(self, batch: Batch, thing: Thing, site: Site, place: int, custodian: int) -> None:
        status = derive([one.kind for one in thing.tenures if one.runs(self.book.on)])
        batch.assets.add(*asset_row(thing, status.value, place, custodian, self.book.recorded_by))
        self.people.hold(site.code[:2], thing.tenures, thing.area, asset=thing.id)

    def _entry(self, site: Site, plot: Plot, place: int, place_code: str) -> Entry:
        self.serial += 1
        kind = nature(self.rng, site, plot)
        held = tenures(self.rng, site, plot, self.book.on, self.serial)
        code = self._code(place_code, plot)
        return Entry(site, plot, place, place_code, kind, held, new_id(self.rng), code)

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
        whole = Entry(first.site, plot, first.place, first.place_code, first.nature, [], new_id(self.rng), code)
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


def _joined(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the ring around two rings that share an edge."""
    whole = shapely.union_all([Polygon(first), Polygon(second)])
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
