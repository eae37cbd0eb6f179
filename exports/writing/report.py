"""Tabular reports with geopandas: rows with titles and words for people, a point on each, and a summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import geopandas as gpd
import pandas as pd
from django.utils.translation import gettext as _

from exports.asking import Selection
from exports.formats import SYSTEMS
from exports.reading import Chunk, Column
from exports.writing.parts import Chunks, Part, Written
from ui import areas

AREA, STATUS, PLACES = "area_m2", "status", ("place_name", "place")
EAST, NORTH = "east", "north"


@dataclass
class Summary:
    """Counts and areas by place and status, added up chunk by chunk."""

    found: list[pd.DataFrame] = field(default_factory=list)

    def add(self, frame: gpd.GeoDataFrame) -> None:
        """Add a chunk; what has no place or status stands under an empty one."""
        place = next((name for name in PLACES if name in frame), None)
        keys = pd.DataFrame(
            {
                "place": frame[place].fillna("") if place else "",
                "status": frame[STATUS].fillna("") if STATUS in frame else "",
                "area": frame[AREA].fillna(0.0) if AREA in frame else 0.0,
            },
            index=frame.index,
        )
        grouped = keys.groupby(["place", "status"], sort=True)["area"].agg(["size", "sum"]).reset_index()
        self.found = [pd.concat([*self.found, grouped]).groupby(["place", "status"], as_index=False).sum()]

    def lines(self) -> list[list[Any]]:
        """Return place, status, count, m², feddan, qirat, sahm; the last line is the sum of all."""
        if not self.found:
            return []
        total = self.found[0]
        rows = [[place, status, int(size), float(area)] for place, status, size, area in total.to_numpy().tolist()]
        rows.append([_("Total"), "", int(total["size"].sum()), float(total["sum"].sum())])
        return [[*row[:3], round(row[3], 4), *fqs(row[3])] for row in rows]


def fqs(area_m2: float) -> tuple[Any, ...]:
    """Return feddan, qirat and sahm of an area."""
    found = areas.split(Decimal(repr(round(area_m2, 4))))
    return tuple(int(part) for part in found) if found else (None, None, None)


def summary_titles() -> list[str]:
    """Return the heads of the summary."""
    return [_("Place"), _("Status"), _("Count"), _("Area, m²"), _("Feddan"), _("Qirat"), _("Sahm")]


def frame_of(chunk: Chunk, srid: int) -> gpd.GeoDataFrame:
    """Return a chunk with words in place of codes, and where each thing lies."""
    data: dict[str, Any] = {}
    for column, values in zip(chunk.columns, chunk.values, strict=True):
        labels = column.attribute.labels()
        data[column.name] = pd.Series([labels.get(v, v) for v in values] if labels else values, dtype=kind(column))
    frame = gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(chunk.shapes), crs=f"EPSG:{srid}")
    points = frame.geometry.representative_point()
    digits = 9 if srid == 4326 else 3
    frame[EAST], frame[NORTH] = points.x.round(digits), points.y.round(digits)
    return frame


def kind(column: Column) -> str:
    """Return how pandas holds a column without turning what is missing into a number."""
    return {"real": "float64", "whole": "Int64", "flag": "boolean"}.get(column.kind, "object")


def titles(columns: Sequence[Column], srid: int, language: str) -> list[str]:
    """Return the heads of the table; coordinates name their system."""
    system = f"EPSG:{srid}, {SYSTEMS[srid]}"
    if srid == 4326:
        return [*(c.title(language) for c in columns), f"{_('Longitude')} ({system})", f"{_('Latitude')} ({system})"]
    return [*(c.title(language) for c in columns), f"{_('Easting, m')} ({system})", f"{_('Northing, m')} ({system})"]


def frames(
    selection: Selection, chunks: Chunks, srid: int, written: Written
) -> Iterator[tuple[Part, gpd.GeoDataFrame]]:
    """Yield the rows of a layer, chunk by chunk, counted."""
    part: Part | None = None
    for chunk in chunks(selection):
        if part is None:
            part = Part(selection.layer, "polygon", selection.layer.name, chunk.columns)
            written.parts.append(part)
        part.count(chunk)
        yield part, frame_of(chunk, srid)


def cells(frame: gpd.GeoDataFrame, part: Part) -> Iterator[list[Any]]:
    """Yield rows of plain values; what is missing is None."""
    plain = frame[[*(c.name for c in part.columns), EAST, NORTH]].astype(object)
    plain = plain.where(plain.notna(), None)
    yield from plain.to_numpy().tolist()
