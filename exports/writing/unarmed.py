"""Texts that a spreadsheet must not take for a formula (threats.md A16). Pure."""

from __future__ import annotations

import re
import unicodedata

SIGNS = frozenset("=+-@")
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
NUMBER = re.compile(r"[-+]?[0-9]+(?:[.][0-9]+)?")


def unarmed(text: str) -> str:
    """Return the text, with an apostrophe before it where a program might compute it; numbers stay numbers."""
    shown = UNSEEN.sub("", text)
    first = unicodedata.normalize("NFKC", shown).lstrip(" \u00a0\u200b\u200e\u200f\u2066\u2067\u2068\ufeff")
    armed = first[:1] in SIGNS or first[:1] in ("\t", "\r", "\n") or shown != text
    return f"'{shown}" if armed and not NUMBER.fullmatch(shown) else shown
