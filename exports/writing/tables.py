"""Writing chunks into tables of a file through GDAL (pyogrio): append by append."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyogrio.raw import write

from exports.asking import Selection
from exports.reading import Chunk, Column
from exports.writing.parts import GEOMETRY, Chunks, Part, split, table_name, to_multi

EMPTY: dict[str, Any] = {"real": np.float64, "whole": np.int64, "flag": bool}


def arrays(columns: Sequence[Column], values: Sequence[Sequence[Any]]) -> tuple[list[Any], list[Any]]:
    """Return a column as GDAL takes it, with the mask of what is missing."""
    pairs = [_array(column.kind, given) for column, given in zip(columns, values, strict=True)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _array(kind: str, given: Sequence[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_] | None]:
    missing = np.array([value is None for value in given], dtype=bool)
    if kind in EMPTY:
        return np.array([0 if value is None else value for value in given], dtype=EMPTY[kind]), missing
    if kind == "day":
        return np.array(given, dtype="datetime64[D]"), None
    if kind == "moment":
        bare = [None if value is None else value.replace(tzinfo=None) for value in given]
        return np.array(bare, dtype="datetime64[ms]"), None
    return np.array(given, dtype=object), None


def parts_of(selection: Selection, chunks: Chunks) -> Iterator[tuple[Part, Chunk]]:
    """Yield each chunk with the table that it belongs to, counted."""
    parts: dict[str, Part] = {}
    for chunk in chunks(selection):
        for kind, some in split(selection.layer, chunk):
            if kind not in parts:
                parts[kind] = Part(selection.layer, kind, table_name(selection.layer, kind), some.columns)
            parts[kind].count(some)
            yield parts[kind], some


def append(
    path: Path, part: Part, chunk: Chunk, srid: int, *, driver: str, names: Sequence[str], **options: Any
) -> None:
    """Add the rows to the part's table; the first call makes it."""
    data, masks = arrays(chunk.columns, chunk.values)
    write(
        path,
        geometry=shapely.to_wkb(to_multi(chunk.shapes, part.kind)),
        field_data=data,
        field_mask=masks,
        fields=np.array(names, dtype=object),
        layer=part.name,
        driver=driver,
        geometry_type=GEOMETRY[part.kind],
        crs=f"EPSG:{srid}",
        append=part.rows > len(chunk),
        promote_to_multi=False,
        **options,
    )
