"""Staged rows as the parent takes them back: every line is checked before the database sees it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from documents.sandbox import SandboxResult
from importers.messages import ROW_FAULTS, refusal
from importers.staging import FAULTS, OVERLAPS, ROWS

NUMBER = rb"-?\d{1,18}(?:\.\d{1,12})?"
WKB = rb"\\\\x(?:[0-9a-f]{2}){9,}"
# EWKB, little-endian, 2D, with SRID 4326
EWKB = rb"01[0-9A-F]{6}20E6100000(?:[0-9A-F]{2})+"
TEXT = rb"[^\t\n\r]*"
LINES = {
    "rows.copy": re.compile(
        rb"(\d{1,9})\t(?:" + WKB + rb"|\\N)\t(?:" + EWKB + rb"|\\N)\t(\{" + TEXT + rb"\})\t(\{" + TEXT + rb"\})"
        rb"\t[\w:.,;+()/ -]{1,64}\t(?:" + NUMBER + rb"|\\N)\t(?:" + NUMBER + rb"|\\N)\n"
    ),
    "faults.copy": re.compile(rb"(\d{1,9})\t([a-z_]{1,40})\t(\{" + TEXT + rb"\})\t(?:" + EWKB + rb"|\\N)\n"),
    "overlaps.copy": re.compile(rb"(\d{1,9})\t(\d{1,9})\t" + NUMBER + rb"\t" + NUMBER + rb"\t[tf]\t" + EWKB + rb"\n"),
}
ESCAPES = {b"\\\\": b"\\", b"\\t": b"\t", b"\\n": b"\n", b"\\r": b"\r"}


@dataclass(frozen=True)
class StagedBatch:
    """Files ready for COPY (text format, `\\N` for nothing); `remove()` them when they are loaded."""

    result: SandboxResult
    rows: int
    with_geometry: int
    overlap_count: int
    faults: dict[str, int]  # code → rows
    operation: str  # EPSG:7697
    accuracy_m: float | None
    notes: dict[str, int] = field(default_factory=dict)

    row_columns = ROWS
    fault_columns = FAULTS
    overlap_columns = OVERLAPS

    @property
    def rows_file(self) -> Path:
        """One line a feature; columns in `row_columns`."""
        return self.result.outdir / "rows.copy"

    @property
    def faults_file(self) -> Path:
        """One line a fault; columns in `fault_columns`, codes in `importers.messages.ROW_FAULTS`."""
        return self.result.outdir / "faults.copy"

    @property
    def overlaps_file(self) -> Path:
        """One line an overlap inside the file; columns in `overlap_columns`."""
        return self.result.outdir / "overlaps.copy"

    def remove(self) -> None:
        """Remove the files."""
        self.result.remove()


def take(result: SandboxResult) -> StagedBatch:
    """Return the batch of a staging reply after checking every line; raise a refusal for anything unexpected."""
    try:
        told = result.reply["staged"]
        batch = StagedBatch(
            result,
            rows=whole(told["rows"]),
            with_geometry=whole(told["with_geometry"]),
            overlap_count=whole(told["overlaps"]),
            faults={code: whole(count) for code, count in told["faults"].items() if code in ROW_FAULTS},
            operation=str(told["operation"])[:64],
            accuracy_m=None if told["accuracy_m"] is None else float(told["accuracy_m"]),
            notes={str(code)[:40]: whole(count) for code, count in told["notes"].items()},
        )
        counted = {name: check_lines(result.outdir / name) for name in LINES}
    except (KeyError, TypeError, ValueError, AttributeError, OSError, RecursionError):
        result.remove()
        raise refusal("reading_failed", {}) from None
    if counted["rows.copy"] != batch.rows or counted["overlaps.copy"] != batch.overlap_count:
        result.remove()
        raise refusal("reading_failed", {})
    return batch


def whole(value: Any) -> int:
    """Return a count; raise ValueError for anything else."""
    if not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def check_lines(path: Path) -> int:
    """Return how many lines a file has, all of them as agreed; raise ValueError otherwise."""
    pattern, lines = LINES[path.name], 0
    with path.open("rb") as file:
        for line in file:
            match = pattern.fullmatch(line)
            if match is None:
                raise ValueError(path.name)
            for group in match.groups():
                if group.startswith(b"{"):
                    check_json(group)
            lines += 1
    return lines


def check_json(cell: bytes) -> None:
    """Raise ValueError unless the cell is an object that jsonb can hold."""
    text = re.sub(rb"\\[\\tnr]", lambda found: ESCAPES[found[0]], cell)
    value = json.loads(text, parse_constant=nonsense)
    if not isinstance(value, dict) or rb"\u0000" in text or re.search(rb"\\u[dD][89a-fA-F]", text):
        raise ValueError("json")


def nonsense(name: str) -> Any:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError(name)
