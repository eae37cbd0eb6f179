"""Excel workbook: a summary and a sheet per layer, read from right to left in Arabic; texts are never formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from exports.asking import Selection
from exports.writing import report
from exports.writing.parts import Chunks, Written

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
WIDTH = 18
TEXT_LENGTH = 32_767  # of a cell


def write(folder: Path, chosen: Sequence[Selection], chunks: Chunks, srid: int, *, language: str = "ar") -> Written:
    """Write the workbook: the summary first."""
    written = Written(folder / "amlak.xlsx")
    book = Workbook(str(written.path), OPTIONS)
    summaries = [(selection, sheet(book, summary_name(selection, chosen), language)) for selection in chosen]
    for selection, overview in summaries:
        found = rows(book, selection, chunks, srid, language, written)
        head(book, overview, report.summary_titles())
        for number, line in enumerate(found.lines(), start=1):
            put(book, overview, number, line)
    book.close()
    return written


def summary_name(selection: Selection, chosen: Sequence[Selection]) -> str:
    """Return the summary's name; with the layer's where there are several."""
    return _("Summary") if len(chosen) == 1 else f"{_('Summary')} {selection.layer.name}"


def sheet(book: Workbook, name: str, language: str) -> Worksheet:
    """Add a sheet that reads as the language does; its name without what Excel refuses."""
    clean = "".join(letter for letter in name if letter not in "[]:*?/\\'")[:28]
    taken = {one.name.casefold() for one in book.worksheets()}
    found = book.add_worksheet(clean if clean.casefold() not in taken else f"{clean} {len(taken)}")
    if language == "ar":
        found.right_to_left()
    found.freeze_panes(1, 0)
    found.set_column(0, 40, WIDTH)
    return found


def rows(
    book: Workbook, selection: Selection, chunks: Chunks, srid: int, language: str, written: Written
) -> report.Summary:
    """Write a layer's sheet and add it up."""
    found, table, number = report.Summary(), sheet(book, str(selection.layer.title), language), 0
    for part, frame in report.frames(selection, chunks, srid, written):
        if not number:
            head(book, table, report.titles(part.columns, srid, language))
        found.add(frame)
        for line in report.cells(frame, part):
            number += 1
            put(book, table, number, line)
    return found


def head(book: Workbook, table: Worksheet, titles: Sequence[str]) -> None:
    """Write the heads of columns."""
    bold = book.formats[1] if len(book.formats) > 1 else book.add_format({"bold": True, "text_wrap": True})
    for number, title in enumerate(titles):
        table.write_string(0, number, title, bold)


def put(book: Workbook, table: Worksheet, row: int, line: Sequence[Any]) -> None:
    """Write one row: each value by its own type, texts always as texts."""
    for number, value in enumerate(line):
        if value is None or value == "":
            continue
        if isinstance(value, bool):
            table.write_boolean(row, number, value)
        elif isinstance(value, (int, float)):
            table.write_number(row, number, value)
        elif isinstance(value, dt.datetime):
            table.write_string(row, number, value.isoformat(sep=" ", timespec="minutes"))
        else:
            table.write_string(row, number, str(value)[:TEXT_LENGTH])
