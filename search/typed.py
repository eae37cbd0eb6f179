"""What was typed into the one box, understood: words with what they are about, and coordinates.

Pure: no database, no clock. Numbers keep their slash (`12/3`), codes their hyphens; both kinds of digits are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from search.normalise import PARTED, key_of, keys, normalise

LONGEST, MOST_WORDS = 200, 8


class About(Enum):
    """What a word is said of."""

    ANY = "any"
    NUMBER = "number"  # قطعة
    HOD = "hod"  # حوض
    STREET = "street"  # شارع


LABELS = {
    About.NUMBER: ("قطعه", "رقم", "parcel", "plot", "no"),
    About.HOD: ("حوض", "hod"),
    About.STREET: ("شارع", "street", "st"),
}
ABOUT = {label: about for about, labels in LABELS.items() for label in labels}
# Kinds of place and of paper: they say what follows, and are found in no name.
NOISE = {
    "محافظه", "مركز", "قسم", "مدينه", "حي", "ناحيه", "قريه", "شياخه", "عقار", "ملف", "نمره", "كود", "في", "من",
    "governorate", "markaz", "village", "file", "code",
}  # fmt: skip
NUMBER = re.compile(r"[0-9]{1,9}(?:/[0-9\w]{1,8}){0,4}")
CODE = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)+")
# A national number is never looked up as a word: it would stand in addresses and logs (threats C12).
NATIONAL_ID = re.compile(r"[23][0-9]{13}")
SEPARATORS = re.compile(r"[\s،,;؛:()\[\]«»\"'“”]+")


@dataclass(frozen=True)
class Word:
    """One word of what was typed: its key, and what it is said of."""

    key: str
    shown: str
    about: About = About.ANY

    @property
    def is_number(self) -> bool:
        """Say whether it is the number of a parcel, hod or building."""
        return NUMBER.fullmatch(self.key) is not None

    @property
    def is_code(self) -> bool:
        """Say whether it is (the beginning of) an internal code."""
        return CODE.fullmatch(self.key) is not None


@dataclass(frozen=True)
class Typed:
    """All that was understood."""

    text: str
    words: tuple[Word, ...]
    withheld: bool = False  # a national number stood in it and was left out


def read(text: str) -> Typed:
    """Return the words of what was typed; whatever is typed, it is read and never raises."""
    clean = "".join(" " if letter == "\x00" or "\ud800" <= letter <= "\udfff" else letter for letter in text[:LONGEST])
    words: list[Word] = []
    about, withheld = About.ANY, False
    for part in SEPARATORS.split(PARTED.sub("/", clean)):
        found = [Word(key, part, about) for key in keys(part) if key not in ABOUT and key not in NOISE]
        withheld |= any(NATIONAL_ID.fullmatch(word.key) for word in found)
        words += [word for word in found if not NATIONAL_ID.fullmatch(word.key)]
        about = _next(part, about)
    return Typed(clean.strip(), tuple(dict.fromkeys(_joined(words)))[:MOST_WORDS], withheld)


def _next(part: str, about: About) -> About:
    """Return what the next word is about: a label holds for the word after it, noise between them aside."""
    key = key_of(normalise(part))
    found = ABOUT.get(key)
    if found is not None:
        # «حوض رقم 8» is still about the hod
        return about if found is About.NUMBER and about is About.HOD else found
    return about if key in NOISE or not key else About.ANY


def _joined(words: list[Word]) -> list[Word]:
    """Put «عبد» and the name after it together, as the index does."""
    found: list[Word] = []
    for word in words:
        last = found[-1] if found else None
        if last is not None and last.key == "عبد" and not word.is_number:
            name = normalise(f"{last.shown} {word.shown}")
            found[-1] = Word(key_of(name), f"{last.shown} {word.shown}", last.about)
        else:
            found.append(word)
    return found
