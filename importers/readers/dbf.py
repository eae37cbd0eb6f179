"""The attribute table of a shapefile, as bytes: which characters they are is decided elsewhere.

Reading it ourselves is what keeps a table readable whose column names are cut inside a letter, and keeps the bytes
for the detector (domain.md §4.1). The language byte (LDID) is not looked at: it lies.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from importers.refusals import UnreadableError

MAX_COLUMNS = 2048
KINDS = {"C": "text", "M": "text", "N": "number", "F": "number", "D": "date", "L": "logical", "I": "integer"}


@dataclass(frozen=True)
class DbfColumn:
    """One column: its name as bytes, and where its cells stand in a record."""

    raw_name: bytes
    kind: str
    start: int
    width: int
    decimals: int


@dataclass
class Table:
    """All records as one block of bytes."""

    columns: list[DbfColumn]
    records: npt.NDArray[np.uint8]  # (rows, bytes of a record)
    notes: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many records are really there, deleted ones included."""
        return int(self.records.shape[0])

    @property
    def deleted(self) -> npt.NDArray[np.bool_]:
        """Which records are marked as deleted."""
        return self.records[:, 0] == 0x2A if self.records.shape[1] else np.zeros(self.rows, bool)

    def cells(self, column: DbfColumn, rows: slice = slice(None)) -> npt.NDArray[np.bytes_]:
        """Return one column's cells as fixed-width bytes."""
        block = np.ascontiguousarray(self.records[rows, column.start : column.start + column.width])
        return block.view(f"S{column.width}")[:, 0]


def read_table(path: Path) -> Table:
    """Read a .dbf; raise UnreadableError when it is none."""
    data = np.fromfile(path, np.uint8)
    if data.size < 33:
        raise UnreadableError("dbf_damaged")
    told, header, width = struct.unpack_from("<LHH", data[:12].tobytes(), 4)
    if header < 33 or width < 1 or header > data.size:
        raise UnreadableError("dbf_damaged")
    columns = read_columns(data[32:header].tobytes(), width)
    there = (data.size - header) // width
    rows = min(told, there)
    table = Table(columns, data[header : header + rows * width].reshape(rows, width))
    if rows < told:
        table.notes["dbf_rows_missing"] = told - rows
    return table


def read_columns(block: bytes, width: int) -> list[DbfColumn]:
    """Return the columns of a header whose cells lie inside the record."""
    described = []
    for at in range(0, len(block) - 31, 32):
        if block[at] in (0x0D, 0x00):
            break
        described.append(block[at : at + 32])
    if len(described) > MAX_COLUMNS:
        raise UnreadableError("too_many_columns", limit=MAX_COLUMNS)
    wide = 1 + sum(entry[16] for entry in described) != width  # text wider than 255: the high byte stands beside
    columns, start = [], 1
    for entry in described:
        letter = chr(entry[11]).upper()
        size = entry[16] + (entry[17] << 8 if wide and letter == "C" else 0)
        size = min(size, width - start)
        if size > 0:
            name = entry[:11].split(b"\0")[0]
            columns.append(DbfColumn(name, KINDS.get(letter, "text"), start, size, entry[17]))
            start += size
    return columns


def parse_number(cell: bytes) -> int | float | str | None:
    """Return a numeric cell; what is no number comes back as its text, blanks and `****` as None."""
    text = cell.split(b"\0")[0].strip().decode("ascii", "replace")
    if not text or set(text) == {"*"}:
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text
    return number if np.isfinite(number) else text


def parse_date(cell: bytes) -> str | None:
    """Return a date cell as YYYY-MM-DD, or its text where it is none."""
    text = cell.split(b"\0")[0].strip().decode("ascii", "replace")
    if not text or set(text) <= {"0"}:
        return None
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text


def parse_logical(cell: bytes) -> bool | None:
    """Return a logical cell."""
    return {b"T": True, b"Y": True, b"F": False, b"N": False}.get(cell.strip().upper()[:1])


def parse_integer(cell: bytes) -> int | None:
    """Return a four-byte integer cell of later dialects."""
    return int.from_bytes(cell.ljust(4, b"\0")[:4], "little", signed=True)


PARSERS: dict[str, Any] = {
    "number": parse_number,
    "date": parse_date,
    "logical": parse_logical,
    "integer": parse_integer,
}
