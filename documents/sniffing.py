"""What a file is, from its first bytes; its name says nothing."""

from __future__ import annotations

import re

OTHER = "application/octet-stream"

# (offset, bytes, media type); the first that fits wins.
MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"II+\x00", "image/tiff"),
    (0, b"MM\x00+", "image/tiff"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (68, b"GPKG", "application/geopackage+sqlite3"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"\x00\x00\x27\x0a", "application/vnd.shp"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# What a browser may be told by name; all else leaves as plain bytes, so that nothing active is ever served.
PASSIVE = frozenset(
    {"application/zip", "application/pdf", "image/png", "image/jpeg", "image/tiff", "application/geopackage+sqlite3"}
)


def media_type(head: bytes) -> str:
    """Return the media type of a file from its first bytes (4,096 are enough)."""
    for offset, magic, kind in MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return kind
    return _text_type(head)


def _text_type(head: bytes) -> str:
    for mark in MARKS:
        head = head.removeprefix(mark)
    if not head or b"\x00" in head:
        return OTHER
    start = head.lstrip()[:64].lower()
    if start.startswith((b"<?xml", b"<kml", b"<gml", b"<svg")):
        return "application/xml"
    if start.startswith((b"{", b"[")):
        return "application/json"
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return "text/plain" if control == 0 else OTHER


# Beginnings by which a browser takes a text for a page or a drawing that runs scripts.
ACTIVE_START = re.compile(
    rb"<(?:!doctype\s+(?:html|svg)|html|head|body|script|svg|iframe|object|embed|img|link|meta|style|xhtml|[a-z]+:(?:svg|html))\b",
    re.IGNORECASE,
)


def acts_in_browser(head: bytes) -> bool:
    """Say whether a text is a web page or an SVG drawing, whatever else stands before it."""
    if media_type(head) not in {"text/plain", "application/xml", "application/json", OTHER}:
        return False
    return ACTIVE_START.search(head.replace(b"\x00", b"")) is not None


def served_type(kind: str, *, active: bool = False) -> str:
    """Return the type under which a stored file leaves the house; what can act leaves as plain bytes."""
    return kind if kind in PASSIVE and not active else OTHER
