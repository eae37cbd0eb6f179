"""From a file of unknown content to its layers: the content decides, never the name. Runs in the sandbox only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from importers.readers.shapefile import Shapefile
from importers.readers.source import Source
from importers.refusals import UnreadableError
from importers.zips import Limits, Member, unpack

MAX_LAYERS = 50
ZIP, SHP, SQLITE = b"PK\x03\x04", b"\x00\x00\x27\x0a", b"SQLite format 3\x00"
EMPTY_ZIP = b"PK\x05\x06"
# What is known by its first bytes and not read: said by name, so that the sender knows what to do.
KNOWN = (
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"%PDF", "pdf"),
    (b"AC10", "dwg"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
PARTS = {"dbf", "shx", "prj", "cpg"}


def open_layers(path: Path, filename: str, work: Path, *, limits: Limits | None = None) -> list[Source]:
    """Return the layers of a file; raise UnreadableError with a code of the closed list."""
    head = path.open("rb").read(64)
    if not head:
        raise UnreadableError("empty_file")
    if head.startswith((ZIP, EMPTY_ZIP)):
        work.mkdir(exist_ok=True)
        return layers_of(unpack(path, work, limits=limits))
    return [open_single(head, path, label=filename)]


def open_single(head: bytes, path: Path, *, label: str) -> Source:
    """Return the layer of a file that is no archive."""
    if head.startswith(SHP):
        if extension(label) == "shx":
            raise UnreadableError("part_alone", part="shx")
        return Shapefile(stem(label), {"shp": path})
    raise refusal_for(head, label)


def refusal_for(head: bytes, label: str) -> UnreadableError:
    """Return why a file of this content is not read."""
    if extension(label) in PARTS:
        return UnreadableError("part_alone", part=extension(label))
    for magic, name in KNOWN:
        if head.startswith(magic):
            return UnreadableError("format_not_supported", format=name)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return UnreadableError("format_not_supported", format="xml")
    if text.startswith((b"{", b"[")):
        return UnreadableError("format_not_supported", format="json")
    if head.startswith(SQLITE):
        return UnreadableError("format_not_supported", format="sqlite")
    return UnreadableError("not_a_shapefile" if extension(label) in {"shp", "zip"} else "format_unknown")


def layers_of(members: Iterable[Member]) -> list[Source]:
    """Return the layers of an unpacked archive, in the order of their labels."""
    groups: dict[str, dict[str, Member]] = {}
    for member in members:
        groups.setdefault(member.stem.casefold(), {})[member.extension] = member
    found = [parts for _stem, parts in sorted(groups.items()) if "shp" in parts]
    if not found:
        raise UnreadableError("no_geometry" if any("dbf" in parts for parts in groups.values()) else "no_layer")
    if len(found) > MAX_LAYERS:
        raise UnreadableError("too_many_layers", limit=MAX_LAYERS)
    names = unique_names([parts["shp"].label for parts in found])
    return [open_parts(name, parts) for name, parts in zip(names, found, strict=True)]


def open_parts(name: str, parts: dict[str, Member]) -> Source:
    """Return one shapefile of an archive; its .shp must be one by content."""
    shp = parts["shp"].path
    head = shp.open("rb").read(64)
    if not head.startswith(SHP):
        raise UnreadableError("not_a_shapefile")
    return Shapefile(name, {extension: member.path for extension, member in parts.items()})


def unique_names(labels: list[str]) -> list[str]:
    """Return the last part of each label, or the whole label where last parts are equal."""
    short = [stem(label) for label in labels]
    return [name if short.count(name) == 1 else label[:200] for name, label in zip(short, labels, strict=True)]


def stem(label: str) -> str:
    """Return a label's last part without its extension."""
    last = label.replace("\\", "/").rpartition("/")[2]
    return (last.rpartition(".")[0] or last)[:120]


def extension(label: str) -> str:
    """Return what follows the last dot, in small letters."""
    return label.rpartition(".")[2].lower()
