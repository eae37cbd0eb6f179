"""What every format gives: rows of geometry and of values. No Django here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from importers.crs import Floats
from importers.encoding import Cell
from importers.placing import Sample
from importers.readers.rings import Shapes

SAMPLE_ROWS, SAMPLE_OUTLINES = 1000, 40


@dataclass
class Values:
    """The values of a run of rows, column by column, and the cells that could not be read."""

    columns: dict[str, Sequence[Any]]
    undecodable: list[tuple[int, str]] = field(default_factory=list)  # (place in the run, column)


class Source(ABC):
    """One layer of a file."""

    format = ""
    name = ""
    prj = ""  # text of a .prj or WKT of the layer
    fixed_crs = ""  # where the format itself prescribes one
    cpg = ""

    def __init__(self) -> None:
        self.notes: dict[str, int] = {}

    @property
    @abstractmethod
    def rows(self) -> int:
        """How many rows the layer has, deleted ones included."""

    @property
    @abstractmethod
    def geometry(self) -> str:
        """point | line | polygon | multipoint | multipatch | mixed | none."""

    @property
    def dimensions(self) -> tuple[bool, bool]:
        """Whether there are heights, and measures."""
        return False, False

    @abstractmethod
    def shapes(self, first: int, end: int) -> tuple[Shapes, list[str]]:
        """Return the geometries of rows [first, end) and each row's fault or ""."""

    @abstractmethod
    def values(self, encoding: str, first: int, end: int) -> Values:
        """Return the values of rows [first, end)."""

    @abstractmethod
    def kinds(self, encoding: str) -> dict[str, tuple[str, int]]:
        """Return each column's kind and width in bytes."""

    def gone(self, first: int, end: int) -> Sequence[bool]:
        """Say which rows are marked as deleted."""
        return [False] * (end - first)

    def text_cells(self) -> list[Cell]:
        """Return the cells whose characters are in doubt; none where the format prescribes UTF-8."""
        return []

    def sample(self) -> Sample:
        """Return points and outlines that stand for the whole layer."""
        picked = spread(self.rows, SAMPLE_ROWS)
        points: list[Floats] = []
        outlines: list[Floats] = []
        step = max(1, len(picked) // SAMPLE_OUTLINES)
        for at, row in enumerate(picked):
            shapes, _faults = self.shapes(row, row + 1)
            numbers = shapely.get_coordinates(shapes.geometry[:1])
            if len(numbers):
                points.append(numbers[:1])
                if at % step == 0:
                    outlines.append(first_ring(shapes.geometry[0]))
        return Sample(np.concatenate(points) if points else np.zeros((0, 2)), outlines)


def spread(rows: int, most: int) -> list[int]:
    """Return up to `most` rows, evenly over the layer."""
    return sorted({int(row) for row in np.linspace(0, rows - 1, min(rows, most))}) if rows else []


def first_ring(shape: shapely.Geometry) -> Floats:
    """Return the outer ring of the first polygon, or all corners of anything else."""
    part = shapely.get_geometry(shape, 0)
    ring = shapely.get_exterior_ring(part)
    return np.asarray(shapely.get_coordinates(part if ring is None else ring), np.float64)
