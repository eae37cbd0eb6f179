"""The Egyptian national number: `C YYMMDD GG SSSS K` (domain.md §5.1). Pure.

Structure, a real date that is not in the future and a known governorate are rules; the check digit is not official and
is found wrong on many real cards, so it only warns.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

CENTURIES = {"2": 1900, "3": 2000}
ABROAD = "88"
GOVERNORATES = frozenset(
    "01 02 03 04 11 12 13 14 15 16 17 18 19 21 22 23 24 25 26 27 28 29 31 32 33 34 35".split()  # noqa: SIM905
) | {ABROAD}
WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
TO_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
IGNORED = re.compile("[\\s\\-\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class BadNationalIdError(ValueError):
    """A number that cannot be one; `code` says which rule it breaks."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class NationalId:
    """A number that can be real."""

    number: str
    born_on: dt.date
    governorate: str  # of birth; 88 = abroad
    is_male: bool
    check_digit_fits: bool

    @property
    def mask(self) -> str:
        """What lists show: `2********00014`."""
        return f"{self.number[0]}********{self.number[-5:]}"


def clean(text: str) -> str:
    """Return the digits of what was typed or scanned, in Latin digits."""
    return IGNORED.sub("", text.translate(TO_LATIN))


def check_digit(first13: str) -> int:
    """Return the check digit by the commonly told rule (mod 11)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(first13, WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 1}.get(rest, rest)


def _born_on(number: str) -> dt.date:
    century = CENTURIES.get(number[0])
    if century is None:
        raise BadNationalIdError("century")
    try:
        return dt.date(century + int(number[1:3]), int(number[3:5]), int(number[5:7]))
    except ValueError:
        raise BadNationalIdError("date") from None


def read(text: str, *, today: dt.date) -> NationalId:
    """Return what a national number says; raises BadNationalIdError (length, century, date, future, governorate)."""
    number = clean(text)
    if not re.fullmatch("[0-9]{14}", number):
        raise BadNationalIdError("length")
    born = _born_on(number)
    if born > today:
        raise BadNationalIdError("future")
    if number[7:9] not in GOVERNORATES:
        raise BadNationalIdError("governorate")
    return NationalId(
        number=number,
        born_on=born,
        governorate=number[7:9],
        is_male=int(number[12]) % 2 == 1,
        check_digit_fits=check_digit(number[:13]) == int(number[13]),
    )
