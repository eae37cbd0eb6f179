"""The number of a parcel: how papers write it, what it means, how it is spelled once for all (domain.md §2.1).

A number is text: `12`, `12/3`, `ضمن 45` (part of 45), `45 مكرر` (bis), `بدون` (none), `12،13،14` (several at once).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

NONE = "بدون"
PART_OF = "ضمن"
BIS = "مكرر"
LIST_COMMA = "،"
MAX_LENGTH = 60  # characters of the canonical spelling

TO_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_UNSEEN = (0x0640, 0xFEFF, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
INVISIBLE = dict.fromkeys(_UNSEEN)
LETTERS = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"  # in the order by which plots are lettered (أبجد)
ALIKE = str.maketrans({"ا": "أ", "إ": "أ", "آ": "أ", "ى": "ي", "ة": "ه"})
MONTHS = re.compile(r"\d{1,2}[-/ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)

_NAMED = r"(?:(?:ال)?قطع[ةه]\s*)?(?:(?:رقم|نمرة|نمره|#)\s*:?\s*)?"
_PREFIX = re.compile(rf"^{_NAMED}(?=\S)")
_NO_NUMBER = re.compile(r"بدون(?:\s+(?:رقم|نمرة))?|بلا(?:\s+رقم)?|-|–|—")
_SEPARATOR = re.compile(r"\s*[،,؛;+]\s*|\s+و\s*(?=\d)")
_LETTER = f"[{LETTERS}اإآىة]"
_ONE = re.compile(
    rf"(?P<part>(?:من\s+)?{PART_OF}\s*{_NAMED})?(?P<main>\d+)"
    rf"(?P<subs>(?:\s*/\s*(?:\d+|{_LETTER})){{0,4}})(?:\s*(?P<letter>{_LETTER})(?=\s|$))?"
    rf"(?:\s*\(?\s*(?P<bis>{BIS})\s*(?P<bis_no>\d+)?\s*\)?)?"
)


class NumberError(ValueError):
    """A text that is no parcel number; `code` says why: number_unreadable, number_is_date, number_too_long."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code


@dataclass(frozen=True)
class ParcelNumber:
    """A parcel number taken apart; `others` holds the rest of a list."""

    main: int | None
    sub: str = ""  # 3, 3/4, أ
    is_part_of: bool = False  # ar: ضمن
    bis: bool = False  # ar: مكرر
    bis_no: int | None = None
    others: tuple[ParcelNumber, ...] = ()

    @property
    def norm(self) -> str:
        """The one spelling by which numbers are compared and searched."""
        return LIST_COMMA.join(one._single() for one in (self, *self.others))

    def _single(self) -> str:
        if self.main is None:
            return NONE
        sub = f"/{self.sub}" if self.sub else ""
        bis = f" {BIS}" + (f" {self.bis_no}" if self.bis_no else "") if self.bis else ""
        return f"{PART_OF + ' ' if self.is_part_of else ''}{self.main}{sub}{bis}"

    def __str__(self) -> str:
        return self.norm


def clean(text: str) -> str:
    """Return the text with Latin digits, single spaces, and without marks that are not seen (T-45)."""
    return " ".join(text.translate(INVISIBLE).translate(TO_LATIN).split())


def parse(text: str) -> ParcelNumber:
    """Take a parcel number apart; raise NumberError where it is none."""
    cleaned = clean(text)
    if MONTHS.fullmatch(cleaned):
        raise NumberError("number_is_date", text)  # T-46: a spreadsheet made 12/3 into 12-Mar
    body = _PREFIX.sub("", cleaned, count=1)
    if _NO_NUMBER.fullmatch(body):
        return ParcelNumber(None)
    first, *others = (_one(piece, text) for piece in _SEPARATOR.split(body))
    number = replace(first, others=tuple(others))
    if len(number.norm) > MAX_LENGTH:
        raise NumberError("number_too_long", text)
    return number


def _one(piece: str, text: str) -> ParcelNumber:
    found = _ONE.fullmatch(piece)
    if found is None:
        raise NumberError("number_unreadable", text)
    if len(found["main"]) > 9:
        raise NumberError("number_too_long", text)
    subs = [_sub(part) for part in found["subs"].replace(" ", "").split("/") if part]
    if found["letter"]:
        subs.append(_sub(found["letter"]))
    sub = "/".join(subs)
    if len(sub) > 24:
        raise NumberError("number_too_long", text)
    return ParcelNumber(
        main=int(found["main"]),
        sub=sub,
        is_part_of=bool(found["part"]),
        bis=bool(found["bis"]),
        bis_no=int(found["bis_no"]) if found["bis_no"] else None,
    )


def _sub(part: str) -> str:
    return str(int(part)) if part.isdigit() else part.translate(ALIKE)


def read(text: str) -> tuple[ParcelNumber, str]:
    """Return the number and its spelling; what the grammar does not know keeps its own text, cut to what is stored."""
    try:
        number = parse(text)
    except NumberError:
        return ParcelNumber(None), clean(text)[:MAX_LENGTH] or NONE
    return number, number.norm
