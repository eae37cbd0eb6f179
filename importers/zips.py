"""Unpack an archive once, ourselves, in the sandbox: names are labels, limits hold while streaming (threats.md A5–A7).

GDAL is never given the archive. Only the parts of layers are written, under generated names; what else lies in the
archive (a report, a picture, another archive) is counted and left where it is.
"""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from importers.encoding import decode_label
from importers.refusals import UnreadableError

MB = 1024 * 1024
MAX_IN, MAX_OUT, MAX_MEMBERS, MAX_RATIO = 200 * MB, 1024 * MB, 2000, 200
SMALL = 16 * MB  # below this an unusual ratio is just an empty table
LOCAL = struct.Struct("<4s5H3L2H")
END = struct.Struct("<4s4H2LH")
WANTED = {"shp", "shx", "dbf", "prj", "cpg", "gpkg", "geojson", "json"}
ARCHIVES = {"zip", "rar", "7z", "gz", "tgz", "tar", "bz2", "xz"}
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)\s*(\..*)?$", re.IGNORECASE)
BIDI = set("؜​‌‍‎‏‪‫‬‭‮⁦⁧⁨⁩﻿")
UNIX_EXTRA = 0x756E


@dataclass(frozen=True)
class Limits:
    """Ceilings of one archive, in bytes and members."""

    size_in: int = MAX_IN
    size_out: int = MAX_OUT
    members: int = MAX_MEMBERS
    ratio: int = MAX_RATIO


@dataclass(frozen=True)
class Member:
    """A part written to the work folder."""

    label: str  # the name in the archive, decoded; never a path of ours
    path: Path

    @property
    def stem(self) -> str:
        """The label without its extension."""
        return self.label.rpartition(".")[0]

    @property
    def extension(self) -> str:
        """What follows the last dot, in small letters."""
        return self.label.rpartition(".")[2].lower()


def unpack(path: Path, folder: Path, *, limits: Limits | None = None) -> list[Member]:
    """Write the parts of layers in an archive into the folder; raise UnreadableError for anything unsafe."""
    limits = limits or Limits()
    if path.stat().st_size > limits.size_in:
        raise UnreadableError("file_too_large", limit_mb=limits.size_in // MB)
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            infos = checked(archive, file, limits)
            return [write(archive, info, label, folder, number) for number, (info, label) in enumerate(infos)]
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OverflowError, ValueError) as error:
        raise UnreadableError("zip_damaged") from error
    except (NotImplementedError, RuntimeError) as error:
        raise UnreadableError("zip_method") from error


def checked(archive: zipfile.ZipFile, file: BinaryIO, limits: Limits) -> list[tuple[zipfile.ZipInfo, str]]:
    """Return the wanted members with their labels after every member has passed."""
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise UnreadableError("zip_too_many", limit=limits.members)
    check_sizes(infos, limits)
    check_end(archive, file)
    spans, labels = [], []
    for info in infos:
        spans.append(span(info, file))
        label = label_of(info)
        check_name(label)
        check_kind(info)
        labels.append(label)
    check_spans(spans, archive.start_dir)
    check_twins(labels)
    return wanted(infos, labels)


def wanted(infos: list[zipfile.ZipInfo], labels: list[str]) -> list[tuple[zipfile.ZipInfo, str]]:
    """Return the members that are parts of layers; refuse an archive that only holds archives."""
    found = [
        (info, label)
        for info, label in zip(infos, labels, strict=True)
        if not info.is_dir() and extension(label) in WANTED and not hidden(label)
    ]
    if not found and any(extension(label) in ARCHIVES for label in labels):
        raise UnreadableError("zip_nested")
    if any(info.flag_bits & 0x1 for info, _label in found):
        raise UnreadableError("zip_encrypted")
    return found


def extension(label: str) -> str:
    """Return what follows the last dot, in small letters."""
    return label.rpartition(".")[2].lower()


def hidden(label: str) -> bool:
    """Say whether a member is a leftover of the packing system."""
    return label.startswith("__MACOSX/") or label.rpartition("/")[2].startswith(".")


def check_sizes(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse by what the headers say; the streams are held to it later."""
    size = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if size > limits.size_out:
        raise UnreadableError("zip_too_large", limit_mb=limits.size_out // MB)
    if size > SMALL and size > limits.ratio * max(packed, 1):
        raise UnreadableError("zip_bomb")


def check_end(archive: zipfile.ZipFile, file: BinaryIO) -> None:
    """Refuse an archive whose end can be read in two ways: a second end record in the comment."""
    file.seek(archive.start_dir)
    tail = file.read()
    if tail.count(b"PK\x05\x06", directory_size(archive, tail)) != 1:
        raise UnreadableError("zip_contradiction")


def directory_size(archive: zipfile.ZipFile, tail: bytes) -> int:
    """Return where the end record may begin: after the directory's entries."""
    at = 0
    for _info in archive.infolist():
        name, extra, comment = struct.unpack_from("<3H", tail, at + 28)
        at += 46 + name + extra + comment
    return at


def span(info: zipfile.ZipInfo, file: BinaryIO) -> tuple[int, int]:
    """Return where the member's bytes lie, by its own header, which must agree with the directory."""
    file.seek(info.header_offset)
    header = file.read(LOCAL.size)
    signature, _need, flags, method, _time, _date, _crc, packed, size, name, extra = LOCAL.unpack(header)
    if signature != b"PK\x03\x04" or method != info.compress_type:
        raise UnreadableError("zip_contradiction")
    raw = file.read(name)
    if raw != info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "replace"):
        raise UnreadableError("zip_contradiction")
    told = (packed, size) not in {(0xFFFFFFFF, 0xFFFFFFFF), (info.compress_size, info.file_size)}
    if told and not flags & 0x8:
        raise UnreadableError("zip_contradiction")
    start = info.header_offset + LOCAL.size + name + extra
    return info.header_offset, start + info.compress_size


def check_spans(spans: list[tuple[int, int]], directory: int) -> None:
    """Refuse overlapping members (Python's own check came only with 3.11.8) and bytes before the first."""
    ordered = sorted(spans)
    if (ordered[0][0] if ordered else directory) != 0:
        raise UnreadableError("zip_contradiction")
    ends = [start for start, _end in ordered[1:]] + [directory]
    if any(end > following for (_start, end), following in zip(ordered, ends, strict=False)):
        raise UnreadableError("zip_overlap")


def label_of(info: zipfile.ZipInfo) -> str:
    """Return the name as its writer meant it: UTF-8 where flagged, else what it most likely is."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    return decode_label(info.orig_filename.encode("cp437", "replace"))


def check_name(label: str) -> None:
    """Refuse a name that could be taken for a way out, though names are only labels here."""
    plain = unicodedata.normalize("NFKC", label)
    parts = plain.split("/")
    unsafe = (
        not label
        or len(label) > 400
        or "\\" in plain
        or plain.startswith("/")
        or re.match(r"^[a-zA-Z]:", plain) is not None
        or any(unicodedata.category(letter) == "Cc" or letter in BIDI for letter in label)
        or any(part.strip(" .") == "" and part for part in parts)
        or any(RESERVED.match(part.strip()) for part in parts)
        or plain.count("/") != label.count("/")
    )
    if unsafe:
        raise UnreadableError("zip_unsafe_name")


def check_kind(info: zipfile.ZipInfo) -> None:
    """Refuse anything but files and folders: links, devices, pipes."""
    mode = stat.S_IFMT(info.external_attr >> 16)
    if mode not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise UnreadableError("zip_special_file")
    at = 0
    while at + 4 <= len(info.extra):
        kind, size = struct.unpack_from("<2H", info.extra, at)
        if kind == UNIX_EXTRA and size >= 6:
            (unix,) = struct.unpack_from("<H", info.extra, at + 8)
            if stat.S_IFMT(unix) not in {0, stat.S_IFREG, stat.S_IFDIR}:
                raise UnreadableError("zip_special_file")
        at += 4 + size


def check_twins(labels: list[str]) -> None:
    """Refuse two members that some system would take for one."""
    seen = [unicodedata.normalize("NFKC", label).casefold().rstrip("/") for label in labels]
    if len(set(seen)) != len(seen):
        raise UnreadableError("zip_twins")


def write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, folder: Path, number: int) -> Member:
    """Stream one member to a generated name; it may not be longer than it said."""
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnreadableError("zip_method")
    path = folder / f"part{number}"
    left = info.file_size
    with archive.open(info) as source, path.open("xb") as target:
        while block := source.read(MB):
            left -= len(block)
            if left < 0:
                raise UnreadableError("zip_contradiction")
            target.write(block)
    return Member(label, path)
