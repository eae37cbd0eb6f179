"""PDF: whether it can act on its own, and whether it is PDF/A. Its bytes are never changed."""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_INFLATED = 96 * 1024 * 1024  # of all streams that are looked into
MOST_OF_ONE = 8 * 1024 * 1024
# Names with which a PDF runs, starts, fetches or carries something (ISO 32000-2, 12.6.4, 13, 7.11.4). Whatever /AA
# or /JS starts bears one of these names as well; two letters alone stand in compressed bytes by chance.
ACTING = re.compile(
    rb"/(?:JavaScript|OpenAction|Launch|SubmitForm|ImportData|GoToE|RichMedia|Movie|Rendition|XFA|EmbeddedFiles?)"
    rb"(?![A-Za-z0-9_.\-])"
)
HARMLESS_OPENING = re.compile(rb"/OpenAction\s*\[|/OpenAction\s*<<\s*/(?:Type\s*/Action\s*/)?S\s*/GoTo\b")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
PART = re.compile(rb"""pdfaid:part\s*(?:=\s*["']|>)\s*([1-4])""")
CONFORMANCE = re.compile(rb"""pdfaid:conformance\s*(?:=\s*["']|>)\s*([ABUEFabuef])""")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
OBJECTS = re.compile(rb"/Type\s*/(?:ObjStm|Metadata|XRef)\b")
DICTIONARY = 2048  # bytes before a stream in which its dictionary stands


def look(path: Path) -> dict[str, Any]:
    """Return whether it acts and which PDF/A it claims."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        acts = content.find(b"/Encrypt") >= 0  # what cannot be looked into is taken to act
        part = conformance = ""
        for piece in pieces(content):
            acts = acts or acts_in(piece)
            part = part or _first(PART, piece)
            conformance = conformance or _first(CONFORMANCE, piece).lower()
    return {"active": acts, "pdfa": f"{part}{conformance}" if part else "", "warnings": []}


def pieces(content: mmap.mmap) -> Iterator[bytes]:
    """Yield the file in overlapping windows, then what its object and metadata streams hold."""
    window, overlap = 4 * 1024 * 1024, 256
    for start in range(0, len(content), window):
        yield content[max(0, start - overlap) : start + window]
    left = MOST_INFLATED
    for found in STREAM.finditer(content):
        before = content[max(0, found.start() - DICTIONARY) : found.start()]
        own = before[before.rfind(b"obj") + 1 :]
        if OBJECTS.search(plain(own)) and left > 0:
            inflated = inflate(content, found.end())
            left -= len(inflated)
            yield inflated
    if left <= 0:
        yield b"/Launch "  # more is hidden than is looked at: taken to act


def inflate(content: mmap.mmap, start: int) -> bytes:
    """Return the beginning of a deflated stream; nothing where it is none."""
    try:
        return zlib.decompressobj().decompress(content[start : start + MOST_OF_ONE], MOST_OF_ONE)
    except zlib.error:
        return b""


def plain(piece: bytes) -> bytes:
    """Return a piece with the escapes in its names (#4A for J) resolved."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), piece) if b"#" in piece else piece


def acts_in(piece: bytes) -> bool:
    """Say whether a piece names an act; opening at a page is none."""
    return ACTING.search(HARMLESS_OPENING.sub(b"", plain(piece))) is not None


def _first(pattern: re.Pattern[bytes], piece: bytes) -> str:
    found = pattern.search(piece)
    return found[1].decode() if found else ""
