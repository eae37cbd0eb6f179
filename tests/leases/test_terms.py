"""Days and years of a tenure."""

from __future__ import annotations

from datetime import date

import pytest

from leases.terms import longer_than, over, years_later


@pytest.mark.parametrize(
    ("first", "last", "longer"),
    [
        (date(2027, 1, 1), date(2029, 12, 31), False),
        (date(2027, 1, 1), date(2030, 1, 1), True),
        (date(2028, 2, 29), date(2031, 2, 27), False),
        (date(2028, 2, 29), date(2031, 2, 28), True),
    ],
)
def test_three_years_end_the_day_before_the_same_day(first: date, last: date, longer: bool) -> None:
    assert longer_than(first, last, 3) is longer


def test_a_leap_day_becomes_the_last_of_february() -> None:
    assert years_later(date(2028, 2, 29), 1) == date(2029, 2, 28)


def test_the_last_day_still_belongs_to_the_term() -> None:
    assert not over(date(2026, 12, 31), date(2026, 12, 31))
    assert over(date(2026, 12, 31), date(2027, 1, 1))
