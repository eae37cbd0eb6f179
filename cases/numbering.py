"""Numbers without gaps: one row a series, governorate and year, locked until the number's file is committed."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from authority import clock


def next_number(*, series: str, governorate: str, at: dt.datetime) -> tuple[int, int]:
    """Return (year in Cairo, next number); a transaction that fails gives its number back."""
    year = clock.day_of(at).year
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO cases_series (name, governorate, year, last) VALUES (%s, %s, %s, 1)
            ON CONFLICT (name, governorate, year) DO UPDATE SET last = cases_series.last + 1
            RETURNING last
            """,
            [series, governorate, year],
        )
        return year, cursor.fetchone()[0]
