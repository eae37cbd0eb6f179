"""Feddan, qirat and sahm, exactly: 1 feddan = 25205/6 m² = 24 qirat = 576 sahm (domain.md §2.3).

The master value is square metres; feddan–qirat–sahm is how it is read, written and shown, never what money counts from.
Everything is computed in fractions and rounded once: the total of sahm, half up, and only then split, so that 24 sahm
can never be printed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

FEDDAN = Fraction(25205, 6)  # m²
QIRAT = FEDDAN / 24
SAHM = QIRAT / 24

Number = int | Decimal | Fraction

WARN_METRES = Fraction(1)  # m²
WARN_SHARE = Fraction(5, 1000)
BLOCK_SHARE = Fraction(5, 100)

ARABIC_DIGITS = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
TO_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")
INVISIBLE = dict.fromkeys([0xFEFF, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class AreaError(ValueError):
    """A text or number that is no area; `code` says why."""

    def __init__(self, code: str, text: object = "") -> None:
        super().__init__(f"{code}: {text}")
        self.code = code


class Verdict(StrEnum):
    """How two areas of one parcel agree."""

    OK = "ok"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True)
class Fqs:
    """An area in feddan, qirat (< 24) and sahm (< 24, may carry decimals)."""

    feddan: int
    qirat: int
    sahm: Decimal

    @property
    def m2(self) -> Fraction:
        """The exact area in m²."""
        return self.feddan * FEDDAN + self.qirat * QIRAT + Fraction(self.sahm) * SAHM

    @property
    def is_zero(self) -> bool:
        """True for no area at all."""
        return not (self.feddan or self.qirat or self.sahm)


@dataclass(frozen=True)
class Written:
    """An area as a paper writes it: in feddan–qirat–sahm, in m², or in both ways."""

    fqs: Fraction | None  # m²
    metres: Fraction | None  # m²

    @property
    def m2(self) -> Fraction:
        """The area in m²: the feddan writing where there is one, because deeds round the metres (T-21)."""
        chosen = self.fqs if self.fqs is not None else self.metres
        assert chosen is not None  # noqa: S101 - `parse` makes no empty one
        return chosen

    @property
    def verdict(self) -> Verdict:
        """Whether the two ways of writing agree: above 1 m² they are shown as differing, above 5 % refused."""
        if self.fqs is None or self.metres is None:
            return Verdict.OK
        return _verdict(abs(self.fqs - self.metres), self.fqs, WARN_METRES)


def exact(value: Number | str) -> Fraction:
    """Return the number as a fraction; a float is refused by its type, NaN and infinity by their value."""
    if isinstance(value, Decimal) and not value.is_finite():
        raise AreaError("area_unreadable", value)
    return Fraction(value)


def round_half_up(value: Fraction, places: int = 0) -> Decimal:
    """Round a fraction half up (away from zero) to a number of decimals, without passing through a float."""
    scaled = abs(value) * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def to_metres(value: Fraction, places: int = 4) -> Decimal:
    """Return m² as stored: numeric with four decimals."""
    return round_half_up(value, places)


def m2_to_fqs(m2: Number | str, places: int = 2) -> Fqs:
    """Split m² into feddan, qirat and sahm; the total of sahm is rounded half up first, then split."""
    area = exact(m2)
    if area < 0:
        raise AreaError("area_negative", m2)
    total = round_half_up(area / SAHM, places)
    qirats, sahm = divmod(total, 24)
    feddan, qirat = divmod(int(qirats), 24)
    return Fqs(feddan, qirat, sahm.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def fqs(feddan: int = 0, qirat: int = 0, sahm: Number | str = 0) -> Fqs:
    """Make an area from its three parts; qirat and sahm must be under 24 (T-23)."""
    parts = exact(sahm)
    if feddan < 0 or qirat < 0 or parts < 0:
        raise AreaError("area_negative")
    if qirat >= 24:
        raise AreaError("qirat_over_23", qirat)
    if parts >= 24:
        raise AreaError("sahm_over_23", sahm)
    return Fqs(feddan, qirat, _decimal(parts))


def fqs_to_m2(feddan: int = 0, qirat: int = 0, sahm: Number | str = 0) -> Fraction:
    """Return the exact m² of feddan, qirat, sahm."""
    fqs(feddan, qirat, sahm)
    return feddan * FEDDAN + qirat * QIRAT + exact(sahm) * SAHM


def _decimal(value: Fraction) -> Decimal:
    return round_half_up(value, 6).normalize() if value else Decimal(0)


# ---- reading ---------------------------------------------------------------------------------------------------------

UNITS = {
    "feddan": ("فدان", "فدانا", "فدانًا", "أفدنة", "افدنة", "افدنه", "ف", "feddan", "feddans", "fed", "f"),
    "qirat": ("قيراط", "قيراطا", "قيراطًا", "قراريط", "ط", "ق", "qirat", "qirats", "kirat", "kirats", "q"),
    "sahm": ("سهم", "سهما", "سهمًا", "أسهم", "اسهم", "س", "sahm", "sahms", "s"),
    "m2": ("متر مربع", "مترا مربعا", "مترًا مربعًا", "م.م", "م2", "م²", "متر", "م", "sqm", "sq m", "m2", "m²", "m"),
}
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}
DASHES = "-–—−ـ"  # a dash means zero in the written form
VULGAR = {sign: Fraction(unicodedata.numeric(sign)).limit_denominator(12) for sign in "½⅓⅔¼¾⅕⅙⅛⅜⅝⅞"}

_WORDS = "|".join(re.escape(word) for word in sorted(UNIT_OF, key=len, reverse=True))
_VALUE = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?(?:\s*[{''.join(VULGAR)}]|\s+\d+/\d+|/\d+)?|[{''.join(VULGAR)}]"
_NUMBER = rf"{_VALUE}|[{DASHES}]"
# A Latin word after a number must end there; Arabic letters are followed by anything that is no letter.
_TERM = re.compile(rf"\s*(?P<number>{_NUMBER})\s*(?P<unit>{_WORDS})(?![^\W\d_])\s*(?:[،,+و]\s*)?", re.IGNORECASE)
_TRIPLE = re.compile(rf"\s*(\d+)\s*[-–—/]\s*(\d+)\s*[-–—/]\s*({_VALUE})\s*")
_BARE = re.compile(r"\s*(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*")


def clean(text: str) -> str:
    """Return the text with Latin digits and without marks that are not seen."""
    mapped = text.translate(INVISIBLE).translate(TO_LATIN).replace("٬", ",").replace(" ", " ")
    return " ".join(mapped.replace("(", " ").replace(")", " ").replace("=", " ").split()).casefold()


def parse(text: str, *, bare_metres: bool = False) -> Written:
    """Read an area as papers write it: «٢ف ٤ط –س», «- س ٤ ط ٢ ف», «2-4-0», «9100 م²», or both ways in one text.

    Raise AreaError: area_unreadable, area_unit_missing, area_unit_twice, qirat_over_23, sahm_over_23.
    """
    cleaned = clean(text)
    triple = _TRIPLE.fullmatch(cleaned)
    if triple:
        return Written(fqs_to_m2(int(triple[1]), int(triple[2]), _value(triple[3])), None)
    if _BARE.fullmatch(cleaned):
        if not bare_metres:
            raise AreaError("area_unit_missing", text)
        return Written(None, _value(cleaned))
    return _from_terms(_terms(cleaned, text), text)


def _terms(cleaned: str, text: str) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    position = 0
    while position < len(cleaned):
        term = _TERM.match(cleaned, position)
        if term is None:
            raise AreaError("area_unreadable", text)
        unit = UNIT_OF[term["unit"]]
        if unit in found:
            raise AreaError("area_unit_twice", text)
        found[unit] = _value(term["number"])
        position = term.end()
    return found


def _from_terms(found: dict[str, Fraction], text: str) -> Written:
    if not found:
        raise AreaError("area_unreadable", text)
    metres = found.pop("m2", None)
    if not found:
        return Written(None, metres)
    feddan, qirat = found.get("feddan", Fraction(0)), found.get("qirat", Fraction(0))
    return Written(_mixed(feddan, qirat, found.get("sahm", Fraction(0))), metres)


def _mixed(feddan: Fraction, qirat: Fraction, sahm: Fraction) -> Fraction:
    if qirat >= 24:
        raise AreaError("qirat_over_23", qirat)
    if sahm >= 24:
        raise AreaError("sahm_over_23", sahm)
    return feddan * FEDDAN + qirat * QIRAT + sahm * SAHM


def _value(text: str) -> Fraction:
    stripped = text.strip().replace(",", "")
    if stripped in DASHES:
        return Fraction(0)
    parts = re.findall(rf"\d+/\d+|\d+(?:\.\d+)?|[{''.join(VULGAR)}]", stripped)
    try:
        return sum((VULGAR.get(part) or Fraction(part) for part in parts), Fraction(0))
    except ZeroDivisionError:
        raise AreaError("area_unreadable", text) from None


# ---- printing --------------------------------------------------------------------------------------------------------


def _plain(value: Decimal | int) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def print_ar(area: Fqs, digits: str = "latn") -> str:
    """Return the written form: sahm, qirat, feddan, read from the right; a dash is zero (`–س 4ط 2ف`)."""
    parts = ((area.sahm, "س"), (area.qirat, "ط"), (area.feddan, "ف"))
    text = " ".join(f"{_plain(value) if value else '–'}{unit}" for value, unit in parts)
    return text.translate(ARABIC_DIGITS) if digits == "arab" else text


def print_en(area: Fqs) -> str:
    """Return the form for English readers: feddan, qirat, sahm (`2f 4q 0s`)."""
    return f"{area.feddan}f {area.qirat}q {_plain(area.sahm)}s"


# ---- agreement -------------------------------------------------------------------------------------------------------


def _verdict(gap: Fraction, reference: Fraction, warn_above: Fraction) -> Verdict:
    if gap > BLOCK_SHARE * reference and gap > WARN_METRES:
        return Verdict.BLOCK
    return Verdict.WARN if gap > warn_above else Verdict.OK


@dataclass(frozen=True)
class Difference:
    """How far an area lies from the one that governs."""

    m2: Decimal  # signed: other − reference
    percent: Decimal  # signed, two decimals
    verdict: Verdict


def compare(other: Number | str, reference: Number | str) -> Difference:
    """Compare deed, survey or geometry: warn above max(1 m², 0.5 %), block above 5 % (domain.md §2.3)."""
    left, right = exact(other), exact(reference)
    if right <= 0:
        raise AreaError("area_negative", reference)
    gap = left - right
    verdict = _verdict(abs(gap), right, max(WARN_METRES, WARN_SHARE * right))
    return Difference(round_half_up(gap, 2), round_half_up(gap * 100 / right, 2), verdict)
