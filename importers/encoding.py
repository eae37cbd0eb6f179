"""Find out which characters the bytes of a table are (domain.md §4.1). Pure: bytes in, findings out.

The rule is that no cell may be silently wrong. Text that is strict UTF-8, or that its .cpg names and its letters do
not contradict, is certain; everything else is asked with ten rows shown in each reading.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from importers.findings import EncodingChoice, EncodingFinding
from importers.words import KNOWN, LETTERS

# The readings an officer may choose; the codec is Python's.
CODECS = {
    "utf-8": "utf-8",
    "cp1256": "cp1256",
    "iso-8859-6": "iso8859_6",
    "cp720": "cp720",
    "latin-1": "cp1252",
    **{f"cp{page}": f"cp{page}" for page in (437, 737, 775, 850, 852, 855, 857, 862, 864, 865, 866, 874)},
    **{f"cp{page}": f"cp{page}" for page in (932, 949, 1250, 1251, 1252, 1253, 1254, 1255, 1257, 1258)},
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15, 16)},
    "gbk": "gbk",
    "gb18030": "gb18030",
    "big5": "big5",
    "koi8-r": "koi8_r",
}
# Text that was decoded wrongly once and then stored as UTF-8: how to undo it without loss.
REPAIRS = {
    "utf-8>latin-1>cp1256": ("latin-1", "cp1256"),
    "utf-8>cp1252>cp1256": ("cp1252", "cp1256"),
    "utf-8>latin-1>iso-8859-6": ("latin-1", "iso8859_6"),
    "utf-8>cp1252>utf-8": ("cp1252", "utf-8"),
    "utf-8>latin-1>utf-8": ("latin-1", "utf-8"),
    "utf-8>cp1256>utf-8": ("cp1256", "utf-8"),
}
ALWAYS_SHOWN = ("cp1256", "iso-8859-6", "latin-1")
GUESSED = ("utf-8", "cp1256", "iso-8859-6", "cp720", "latin-1")
SHOWN_ROWS = 10
CLEARLY = 0.6  # nats a letter between two readings that settle which is right
ARABIC = re.compile(r"[\u0621-\u064A]")
WORD = re.compile(r"[\u0621-\u064A]+")


@dataclass(frozen=True)
class Cell:
    """One cell with bytes beyond ASCII: where it stands and how wide its column is."""

    row: int
    raw: bytes
    width: int = 0  # bytes of the column; a name's or value's tail may be cut inside a letter when it is full


class UnknownEncodingError(ValueError):
    """A name that is none of ours."""


def canonical(name: str) -> str:
    """Return our code of an encoding named in a .cpg or by a caller; raise UnknownEncodingError."""
    plain = name.strip().strip("\ufeff").lower().replace("_", "-").replace(" ", "-")
    if plain in CODECS or plain in REPAIRS:
        return plain
    digits = re.sub(r"\D", "", plain)
    if plain in {"utf8", "65001", "cp65001", "unicode-utf-8"} or plain.startswith("utf-8"):
        return "utf-8"
    if digits.startswith("8859") and f"iso-8859-{digits[4:]}" in CODECS:
        return f"iso-8859-{digits[4:]}"
    if re.fullmatch(r"(ansi|cp|ms|oem|windows|ldid)?-?(ansi|cp)?-?\d{3,4}", plain) and f"cp{digits}" in CODECS:
        return f"cp{digits}"
    aliases = {"latin1": "latin-1", "iso88591": "iso-8859-1", "arabic": "iso-8859-6", "936": "gbk", "cp936": "gbk"}
    aliases |= {"950": "big5", "cp950": "big5", "big-5": "big5", "gb2312": "gbk", "sjis": "cp932", "shift-jis": "cp932"}
    if plain in aliases:
        return aliases[plain]
    raise UnknownEncodingError(name[:40])


def decode(raw: bytes, code: str, *, width: int = 0) -> tuple[str, bool]:
    """Return the text and whether every byte could be read; a letter cut off by the column's end is dropped."""
    codec = CODECS.get(code, "utf-8")
    try:
        text, whole = raw.decode(codec), True
    except UnicodeDecodeError as error:
        text, whole = decode_broken(raw, codec, error, width)
    return (repaired(text, code), whole) if code in REPAIRS else (text, whole)


def decode_broken(raw: bytes, codec: str, error: UnicodeDecodeError, width: int) -> tuple[str, bool]:
    """Return what can be read of a cell that does not decode."""
    tail = len(raw) - error.start
    if codec == "utf-8" and tail <= 3 and "end of data" in error.reason and (not width or len(raw) >= width - 3):
        return raw[: error.start].decode(codec), True
    return raw.decode(codec, "replace"), False


def repaired(text: str, code: str) -> str:
    """Undo one wrong decoding; text that it cannot have happened to stays."""
    wrong, right = REPAIRS[code]
    try:
        return text.encode(wrong).decode(right)
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


@lru_cache(maxsize=1)
def letter_scores() -> dict[str, float]:
    """Return the natural logarithm of each letter's share."""
    whole = sum(LETTERS.values())
    return {letter: math.log(share / whole) for letter, share in LETTERS.items()}


RARE, FOREIGN, MISPLACED = math.log(0.0005), math.log(0.0001), -5.0


def score(text: str) -> tuple[float, int]:
    """Return (log-likelihood as Arabic, letters beyond ASCII) of one reading of one cell."""
    scores, total, letters = letter_scores(), 0.0, 0
    for at, letter in enumerate(text):
        if letter < "\u0080":
            continue
        letters += 1
        if letter not in scores:
            total += 0.0 if letter in "،؛؟ـ\u00a0–—«»" else RARE if "\u064b" <= letter <= "\u06ff" else FOREIGN
            continue
        total += scores[letter]
        following, before = text[at + 1 : at + 2], text[at - 1 : at] if at else ""
        if (following.isascii() and following.isalpha()) or (before.isascii() and before.isalpha()):
            total += MISPLACED  # one word in two scripts
        if letter in "ةى" and ARABIC.match(following):
            total += MISPLACED  # these letters only end a word
        if letter in "ةىؤئ" and not ARABIC.match(before):
            total += MISPLACED  # and none of these begins one
        if letter == "ا" and following == "ل":
            total += 1.0
    return total, letters


@dataclass(frozen=True)
class Reading:
    """How one encoding reads all cells."""

    code: str
    per_letter: float  # mean log-likelihood of a letter beyond ASCII
    bad_cells: int
    known_words: int
    arabic: float
    texts: tuple[str, ...]


def read_as(cells: Sequence[Cell], code: str) -> Reading:
    """Read every cell in one encoding and weigh the result."""
    total, letters, bad, words, arabic = 0.0, 0, 0, 0, 0
    texts = []
    for cell in cells:
        text, whole = decode(cell.raw, code, width=cell.width)
        texts.append(text)
        bad += not whole
        weight, count = score(text)
        total += weight
        letters += count
        words += sum(word in KNOWN for word in WORD.findall(text))
        arabic += len(ARABIC.findall(text))
    letters = max(letters, 1)
    return Reading(code, total / letters, bad, words, min(1.0, arabic / letters), tuple(texts))


def detect(cells: Sequence[Cell], *, cpg: str = "", declared: str = "") -> EncodingFinding:
    """Say how the text is to be read; `declared` is what the sender said, `cpg` what the side file says."""
    sample = thin(cells)
    named = codec_named(declared) or codec_named(cpg)
    if not sample:
        return EncodingFinding(True, named or "utf-8", "ascii", cpg[:60], [], [])
    readings = {code: read_as(sample, code) for code in dict.fromkeys([*GUESSED, *([named] if named else [])])}
    if readings["utf-8"].bad_cells == 0:
        readings |= {code: read_as(sample, code) for code in REPAIRS}
    best = best_of(readings)
    chosen, reason, certain = decide(readings, best, cpg=codec_named(cpg), declared=codec_named(declared))
    return finding(sample, readings, chosen, reason=reason, certain=certain, cpg=cpg, named=named)


def thin(cells: Sequence[Cell], limit: int = 4000) -> list[Cell]:
    """Return each distinct cell once, evenly chosen when there are very many."""
    distinct = list({cell.raw: cell for cell in cells}.values())
    step = max(1, len(distinct) // limit)
    return distinct[::step]


def codec_named(name: str) -> str:
    """Return our code for a name, or nothing."""
    try:
        return canonical(name) if name else ""
    except UnknownEncodingError:
        return ""


def best_of(readings: dict[str, Reading]) -> Reading:
    """Return the reading most like Arabic among those that read every cell, else the one that fails least."""
    return min(readings.values(), key=lambda reading: (reading.bad_cells, -reading.per_letter, order(reading.code)))


def order(code: str) -> int:
    """Return how early a code comes among equals: plain readings before repairs."""
    return [*GUESSED, *CODECS, *REPAIRS].index(code)


def decide(readings: dict[str, Reading], best: Reading, *, cpg: str, declared: str) -> tuple[str, str, bool]:
    """Return (code, reason, certain)."""
    utf8 = readings["utf-8"]
    if utf8.bad_cells == 0:
        if best.code in REPAIRS and clearly(best, utf8) and best.known_words > utf8.known_words:
            return best.code, "repaired", declared == best.code
        if not declared or readings[declared].texts == utf8.texts:
            return "utf-8", "utf8", True
        return ("utf-8", "contradicted", False) if declared != "utf-8" else ("utf-8", "declared", True)
    for named, agreed, contradicted in ((declared, "declared", "contradicted"), (cpg, "cpg", "cpg_lies")):
        if named:
            reading = readings[named]
            fits = reading.bad_cells == 0 and not (clearly(best, reading) and arabic_after_all(best, named))
            return (named, agreed, True) if fits else (best.code, contradicted, False)
    return best.code, "not_declared", False


WESTERN = frozenset({"latin-1", "cp1252", "iso-8859-1", "iso-8859-15", "cp437", "cp850"})


def arabic_after_all(best: Reading, named: str) -> bool:
    """Say whether text is Arabic though another code page was named; programs write the western ones unasked."""
    return best.arabic > 0.7 and (named in WESTERN or best.known_words > 0)


def clearly(better: Reading, other: Reading) -> bool:
    """Say whether one reading is beyond doubt more like Arabic than another."""
    return better.texts != other.texts and better.per_letter - other.per_letter > CLEARLY


def finding(
    sample: Sequence[Cell],
    readings: dict[str, Reading],
    chosen: str,
    *,
    reason: str,
    certain: bool,
    cpg: str,
    named: str,
) -> EncodingFinding:
    """Put the readings an officer should see side by side, the chosen one first."""
    wanted = [chosen, *([named] if named else []), *ALWAYS_SHOWN]
    others = sorted(readings.values(), key=lambda reading: (reading.bad_cells, -reading.per_letter))
    wanted += [reading.code for reading in others if reading.arabic > 0.7 and reading.bad_cells == 0][:2]
    shown: dict[tuple[str, ...], str] = {}
    for code in dict.fromkeys(wanted):
        shown.setdefault(readings[code].texts, code)
    rows = telling(sample, readings[chosen])
    weights = {code: math.exp(max(-50.0, 8 * readings[code].per_letter)) for code in shown.values()}
    weights = {code: weight * (0.05 if readings[code].bad_cells else 1) for code, weight in weights.items()}
    whole = sum(weights.values()) or 1.0
    choices = [choice(readings[code], rows, chosen, weights[code] / whole) for code in shown.values()]
    return EncodingFinding(certain, chosen, reason, cpg[:60], [sample[at].row for at in rows], choices)


def choice(reading: Reading, rows: Sequence[int], chosen: str, confidence: float) -> EncodingChoice:
    """Return one reading as it is shown."""
    preview = [printable(reading.texts[at]) for at in rows]
    return EncodingChoice(
        reading.code,
        round(confidence, 4),
        reading.code == chosen,
        reading.bad_cells,
        reading.known_words,
        round(reading.arabic, 4),
        preview,
    )


def telling(sample: Sequence[Cell], reading: Reading) -> list[int]:
    """Return up to ten positions whose text says most: different rows, different words."""
    by_length = sorted(range(len(sample)), key=lambda at: -len(reading.texts[at].strip()))
    seen_rows: set[int] = set()
    picked: list[int] = []
    for at in by_length:
        if sample[at].row not in seen_rows and len(picked) < SHOWN_ROWS:
            seen_rows.add(sample[at].row)
            picked.append(at)
    return sorted(picked, key=lambda at: sample[at].row)


def printable(text: str, limit: int = 80) -> str:
    """Return one line without control characters."""
    clean = "".join(letter if letter.isprintable() else "·" for letter in text.strip())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def decode_label(raw: bytes) -> str:
    """Return the name of a file in an archive: UTF-8, else the most Arabic of the old code pages."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    readings = [read_as([Cell(1, raw)], code) for code in ("cp1256", "cp720", "iso-8859-6")]
    best = min(readings, key=lambda reading: (reading.bad_cells, -reading.per_letter))
    return best.texts[0] if best.arabic > 0.5 else raw.decode("cp437")


def is_ascii(raw: bytes) -> bool:
    """Say whether a cell is the same in every reading."""
    return raw.isascii()


def bom_stripped(text: bytes) -> str:
    """Return the text of a side file."""
    return text.removeprefix(codecs.BOM_UTF8).decode("ascii", "replace").split("\n")[0].strip()[:60]
