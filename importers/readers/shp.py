"""The geometry of a shapefile, read by ourselves: no driver to confuse, every broken record a row's fault.

Shapes come back as Shapely geometries in the file's own coordinates (Z kept) and as ISO WKB (Z and M kept). Rings are
closed where they are not; nothing else is changed. Format: ESRI Shapefile Technical Description, July 1998.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from importers.refusals import UnreadableError

MAGIC = b"\x00\x00\x27\x0a"
MAX_FEATURE_VERTICES, MAX_VERTICES = 100_000, 10_000_000
FAR = 1e9  # no system of coordinates in use reaches beyond this
NO_M = -1e38
POINT, LINE, POLYGON, MULTIPOINT, MULTIPATCH = 1, 3, 5, 8, 31
NAMES = {POINT: "point", LINE: "line", POLYGON: "polygon", MULTIPOINT: "multipoint", MULTIPATCH: "multipatch"}
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass
class Records:
    """Where each record of the file lies and what it says of itself; one entry a row."""

    data: bytes
    offset: Ints  # of the shape, after the record's header
    length: Ints  # bytes of the shape
    kind: npt.NDArray[np.int32]  # shape type as written; 0 = null
    parts: Ints
    points: Ints
    fault: list[str]  # "" or the code of a row's fault
    notes: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many records there are."""
        return len(self.fault)

    @property
    def base(self) -> npt.NDArray[np.int32]:
        """The shape type without its Z or M."""
        return np.where(self.kind == MULTIPATCH, MULTIPATCH, self.kind % 10).astype(np.int32)

    @property
    def has_z(self) -> bool:
        """Whether any record is of a type with Z."""
        return bool(np.any((self.kind > 10) & (self.kind < 20)))

    @property
    def has_m(self) -> bool:
        """Whether any record is of a type with M alone."""
        return bool(np.any((self.kind > 20) & (self.kind < 30)))


@dataclass
class Coordinates:
    """One record's numbers."""

    xy: Floats  # (n, 2)
    z: Floats | None
    m: Floats | None
    starts: Ints  # first point of each part


def read_records(shp: Path, shx: Path | None) -> Records:
    """Walk the file; raise UnreadableError when it is no shapefile or has too many vertices."""
    data = shp.read_bytes()
    if len(data) < 100 or data[:4] != MAGIC:
        raise UnreadableError("not_a_shapefile")
    notes: dict[str, int] = {}
    spans = spans_by_index(data, shx) if shx else None
    if spans is None:
        notes["shx_rebuilt" if shx else "shx_missing"] = 1
        spans = spans_by_walking(data)
    records = describe(data, spans, notes)
    if int(records.points.sum()) > MAX_VERTICES:
        raise UnreadableError("too_many_vertices", limit=MAX_VERTICES)
    return records


def spans_by_index(data: bytes, shx: Path) -> list[tuple[int, int]] | None:
    """Return (offset, length) of each shape by the index, or None when the index does not fit the file."""
    index = shx.read_bytes()
    if len(index) < 100 or index[:4] != MAGIC or (len(index) - 100) % 8:
        return None
    pairs = np.frombuffer(index, ">i4", offset=100).astype(np.int64).reshape(-1, 2) * 2
    told = struct.unpack_from(">i", index, 24)[0] * 2
    pairs = pairs[: max(0, (told - 100) // 8)] if 100 <= told <= len(index) else pairs
    if np.any(pairs[:, 0] < 100) or np.any(pairs.sum(axis=1) + 8 > len(data)) or np.any(pairs[:, 1] < 4):
        return None
    numbers = [int.from_bytes(data[at + 4 : at + 8], "big") * 2 for at in pairs[:, 0].tolist()]
    if not np.array_equal(numbers, pairs[:, 1]):
        return None
    return [(at + 8, size) for at, size in pairs.tolist()]


def spans_by_walking(data: bytes) -> list[tuple[int, int]]:
    """Return (offset, length) of each shape by going from record to record until the file ends or makes no sense."""
    spans, at = [], 100
    while at + 12 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "big", signed=True) * 2
        if size < 4:
            break
        spans.append((at + 8, size))
        at += 8 + size
    return spans


def describe(data: bytes, spans: list[tuple[int, int]], notes: dict[str, int]) -> Records:
    """Read each record's type and counts, checked against the bytes it has."""
    rows = len(spans)
    kind = np.zeros(rows, np.int32)
    parts, points = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    fault = [""] * rows
    for row, (at, size) in enumerate(spans):
        kind[row], parts[row], points[row], fault[row] = describe_one(data, at, size)
    offset, length = np.array(spans, np.int64).reshape(-1, 2).T
    return Records(data, offset, length, kind, parts, points, fault, notes)


def describe_one(data: bytes, at: int, size: int) -> tuple[int, int, int, str]:
    """Return (type, parts, points, fault) of one record."""
    if at + size > len(data):
        return 0, 0, 0, "record_damaged"
    kind = int.from_bytes(data[at : at + 4], "little")
    base = MULTIPATCH if kind == MULTIPATCH else kind % 10
    if kind == 0 or base == MULTIPATCH:
        return kind, 0, 0, "geometry_missing" if kind == 0 else "multipatch"
    if kind > 28 or base not in NAMES:
        return 0, 0, 0, "record_damaged"
    if base == POINT:
        return (kind, 0, 1, "") if size >= 20 else (0, 0, 0, "record_damaged")
    counts = counts_of(data, at, size, base)
    if counts is None:
        return 0, 0, 0, "record_damaged"
    parts, points = counts
    if points == 0:
        return kind, 0, 0, "geometry_missing"
    if points > MAX_FEATURE_VERTICES:
        return kind, 0, 0, "too_many_vertices"
    return kind, parts, points, ""


def counts_of(data: bytes, at: int, size: int, base: int) -> tuple[int, int] | None:
    """Return (parts, points) of a shape of many points, or None when its bytes cannot hold them."""
    counted = 40 if base == MULTIPOINT else 44
    if size < counted:
        return None
    if base == MULTIPOINT:
        parts, points = 0, int.from_bytes(data[at + 36 : at + 40], "little")
    else:
        parts, points = struct.unpack_from("<2L", data, at + 36)
    return (parts, points) if counted + 4 * parts + 16 * points <= size else None


def coordinates(records: Records, row: int) -> Coordinates | None:
    """Return the numbers of one sound record, or None and a fault in `records` when they make no sense."""
    data, at, size = records.data, int(records.offset[row]), int(records.length[row])
    points, parts = int(records.points[row]), int(records.parts[row])
    base = int(records.kind[row]) % 10
    found: Coordinates | None
    if base == POINT:
        found = point_coordinates(data, at, size, int(records.kind[row]))
    else:
        found = many_coordinates(data, at, size, kind=int(records.kind[row]), parts=parts, points=points)
    if found is None:
        records.fault[row] = "record_damaged"
    elif not np.all(np.isfinite(found.xy)) or np.any(np.abs(found.xy) > FAR):
        records.fault[row] = "coordinates_not_finite"
        return None
    return found


def point_coordinates(data: bytes, at: int, size: int, kind: int) -> Coordinates:
    """Return the numbers of a point."""
    numbers = np.frombuffer(data, "<f8", min(4, (size - 4) // 8), at + 4)
    z = numbers[2:3] if kind == 11 and numbers.size > 2 else None
    m = numbers[3:4] if kind == 11 else numbers[2:3] if kind == 21 else None
    return Coordinates(numbers[:2].reshape(1, 2), z, measured(m), np.zeros(1, np.int64))


def many_coordinates(data: bytes, at: int, size: int, *, kind: int, parts: int, points: int) -> Coordinates | None:
    """Return the numbers of a shape of many points, or None when its parts make no sense."""
    base, end = kind % 10, at + size
    if base == MULTIPOINT:
        first, starts = at + 40, np.zeros(1, np.int64)
    else:
        first = at + 44 + 4 * parts
        starts = np.frombuffer(data, "<i4", parts, at + 44).astype(np.int64)
        if parts == 0 or starts[0] != 0 or np.any(np.diff(starts) <= 0) or starts[-1] >= points:
            starts = sensible(starts, points)
        if starts.size == 0:
            return None
    xy = np.frombuffer(data, "<f8", 2 * points, first).reshape(points, 2)
    extra = first + 16 * points
    z = ordinates(data, extra, end, points) if kind > 10 and kind < 20 else None
    m = ordinates(data, extra + (16 + 8 * points if z is not None else 0), end, points) if kind > 10 else None
    return Coordinates(xy, z, measured(m), starts)


def sensible(starts: Ints, points: int) -> Ints:
    """Return the starts of parts that hold at least one point; none when they run backwards."""
    if starts.size == 0 or starts[0] != 0 or np.any(starts < 0) or np.any(np.diff(starts) < 0):
        return np.zeros(0, np.int64)
    kept = np.unique(starts)
    return kept[kept < points]


def ordinates(data: bytes, at: int, end: int, points: int) -> Floats | None:
    """Return the Z or M block that begins with its range, where the record has one."""
    return np.frombuffer(data, "<f8", points, at + 16) if at + 16 + 8 * points <= end else None


def measured(m: Floats | None) -> Floats | None:
    """Return measures with "none" as NaN; nothing at all when no point has one."""
    if m is None or m.size == 0:
        return None
    clean = np.where(np.isfinite(m) & (m > NO_M), m, np.nan)
    return None if np.all(np.isnan(clean)) else clean
