"""Spellings that mean the same, made one (domain.md §4.2): for the index only; never stored as text, never shown.

`normalise` gives the one spelling of a text, `keys` the words by which it is found.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Harakat, the small alef above, tatweel, zero-width and bidi controls, the byte order mark.
RANGES = ((0x064B, 0x065F), (0x0670, 0x0670), (0x0640, 0x0640), (0x200B, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069))
ALONE = ((0xFEFF, 0xFEFF), (0x00AD, 0x00AD))
UNSEEN = {code: None for first, last in (*RANGES, *ALONE) for code in range(first, last + 1)}
LETTERS = str.maketrans("أإآٱىةیکؤئ", "ااااي" + "هيكءء")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")
# «عبد» and the name after it are one name, written apart or together.
SERVANT = re.compile(r"\bعبد (?=\w)")
# A number with its part is one word however it is spaced: 12 / 3.
PARTED = re.compile(r"(?<=\d)\s*/\s*(?=\d)")
WORD = re.compile(r"[\w./-]+")
EDGES = "./-_"
# Misspellings met in public lists (T-47), by their key.
ALIASES = {"اسماعليه": "اسماعيليه"}
LONGEST_WORD, MOST_KEYS = 40, 64


@lru_cache(maxsize=65_536)
def normalise(text: str) -> str:
    """Return the one spelling of a text: letters, digits and spaces alike wherever people write them differently."""
    plain = unicodedata.normalize("NFKC", text).translate(UNSEEN).lower()
    plain = plain.translate(LETTERS).translate(DIGITS).replace("\x00", " ")
    return SERVANT.sub("عبد", PARTED.sub("/", " ".join(plain.split())))


@lru_cache(maxsize=65_536)
def keys(text: str) -> tuple[str, ...]:
    """Return the words of a text as they stand in the index, each once, in order."""
    found = (key_of(word) for word in WORD.findall(normalise(text)))
    return tuple(dict.fromkeys(key for key in found if key))[:MOST_KEYS]


def key_of(word: str) -> str:
    """Return the key of one normalised word: without the article, known misspellings set right; "" for none."""
    bare = word.strip(EDGES)[:LONGEST_WORD]
    if bare.startswith("ال") and len(bare) > 4:
        bare = bare[2:]
    return ALIASES.get(bare, bare)
