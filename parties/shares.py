"""Shares of several parties in one thing: exact fractions of 24 qirat, which must add up to the whole (T-26)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

WHOLE = Fraction(1)
QIRATS = 24
TO_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")

_FRACTION = re.compile(r"(\d{1,6})/(\d{1,6})")
_OF_24 = re.compile(r"(\d{1,2})(?:\s+(\d{1,6})/(\d{1,6}))?(?:\s*(?:قيراط[اًا]*|قراريط|ط|q))(?:\s*(?:من|/)\s*24)?")


class ShareError(ValueError):
    """A text or a set of shares that cannot be; `code` says why."""

    def __init__(self, code: str, told: object = "") -> None:
        super().__init__(f"{code}: {told}")
        self.code = code


def parse(text: str) -> Fraction:
    """Read a share as a fraction of the whole: «1/3», «8 قيراط», «3 3/7 ط». Raise ShareError `share_unreadable`."""
    cleaned = " ".join(text.translate(TO_LATIN).split())
    plain, of_24 = _FRACTION.fullmatch(cleaned), _OF_24.fullmatch(cleaned)
    try:
        if plain:
            return _possible(Fraction(int(plain[1]), int(plain[2])), text)
        if of_24:
            part = Fraction(int(of_24[2]), int(of_24[3])) if of_24[2] else Fraction(0)
            return _possible((int(of_24[1]) + part) / QIRATS, text)
    except ZeroDivisionError:
        pass
    raise ShareError("share_unreadable", text)


def _possible(share: Fraction, text: str) -> Fraction:
    if not 0 < share <= WHOLE:
        raise ShareError("share_out_of_range", text)
    return share


def equal(heirs: int) -> list[Fraction]:
    """Return equal shares of so many parties."""
    return [WHOLE / heirs] * heirs


def check_whole(shares: Iterable[Fraction]) -> None:
    """Raise ShareError `shares_not_whole` unless the shares are all positive and add up to exactly one."""
    given = list(shares)
    if not given or min(given) <= 0 or sum(given) != WHOLE:
        raise ShareError("shares_not_whole", sum(given, Fraction(0)))


def print_qirats(share: Fraction) -> str:
    """Return a share in qirat of 24: `8`, `3 3/7`."""
    whole, rest = divmod(share * QIRATS, 1)
    if not rest:
        return str(whole)
    return f"{whole} {rest}" if whole else str(rest)
