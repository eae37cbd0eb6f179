"""Egyptian telephone numbers as E.164 (domain.md §5.2). Pure."""

from __future__ import annotations

import re

TO_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
IGNORED = re.compile("[\\s\\-().\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
MOBILE = re.compile("1[0125][0-9]{8}")
# Cairo and Giza 02 with 8 digits, Alexandria 03 with 7, every other area 0XX with 7.
LANDLINE = re.compile("2[0-9]{8}|3[0-9]{7}|(?:1[3-9]|[4-9][0-9])[0-9]{7}")


class BadPhoneError(ValueError):
    """Neither a mobile nor a landline of Egypt."""


def normalise(text: str) -> str:
    """Return `+20…`; takes 01…, +20…, 0020…, 20…, and 1… (the zero eaten by a spreadsheet). Raises BadPhoneError."""
    digits = IGNORED.sub("", text.translate(TO_LATIN))
    national = re.sub(r"^(?:\+20|0020|20(?=1[0-9]{9}$)|0)", "", digits)
    if MOBILE.fullmatch(national):
        return f"+20{national}"
    if digits != national and LANDLINE.fullmatch(national):
        return f"+20{national}"
    raise BadPhoneError(text)
