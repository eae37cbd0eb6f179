"""The rent explains itself and rounds once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leases.rent import RentError, by_area, lump_sum, round_money, schedule


@pytest.mark.parametrize(
    ("value", "money"),
    [("0.005", "0.01"), ("0.0049999", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("67248.365", "67248.37")],
)
def test_halves_are_rounded_away_from_zero(value: str, money: str) -> None:
    assert round_money(Decimal(value)) == Decimal(money)


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_rounding_is_never_off_by_more_than_half_a_piastre(value: Fraction) -> None:
    assert abs(Fraction(round_money(value)) - value) <= Fraction(1, 200)


def test_rent_comes_from_square_metres_not_from_whole_sahm() -> None:
    # domain.md §0b.7: an area rounded to sahm first would change a rent by pounds a year
    rent = by_area(rate=Decimal("1.3228"), area_m2=Decimal("50838.59"))
    assert rent.amount == Decimal("67249.29")
    assert rent.as_json() == {
        "formula": "rate_per_m2",
        "inputs": {"rate": "1.3228", "area_m2": "50838.59"},
        "amount": "67249.29",
        "rounding": "half_up",
    }


def test_a_lump_sum_is_told_as_one() -> None:
    assert lump_sum(amount=Decimal(1200)).as_json()["formula"] == "lump_sum"


@pytest.mark.parametrize(("rate", "area"), [("0", "10"), ("-1", "10"), ("1", "0")])
def test_nothing_times_something_is_no_rent(rate: str, area: str) -> None:
    with pytest.raises(RentError):
        by_area(rate=Decimal(rate), area_m2=Decimal(area))
    with pytest.raises(RentError):
        lump_sum(amount=Decimal(0))


@pytest.mark.parametrize(
    ("first", "last", "period", "expected"),
    [
        ((2027, 1, 1), (2028, 12, 31), "YEAR", [("2027-01-01", "2027-12-31", "1000.00"), ("2028-01-01", "2028-12-31", "1000.00")]),
        ((2027, 1, 1), (2027, 1, 1), "YEAR", [("2027-01-01", "2027-01-01", "2.74")]),
        ((2027, 1, 31), (2027, 3, 30), "MONTH", [("2027-01-31", "2027-02-27", "1000.00"), ("2027-02-28", "2027-03-30", "1000.00")]),
        ((2028, 2, 29), (2029, 8, 29), "YEAR", [("2028-02-29", "2029-02-27", "1000.00"), ("2029-02-28", "2029-08-29", "501.37")]),
    ],
)  # fmt: skip
def test_rent_falls_due_by_whole_periods_and_a_shorter_last_one_by_its_days(first, last, period, expected) -> None:
    rows = schedule(rent=Decimal(1000), first=date(*first), last=date(*last), period=period)
    assert [(str(row.first), str(row.last), str(row.amount)) for row in rows] == expected
