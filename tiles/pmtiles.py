"""A picture of the ground from one PMTiles file (version 3) on this host: header, directories, the bytes of a tile.

The format's specification: protomaps/PMTiles, spec/v3. Only pictures (PNG, JPEG, WebP, AVIF) are served as a
background; a file of vector tiles would need a style of its own.
"""

from __future__ import annotations

import gzip
import os
import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from tiles.grid import Tile

HEADER = struct.Struct("<7sB11Q6B4i")
TYPES = {2: "image/png", 3: "image/jpeg", 4: "image/webp", 5: "image/avif"}
NONE, GZIP = 1, 2
DEEPEST = 4  # directories within directories; the specification uses two
LARGEST = 16 * 1024 * 1024  # bytes a directory may unfold to


class PmtilesError(ValueError):
    """The file is not one that can be served."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Tiles from `tile_id` on: `run` equal ones, or (run 0) a directory of their own."""

    tile_id: int
    run: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Archive:
    """What the header says."""

    path: Path
    root: tuple[int, int]  # offset, length
    leaves: int
    data: int
    packed: int  # how directories are compressed
    kind: str  # content type of the tiles
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]  # west, south, east, north


def open_archive(path: Path) -> Archive:
    """Read the header; raises PmtilesError for what cannot be served."""
    try:
        head = read(path, 0, HEADER.size)
    except OSError as error:
        raise PmtilesError(f"{path}: cannot be read ({error.strerror})") from error
    if len(head) < HEADER.size:
        raise PmtilesError(f"{path}: not a PMTiles file")
    magic, version, *numbers = HEADER.unpack(head)
    root_at, root_size, _meta, _meta_size, leaves, _leaves_size, data, *_counts = numbers[:11]
    _clustered, packed, _tiles_packed, kind, low, high = numbers[11:17]
    if (magic, version) != (b"PMTiles", 3):
        raise PmtilesError(f"{path}: not a PMTiles file of version 3")
    if kind not in TYPES or packed not in (NONE, GZIP):
        raise PmtilesError(f"{path}: only pictures (PNG, JPEG, WebP, AVIF) can be the background")
    west, south, east, north = (value / 1e7 for value in numbers[17:21])
    return Archive(path, (root_at, root_size), leaves, data, packed, TYPES[kind], low, high, (west, south, east, north))


def read(path: Path, offset: int, length: int) -> bytes:
    """Return bytes of the file."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(length)


def stamp(path: Path) -> tuple[int, int]:
    """Return what changes with the file: caches and ETags go by it."""
    found = os.stat(path)
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=256)
def directory(archive: Archive, offset: int, length: int, _stamp: tuple[int, int]) -> tuple[Entry, ...]:
    """Return the entries of a directory, in the order of their tiles."""
    raw = read(archive.path, offset, min(length, LARGEST))
    if archive.packed == GZIP:
        with gzip.GzipFile(fileobj=BytesIO(raw)) as unpacked:
            raw = unpacked.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise PmtilesError(f"{archive.path}: a directory is too large")
    return tuple(entries(raw))


def varints(raw: bytes) -> list[int]:
    """Return the whole numbers of a run of varints."""
    found, value, shift = [], 0, 0
    for byte in raw:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(value)
            value = shift = 0
    return found


def entries(raw: bytes) -> list[Entry]:
    """Return the entries of an unpacked directory: ids as steps, runs, lengths, offsets (0: right behind the last)."""
    numbers = varints(raw)
    count = numbers[0] if numbers else 0
    if len(numbers) < 1 + 4 * count:
        raise PmtilesError("a directory is cut short")
    steps, runs, lengths, offsets = (numbers[1 + n * count : 1 + (n + 1) * count] for n in range(4))
    found: list[Entry] = []
    tile_id = 0
    for step, run, length, offset in zip(steps, runs, lengths, offsets, strict=True):
        tile_id += step
        behind = found[-1].offset + found[-1].length if found else 0
        found.append(Entry(tile_id, run, offset - 1 if offset else behind, length))
    return found


def tile_id(where: Tile) -> int:
    """Return the number of a tile: all tiles of the zooms above, then its place along Hilbert's curve."""
    before = ((1 << 2 * where.z) - 1) // 3
    x, y, along = where.x, where.y, 0
    side = (1 << where.z) >> 1
    while side:
        right, down = int(bool(x & side)), int(bool(y & side))
        along += side * side * ((3 * right) ^ down)
        if not down:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        x, y = x & (side - 1), y & (side - 1)
        side >>= 1
    return before + along


def tile(archive: Archive, where: Tile) -> bytes:
    """Return the bytes of a tile; nothing where the file has none."""
    wanted, changed = tile_id(where), stamp(archive.path)
    offset, length = archive.root
    for _ in range(DEEPEST):
        found = directory(archive, offset, length, changed)
        at = bisect_right(found, wanted, key=lambda entry: entry.tile_id) - 1
        if at < 0:
            return b""
        entry = found[at]
        if entry.run:
            inside = wanted < entry.tile_id + entry.run
            return read(archive.path, archive.data + entry.offset, entry.length) if inside else b""
        offset, length = archive.leaves + entry.offset, entry.length
    return b""
