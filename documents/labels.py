"""A file's name as a label for people: never a path, never able to mislead the eye."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 200
# Control and format characters: among them NUL, line ends, zero-width and bidi controls.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
RESERVED = re.compile(r'[<>:"|?*]')


def label(name: str, *, otherwise: str = "file") -> str:
    """Return the last part of a name without what is unseen or reserved, at most 200 characters, ending kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in UNSEEN)
    clean = RESERVED.sub("_", " ".join(seen.split())).strip(". ")
    return _short(clean) or otherwise


def _short(name: str) -> str:
    if len(name) <= LENGTH:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 16:
        return name[:LENGTH]
    return f"{stem[: LENGTH - len(ending) - 1]}.{ending}"
