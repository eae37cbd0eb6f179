"""Numbers, days and the reader's digits (0–9 or ٠–٩); kept for the running page so that filters know them."""

from __future__ import annotations

import datetime as dt
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils import timezone

LATIN, ARABIC = "latn", "arab"
TO_ARABIC = str.maketrans("0123456789.,%", "٠١٢٣٤٥٦٧٨٩٫٬٪")
ONLY_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
TO_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬،", "01234567890123456789.,,")
MINUS = "−"

Number = int | float | Decimal | Fraction | str

_chosen: ContextVar[str] = ContextVar("digits", default=LATIN)


def choose(policy: str) -> None:
    """Set the digits of the page being rendered."""
    _chosen.set(policy if policy in (LATIN, ARABIC) else LATIN)


def chosen() -> str:
    """Return the digits of the page being rendered."""
    return _chosen.get()


def shown(text: str) -> str:
    """Return digits of a text in the reader's digits; separators stay (parcel numbers, dates)."""
    return text.translate(ONLY_DIGITS) if chosen() == ARABIC else text


def to_latin(text: str) -> str:
    """Return typed digits as 0–9, with a point for the decimal sign."""
    return text.translate(TO_LATIN)


def as_decimal(value: Number, places: int) -> Decimal:
    """Round half up, once."""
    exact = (
        Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(str(value))
    )
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def figure(value: Number, places: int | None = None, *, signed: bool = False) -> str:
    """Return a number with groups of three, e.g. `50,838.59` or `٥٠٬٨٣٨٫٥٩`; a minus is a real minus sign."""
    number = as_decimal(value, places) if places is not None else Decimal(str(value))
    sign = MINUS if number < 0 else "+" if signed and number > 0 else ""
    text = f"{sign}{abs(number):,}"
    return text.translate(TO_ARABIC) if chosen() == ARABIC else text


def day(value: dt.date | dt.datetime) -> str:
    """Return a date as dd/mm/yyyy, a moment as the date it was in Cairo."""
    local = timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
    return shown(f"{local:%d/%m/%Y}")


def moment(value: dt.datetime) -> str:
    """Return a moment as dd/mm/yyyy HH:MM, in Cairo's time."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return shown(f"{local:%d/%m/%Y %H:%M}")
