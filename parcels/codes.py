"""The internal code of a parcel or an asset (ar: الكود الداخلي).

`GG-MM-NNNN-HHH[-S]-PPPP[-k…]-CC`: governorate, markaz or qism, nahia or shiyakha, hod, its section, the parcel's
number, what tells sub-numbers and parts apart, and two check digits. No slash, ASCII only, unique.

Check digits: ISO/IEC 7064 MOD 97-10 (letters count as 10…35, as in the IBAN): every single wrong digit and every
swap of two neighbouring digits is caught. The code is a name, not a fact: it stays when the number is corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parcels.numbers import LETTERS, TO_LATIN, ParcelNumber

MAX_BODY = 36  # characters before the check digits
GROUPS = (2, 2, 4, 3)  # digits of governorate, markaz, nahia, hod in a place's code; the rest is the hod's section
ASSET_LETTERS = {"BUILDING": "BG", "UNIT": "UN", "SHOP": "SH", "KIOSK": "KI", "BEACH": "BE", "BILLBOARD": "BB"}

_CODE = re.compile(r"[0-9A-Z]+(?:-[0-9A-Z]+)+-[0-9]{2}")


def check_digits(body: str) -> str:
    """Return the two digits of ISO/IEC 7064 MOD 97-10 for a body of digits, letters and hyphens."""
    return f"{98 - int(_as_digits(body) + '00') % 97:02d}"


def _as_digits(body: str) -> str:
    plain = body.replace("-", "")
    return plain if plain.isdigit() else "".join(str(int(char, 36)) for char in plain)


def with_check(body: str) -> str:
    """Return the whole code of a body."""
    return f"{body}-{check_digits(body)}"


def clean(text: str) -> str:
    """Return a typed code in its one spelling: Latin digits, capitals, no spaces."""
    return "".join(text.translate(TO_LATIN).upper().split())


def verify(code: str) -> bool:
    """Say whether a code is well formed and its check digits are right."""
    typed = clean(code)
    if not typed.isascii() or _CODE.fullmatch(typed) is None:
        return False
    body, _, check = typed.rpartition("-")
    return check == check_digits(body)


def place_part(place_code: str) -> str:
    """Split a place's code of digits into its groups: 021803110081 → 02-18-0311-008-1."""
    if not place_code.isdigit():
        raise ValueError(f"a place's code is digits only: {place_code!r}")
    return "-".join(_groups(place_code))


def _groups(place_code: str) -> Iterator[str]:
    rest = place_code
    for width in GROUPS:
        if not rest:
            return
        yield rest[:width]
        rest = rest[width:]
    if rest:
        yield rest


def number_part(number: ParcelNumber, part_seq: int | None = None) -> str:
    """Spell a number in ASCII: 12/3 → 0012-3; ضمن 45, second part → 0045-D2; 45 مكرر → 0045-M; no number → 0."""
    groups = ["0" if number.main is None else f"{number.main:04d}"]
    groups += [_sub_group(sub) for sub in number.sub.split("/") if sub]
    if number.bis:
        groups.append(f"M{number.bis_no or ''}")
    if number.others:
        groups.append(f"L{len(number.others) + 1}")
    if number.is_part_of or part_seq:
        groups.append(f"D{part_seq or 1}")
    return "-".join(groups)


def _sub_group(sub: str) -> str:
    return sub if sub.isdigit() else f"X{LETTERS.index(sub) + 1:02d}"


def parcel_code(place_code: str, number: ParcelNumber, *, part_seq: int | None = None, serial: int = 1) -> str:
    """Return a parcel's code; `serial` above 1 tells apart what the number alone does not (re-used numbers, none)."""
    place = place_part(place_code)
    body = f"{place}-{number_part(number, part_seq)}"
    if serial > 1:
        body += f"-S{serial}"
    if len(body) > MAX_BODY:
        body = f"{place}-{number.main or 0:04d}-S{serial}"
    return with_check(body)


def asset_code(place_code: str, kind: str, serial: int) -> str:
    """Return an asset's code: place, what it is, a running number."""
    return with_check(f"{place_part(place_code)}-{ASSET_LETTERS[kind]}-{serial:05d}")
