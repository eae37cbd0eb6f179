"""A shapefile: .shp with whatever of .shx, .dbf, .prj and .cpg came along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from importers.encoding import Cell, bom_stripped, decode, is_ascii
from importers.readers.dbf import PARSERS, DbfColumn, Table, read_table
from importers.readers.rings import Shapes, build
from importers.readers.shp import NAMES, read_records
from importers.readers.source import Source, Values
from importers.refusals import UnreadableError

MAX_SIDE_FILE = 20_000


class Shapefile(Source):
    """One shapefile."""

    format = "shapefile"

    def __init__(self, name: str, parts: dict[str, Path]) -> None:
        super().__init__()
        self.name = name
        self.records = read_records(parts["shp"], parts.get("shx"))
        self.notes |= self.records.notes
        self.prj = side_text(parts.get("prj"))
        self.cpg = bom_stripped(parts["cpg"].read_bytes()[:200]) if "cpg" in parts else ""
        self.table = self._table(parts.get("dbf"))

    def _table(self, path: Path | None) -> Table | None:
        if path is None:
            self.notes["dbf_missing"] = 1
            return None
        try:
            table = read_table(path)
        except UnreadableError as error:
            self.notes[error.code] = 1
            return None
        self.notes |= table.notes
        if table.rows > self.rows:
            self.notes["shp_rows_missing"] = table.rows - self.rows
        elif table.rows < self.rows:
            self.notes["dbf_rows_missing"] = self.rows - table.rows
        if deleted := int(table.deleted.sum()):
            self.notes["deleted_rows"] = deleted
        return table

    @property
    def rows(self) -> int:
        """How many records the .shp has."""
        return self.records.rows

    @property
    def geometry(self) -> str:
        """The one kind of all sound records."""
        kinds = {NAMES[int(kind)] for kind in np.unique(self.records.base) if kind}
        return kinds.pop() if len(kinds) == 1 else "mixed" if kinds else "none"

    @property
    def dimensions(self) -> tuple[bool, bool]:
        """Whether there are heights, and measures."""
        return self.records.has_z, self.records.has_m

    def shapes(self, first: int, end: int) -> tuple[Shapes, list[str]]:
        """Return the geometries of a run of rows."""
        shapes = build(self.records, first, end)
        return shapes, self.records.fault[first:end]

    def gone(self, first: int, end: int) -> Sequence[bool]:
        """Say which rows the table marks as deleted."""
        answers = np.zeros(end - first, bool)
        if self.table is not None:
            marks = self.table.deleted[first:end]
            answers[: len(marks)] = marks
        return answers.tolist()

    def columns(self, encoding: str) -> dict[str, DbfColumn]:
        """Return the columns under their decoded names; equal names are told apart."""
        named: dict[str, DbfColumn] = {}
        for number, column in enumerate(self.table.columns if self.table else [], start=1):
            name = cell_text(decode(column.raw_name, encoding)[0]) or f"column_{number}"
            base, again = name, 1
            while name in named:
                name, again = f"{base}_{again}", again + 1
            named[name] = column
        return named

    def kinds(self, encoding: str) -> dict[str, tuple[str, int]]:
        """Return each column's kind and width."""
        return {
            name: ("number" if column.kind == "integer" else column.kind, column.width)
            for name, column in self.columns(encoding).items()
        }

    def values(self, encoding: str, first: int, end: int) -> Values:
        """Return the values of a run of rows; each distinct cell is decoded once."""
        found = Values({})
        for name, column in self.columns(encoding).items():
            column_values, bad = self._column(column, encoding, slice(first, end))
            column_values += [None] * (end - first - len(column_values))
            found.columns[name] = column_values
            found.undecodable += [(at, name) for at in bad]
        return found

    def _column(self, column: DbfColumn, encoding: str, rows: slice) -> tuple[list[Any], list[int]]:
        assert self.table is not None  # noqa: S101 - there is a column, so there is a table
        distinct, which = np.unique(self.table.cells(column, rows), return_inverse=True)
        if column.kind != "text":
            parse: Callable[[bytes], Any] = PARSERS[column.kind]
            parsed = [parse(bytes(cell)) for cell in distinct]
            return [parsed[at] for at in which.tolist()], []
        read = [decode(content(bytes(cell)), encoding, width=column.width) for cell in distinct]
        texts = [cell_text(text) or None for text, _whole in read]
        bad = np.array([not whole for _text, whole in read])
        broken = np.flatnonzero(bad[which]).tolist() if bad.any() else []
        return [texts[at] for at in which.tolist()], broken

    def text_cells(self) -> list[Cell]:
        """Return the distinct cells and column names with bytes beyond ASCII."""
        cells: list[Cell] = []
        for column in self.table.columns if self.table else []:
            if not is_ascii(column.raw_name):
                cells.append(Cell(0, column.raw_name, 0))
            if column.kind == "text" and self.table is not None:
                distinct, first = np.unique(self.table.cells(column), return_index=True)
                cells += [
                    Cell(int(row) + 1, raw, column.width)
                    for cell, row in zip(distinct, first, strict=True)
                    if not is_ascii(raw := content(bytes(cell)))
                ]
        return cells


def content(cell: bytes) -> bytes:
    """Return a text cell without its filling."""
    return cell.split(b"\0")[0].rstrip(b" ")


def cell_text(text: str) -> str:
    """Return text that JSON and PostgreSQL can hold."""
    return text.replace("\0", "").rstrip(" ")


def side_text(path: Path | None) -> str:
    """Return the text of a .prj; binary or oversized ones are no text."""
    if path is None or path.stat().st_size > MAX_SIDE_FILE:
        return ""
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
