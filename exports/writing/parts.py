"""What all writers share: a layer's chunks split by kind of geometry, as GIS files hold one kind each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from exports.asking import Selection
from exports.reading import Chunk, Column
from tiles.registry import Geometry, Layer

KINDS = {"point": (0, 4), "line": (1, 5), "polygon": (3, 6)}
GEOMETRY = {"point": "MultiPoint", "line": "MultiLineString", "polygon": "MultiPolygon"}
MAKERS: dict[str, Callable[[list[Any]], Any]] = {
    "point": shapely.multipoints,
    "line": shapely.multilinestrings,
    "polygon": shapely.multipolygons,
}
MIXED = 7  # GeometryCollection
Chunks = Callable[[Selection], Iterator[Chunk]]


@dataclass
class Part:
    """One table of the file: a layer's features of one kind of geometry."""

    layer: Layer
    kind: str  # point, line, polygon
    name: str  # of the table
    columns: tuple[Column, ...]
    rows: int = 0
    bounds: tuple[float, float, float, float] | None = None  # in the system of the file

    def count(self, chunk: Chunk) -> None:
        """Take a chunk into account."""
        self.rows += len(chunk)
        there = shapely.total_bounds(chunk.shapes)
        if np.isfinite(there).all():
            known = self.bounds or tuple(there)
            low, high = np.minimum(known[:2], there[:2]), np.maximum(known[2:], there[2:])
            self.bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


@dataclass
class Written:
    """What came of writing: the file, its tables, and what people should know of it."""

    path: Path
    parts: list[Part] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many records it holds."""
        return sum(part.rows for part in self.parts)


def kinds_of(layer: Layer) -> tuple[str, ...]:
    """Return the kinds of geometry that the layer may hold; the first takes what has no shape yet."""
    return ("polygon", "point", "line") if layer.geometry is Geometry.MIXED else (str(layer.geometry),)


def table_name(layer: Layer, kind: str) -> str:
    """Return the name of a table: the layer's own, with the kind where it may hold several."""
    return layer.name if layer.geometry is not Geometry.MIXED else f"{layer.name}_{kind}s"


def split(layer: Layer, chunk: Chunk) -> Iterator[tuple[str, Chunk]]:
    """Yield (kind, rows) of a chunk; what is of no kind that the layer names goes to the first as it can."""
    kinds = kinds_of(layer)
    found = np.array(shapely.get_type_id(chunk.shapes))
    collected = found == MIXED
    if collected.any():
        chunk.shapes[collected] = _pure(chunk.shapes[collected], kinds[0])
    taken = np.zeros(len(chunk), dtype=bool)
    for kind in kinds[1:]:
        which = np.isin(found, KINDS[kind])
        taken |= which
        if which.any():
            yield kind, chunk.taken(which)
    if not taken.all():
        yield kinds[0], chunk.taken(~taken)


def _pure(shapes: npt.NDArray[np.object_], kind: str) -> npt.NDArray[np.object_]:
    """Return of collections the parts of one kind."""
    make = MAKERS[kind]
    pure = [
        make([one for one in shapely.get_parts(shape) if shapely.get_type_id(one) == KINDS[kind][0]])
        for shape in shapes
    ]
    return np.array(pure, dtype=object)


def to_multi(shapes: npt.NDArray[np.object_], kind: str) -> npt.NDArray[np.object_]:
    """Return shapes as multi-geometries: a table holds one type."""
    make = MAKERS[kind]
    single = np.array(shapely.get_type_id(shapes)) == KINDS[kind][0]
    found = shapes.copy()
    if single.any():
        found[single] = [make([shape]) for shape in shapes[single]]
    return found
