"""CSV tables in a zip: UTF-8 with the mark that Excel needs, nothing in them that computes."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from exports.asking import Selection
from exports.writing import report
from exports.writing.parts import Chunks, Written
from exports.writing.unarmed import unarmed


def write(folder: Path, chosen: Sequence[Selection], chunks: Chunks, srid: int, *, language: str = "ar") -> Written:
    """Write a table and a summary for each layer."""
    written, made = Written(folder / "amlak-csv.zip"), []
    for selection in chosen:
        table, summary = folder / f"{selection.layer.name}.csv", folder / f"{selection.layer.name}-summary.csv"
        found = report.Summary()
        with table.open("w", encoding="utf-8-sig", newline="") as file:
            lines = csv.writer(file)
            for number, (part, frame) in enumerate(report.frames(selection, chunks, srid, written)):
                if not number:
                    lines.writerow(safe(report.titles(part.columns, srid, language)))
                found.add(frame)
                lines.writerows(safe(line) for line in report.cells(frame, part))
        with summary.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(safe(line) for line in [report.summary_titles(), *found.lines()])
        made += [summary, table]
    with zipfile.ZipFile(written.path, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in made:
            archive.write(path, path.name)
    return written


def safe(line: Sequence[Any]) -> list[Any]:
    """Return a row whose texts no program computes."""
    return [unarmed(value) if isinstance(value, str) else value for value in line]
