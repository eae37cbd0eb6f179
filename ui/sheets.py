"""A list as an Excel workbook: one sheet, read from right to left in Arabic; texts are never formulas."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language_bidi
from xlsxwriter import Workbook

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "in_memory": True,
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
TEXT_LENGTH = 32_767  # of a cell
NAME_LENGTH = 31
REFUSED = "[]:*?/\\'"  # in the name of a sheet
WIDTH = 20


def workbook(title: str, heads: Sequence[str | Promise], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return the workbook; the caller bounds the rows. Dates are dates, `Decimal` and int numbers, all else is text."""
    held = io.BytesIO()
    book = Workbook(held, OPTIONS)
    sheet = book.add_worksheet("".join(one for one in title if one not in REFUSED)[:NAME_LENGTH])
    if get_language_bidi():
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(heads) - 1, 0), WIDTH)
    bold, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, str(head), bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, int | Decimal) and not isinstance(value, bool):
                sheet.write_number(number, column, float(value))
            elif value not in (None, ""):
                sheet.write_string(number, column, str(value)[:TEXT_LENGTH])
    book.close()
    return held.getvalue()


def answer(filename: str, title: str, heads: Sequence[str | Promise], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return the workbook as a file to keep; the name is ASCII and ends in .xlsx."""
    headers = {"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"}
    return HttpResponse(workbook(title, heads, rows), content_type=TYPE, headers=headers)
