"""Write a layer's rows for COPY: the boundary as received and as derived, the attributes. In the sandbox only.

Three files in PostgreSQL's text format, UTF-8, `\\N` for nothing: `rows.copy`, `faults.copy`, `overlaps.copy`; their
columns are in `ROWS`, `FAULTS`, `OVERLAPS`. The parent checks every line before it believes it (`importers.batch`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pyproj
import shapely

from importers import mapping
from importers.crs import Floats, Shift, shift, system
from importers.overlaps import overlaps
from importers.readers.rings import Geometries
from importers.readers.source import Source
from importers.validity import Defect, defects

ROWS = ("row", "source_geom", "geom", "attributes", "mapped", "transform_op", "transform_accuracy_m", "geom_area_m2")
FAULTS = ("row", "code", "params", "geom")
OVERLAPS = ("row", "other_row", "area_m2", "width_m", "duplicate", "geom")
CHUNK = 10_000
# A straight edge of a belt, drawn straight in lon/lat, is off by 3 mm at mid-edge for this length (domain.md §0b.2).
LONGEST_EDGE_M = 500.0
NOTHING = "\\N"


@dataclass(frozen=True)
class Choices:
    """What was found or answered about a layer."""

    encoding: str
    crs: str
    axis_swapped: bool
    mapping: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    working_srid: int
    with_overlaps: bool


@dataclass
class Tally:
    """What was written."""

    rows: int = 0
    with_geometry: int = 0
    overlaps: int = 0
    faults: Counter[str] = field(default_factory=Counter)


@dataclass
class Run:
    """A run of rows on its way."""

    first: int  # 0-based row of the file
    wkb: Geometries
    plane: Geometries  # 2D in the file's system, axes in order; None where there is a fault
    faults: dict[int, Defect]  # place in the run → why it has no derived geometry


class Writer:
    """Stages one layer."""

    def __init__(self, source: Source, choices: Choices, out: Path) -> None:
        self.source, self.choices, self.out = source, choices, out
        self.way: Shift = shift(choices.crs, source.prj)
        self.metric = pyproj.Transformer.from_crs(
            4326, choices.working_srid, always_xy=True, allow_ballpark=False, only_best=True
        )
        self.geographic = system(choices.crs, source.prj).is_geographic
        self.tally = Tally()
        self.kept: list[tuple[int, Geometries]] = []

    def write(self) -> Tally:
        """Write all files; return what was written."""
        with (
            (self.out / "rows.copy").open("w", encoding="utf-8", newline="\n") as rows,
            (self.out / "faults.copy").open("w", encoding="utf-8", newline="\n") as faults,
        ):
            for first in range(0, self.source.rows, CHUNK):
                self._run(first, min(first + CHUNK, self.source.rows), rows, faults)
        with (self.out / "overlaps.copy").open("w", encoding="utf-8", newline="\n") as file:
            if self.choices.with_overlaps:
                self._overlaps(file)
        return self.tally

    def _run(self, first: int, end: int, rows: TextIO, faults: TextIO) -> None:
        run = self._read(first, end)
        derived = self._derive(run)
        metric = in_metres(derived, self.metric)
        area = shapely.area(metric)
        if self.choices.with_overlaps:
            self.kept.append((first, metric))
        values = self.source.values(self.choices.encoding, first, end)
        gone = self.source.gone(first, end)
        self._write_rows(rows, run, derived, area, values.columns, gone)
        for at, defect in sorted(run.faults.items()):
            if not gone[at]:
                self._fault(faults, first + at, defect.code, {}, self._spot(defect))
        for at, column in values.undecodable:
            if not gone[at]:
                self._fault(faults, first + at, "text_undecodable", {"column": column}, NOTHING)

    def _read(self, first: int, end: int) -> Run:
        shapes, codes = self.source.shapes(first, end)
        plane = shapely.force_2d(shapes.geometry)
        if self.choices.axis_swapped:
            plane = shapely.transform(plane, lambda xy: xy[:, ::-1])
        faults = {at: Defect(code, None, None) for at, code in enumerate(codes) if code}
        empty = shapely.is_empty(plane) & ~shapely.is_missing(plane)
        faults |= {int(at): Defect("geometry_missing", None, None) for at in np.flatnonzero(empty)}
        faults |= defects(plane)
        plane[list(faults)] = None
        return Run(first, shapes.wkb, plane, faults)

    def _derive(self, run: Run) -> Geometries:
        """Return the geometries in lon/lat, long edges densified; what cannot be placed gets a fault."""
        plane = run.plane if self.geographic else shapely.segmentize(run.plane, LONGEST_EDGE_M)
        derived = plane.copy() if self.way.operation == "none" and self.geographic else to_lonlat(plane, self.way)
        outside = outside_the_world(derived)
        derived[outside] = None
        run.faults.update({int(at): Defect("coordinates_outside_crs", None, None) for at in np.flatnonzero(outside)})
        for at, defect in defects(derived).items():
            run.faults[at] = Defect(defect.code, None, None)
            derived[at] = None
        return derived

    def _write_rows(
        self,
        file: TextIO,
        run: Run,
        derived: Geometries,
        area: Floats,
        columns: Mapping[str, Sequence[Any]],
        gone: Sequence[bool],
    ) -> None:
        ewkb = shapely.to_wkb(placed(derived), hex=True, include_srid=True)
        operation, accuracy = self.way.operation, self.way.accuracy_m
        tail = f"{escaped(operation)}\t{NOTHING if accuracy is None else accuracy}"
        names = list(columns)
        cells = zip(*columns.values(), strict=True) if names else iter([()] * len(derived))
        for at, cell in enumerate(cells):
            if gone[at]:
                continue
            attributes = dict(zip(names, cell, strict=True))
            mapped = mapping.apply(attributes, self.choices.mapping, self.choices.values)
            wkb = NOTHING if run.wkb[at] is None else "\\\\x" + run.wkb[at].hex()
            size = NOTHING if ewkb[at] is None else f"{area[at]:.4f}"
            file.write(
                f"{run.first + at + 1}\t{wkb}\t{ewkb[at] or NOTHING}\t{as_json(attributes)}\t{as_json(mapped)}"
                f"\t{tail}\t{size}\n"
            )
            self.tally.rows += 1
            self.tally.with_geometry += ewkb[at] is not None

    def _fault(self, file: TextIO, row: int, code: str, params: Mapping[str, str], spot: str) -> None:
        file.write(f"{row + 1}\t{code}\t{as_json(params)}\t{spot}\n")
        self.tally.faults[code] += 1

    def _spot(self, defect: Defect) -> str:
        """Return where a defect is as EWKB, when it is known and can be placed."""
        if defect.x is None or defect.y is None:
            return NOTHING
        lonlat = self.way.lonlat(np.array([[defect.x, defect.y]]))
        if not np.all(np.isfinite(lonlat)) or np.any(np.abs(lonlat) > (180, 90)):
            return NOTHING
        return str(shapely.to_wkb(shapely.set_srid(shapely.Point(lonlat[0]), 4326), hex=True, include_srid=True))

    def _overlaps(self, file: TextIO) -> None:
        if not self.kept:
            return
        rows = np.concatenate([np.arange(len(shapes)) + first + 1 for first, shapes in self.kept])
        shapes = np.concatenate([shapes for _first, shapes in self.kept])
        for found in overlaps(shapes):
            back = from_metres(found.shape, self.metric)
            ewkb = shapely.to_wkb(shapely.set_srid(back, 4326), hex=True, include_srid=True)
            file.write(
                f"{rows[found.first]}\t{rows[found.second]}\t{found.area_m2:.4f}\t{found.width_m:.4f}"
                f"\t{'t' if found.duplicate else 'f'}\t{ewkb}\n"
            )
            self.tally.overlaps += 1


def to_lonlat(shapes: Geometries, way: Shift) -> Geometries:
    """Return geometries in WGS 84 longitude and latitude."""
    return np.asarray(shapely.transform(shapes, way.lonlat), object)


def in_metres(shapes: Geometries, metric: pyproj.Transformer) -> Geometries:
    """Return lon/lat geometries in a metric system."""
    return np.asarray(shapely.transform(shapes, lambda xy: columns(metric.transform(xy[:, 0], xy[:, 1]))), object)


def from_metres(shape: shapely.Geometry, metric: pyproj.Transformer) -> shapely.Geometry:
    """Return one geometry of a metric system in lon/lat."""
    back = pyproj.enums.TransformDirection.INVERSE
    return shapely.transform(shape, lambda xy: columns(metric.transform(xy[:, 0], xy[:, 1], direction=back)))


def columns(pair: tuple[Floats, Floats]) -> Floats:
    """Return two rows of numbers as an (n, 2) array."""
    return np.column_stack(pair)


def placed(shapes: Geometries) -> Geometries:
    """Return the geometries marked as longitude and latitude of WGS 84."""
    return np.asarray(shapely.set_srid(shapes, 4326), object)


def outside_the_world(shapes: Geometries) -> Any:
    """Say which lon/lat geometries leave the world; missing ones do not."""
    bounds = shapely.bounds(shapes)
    there = ~shapely.is_missing(shapes)
    with np.errstate(invalid="ignore"):
        fits = np.all(np.isfinite(bounds), axis=1) & np.all(np.abs(bounds) <= (180, 90, 180, 90), axis=1)
    return there & ~fits


def as_json(value: Mapping[str, Any]) -> str:
    """Return JSON on one line, escaped for COPY."""
    return escaped(json.dumps(value, ensure_ascii=False, allow_nan=False))


def escaped(text: str) -> str:
    """Return text for one column of COPY."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
