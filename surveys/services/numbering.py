"""The number under which a survey is filed: ر/2026/0147, in series by governorate and year."""

from __future__ import annotations

from datetime import datetime

from cases.numbering import next_number

SERIES = "surveys"


def number_for(governorate: str, at: datetime) -> str:
    """Return the next number of the governorate and year."""
    year, number = next_number(series=SERIES, governorate=governorate, at=at)
    return f"ر/{year}/{number:04d}"
