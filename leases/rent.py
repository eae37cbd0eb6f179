"""The rent of a lease as an amount that explains itself.

Pure: m² and pounds in, `Fraction` inside, one rounding at the end (half up, to the piastre; domain.md §0b.7, .22).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

PIASTRE = Decimal("0.01")
MONTHS = {"YEAR": 12, "MONTH": 1}
ONE_DAY = timedelta(days=1)


class RentError(ValueError):
    """The inputs give no rent."""


@dataclass(frozen=True, kw_only=True)
class Rent:
    """An amount in Egyptian pounds per period, with the record of how it was reached."""

    amount: Decimal
    formula: str  # rate_per_m2 | lump_sum
    inputs: dict[str, str]

    def as_json(self) -> dict[str, object]:
        """What is stored beside the amount."""
        return {"formula": self.formula, "inputs": self.inputs, "amount": str(self.amount), "rounding": "half_up"}


def round_money(value: Fraction | Decimal) -> Decimal:
    """Round once to the piastre, halves away from zero."""
    piastres = Fraction(value) * 100
    whole = int(abs(piastres) + Fraction(1, 2))
    return (Decimal(whole if piastres >= 0 else -whole) / 100).quantize(PIASTRE, ROUND_HALF_UP)


def by_area(*, rate: Decimal, area_m2: Decimal) -> Rent:
    """Rate per m² times the governing area; the area is never rounded to sahm first."""
    if rate <= 0 or area_m2 <= 0:
        raise RentError("rate and area must be above zero")
    amount = round_money(Fraction(rate) * Fraction(area_m2))
    return Rent(amount=amount, formula="rate_per_m2", inputs={"rate": str(rate), "area_m2": str(area_m2)})


def lump_sum(*, amount: Decimal) -> Rent:
    """An amount agreed or awarded as a whole."""
    if amount <= 0:
        raise RentError("the amount must be above zero")
    return Rent(amount=round_money(amount), formula="lump_sum", inputs={"amount": str(amount)})


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """The rent of one period, due on its first day; a shorter last period counts its days."""

    first: date
    last: date  # included
    amount: Decimal
    days: int
    of_days: int  # days of the whole period

    @property
    def whole(self) -> bool:
        """It is a whole period."""
        return self.days == self.of_days


def months_later(day: date, months: int) -> date:
    """The same day some months later; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def schedule(*, rent: Decimal, first: date, last: date, period: str) -> Iterator[Instalment]:
    """The rents of a term, its last day included, by the period (YEAR or MONTH) in which rent falls due."""
    step, number = MONTHS[period], 0
    while (begins := months_later(first, step * number)) <= last:
        ends = months_later(first, step * (number + 1)) - ONE_DAY
        of_days, until = (ends - begins).days + 1, min(ends, last)
        days = (until - begins).days + 1
        amount = round_money(Fraction(rent) * Fraction(days, of_days))
        yield Instalment(first=begins, last=until, amount=amount, days=days, of_days=of_days)
        number += 1
