"""Small surveys made on the spot: shapefiles with chosen bytes, archives with chosen names."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

WGS84_PRJ = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
Ring = Sequence[tuple[float, float]]


def belt_prj(
    datum: str = "D_Egypt_1907", spheroid: str = '"Helmert_1906",6378200.0,298.3', *, belt: str = "red"
) -> str:
    """Return a .prj with one belt's numbers on a chosen datum."""
    meridian, easting, northing = {
        "blue": (35.0, 300000.0, 1100000.0),
        "red": (31.0, 615000.0, 810000.0),
        "purple": (27.0, 700000.0, 200000.0),
        "extended": (27.0, 700000.0, 1200000.0),
    }[belt]
    return (
        f'PROJCS["Custom",GEOGCS["GCS",DATUM["{datum}",SPHEROID[{spheroid}]],PRIMEM["Greenwich",0.0],'
        f'UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",{easting}],'
        f'PARAMETER["False_Northing",{northing}],PARAMETER["Central_Meridian",{meridian}],'
        'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",30.0],UNIT["Meter",1.0]]'
    )


def square(x: float, y: float, side: float = 100.0) -> list[Ring]:
    """Return one clockwise ring with its south-west corner at x, y."""
    return [[(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)]]


def polygon_record(rings: Sequence[Ring] | None) -> bytes:
    """Return the contents of one record; None is a null shape."""
    if rings is None:
        return struct.pack("<i", 0)
    points = [point for ring in rings for point in ring]
    starts, at = [], 0
    for ring in rings:
        starts.append(at)
        at += len(ring)
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    head = struct.pack("<i4d2i", 5, min(xs), min(ys), max(xs), max(ys), len(rings), len(points))
    return head + struct.pack(f"<{len(starts)}i", *starts) + b"".join(struct.pack("<2d", *point) for point in points)


def shp_bytes(records: Sequence[bytes], kind: int = 5) -> tuple[bytes, bytes]:
    """Return a .shp and its .shx."""
    body, index, at = b"", b"", 50
    for number, record in enumerate(records, start=1):
        body += struct.pack(">2i", number, len(record) // 2) + record
        index += struct.pack(">2i", at, len(record) // 2)
        at += 4 + len(record) // 2

    def head(words: int) -> bytes:
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<2i8d", 1000, kind, *[0.0] * 8)

    return head(50 + len(body) // 2) + body, head(50 + len(index) // 2) + index


def dbf_bytes(columns: Sequence[tuple[bytes, str, int]], rows: Sequence[Sequence[bytes]], *, ldid: int = 0) -> bytes:
    """Return a .dbf with cells given as bytes; columns are (name, type, width)."""
    width = 1 + sum(size for _name, _kind, size in columns)
    head = struct.pack("<4BLHH16xBBxx", 3, 124, 1, 1, len(rows), 33 + 32 * len(columns), width, 0, ldid)
    fields = b"".join(struct.pack("<11sc4xBB14x", name[:10], kind.encode(), size, 0) for name, kind, size in columns)
    cells = b"".join(
        b" "
        + b"".join(
            cell[:size].rjust(size) if kind == "N" else cell[:size].ljust(size)
            for cell, (_name, kind, size) in zip(row, columns, strict=True)
        )
        for row in rows
    )
    return head + fields + b"\r" + cells + b"\x1a"


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """Return an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def survey_zip(
    folder: Path,
    *,
    shapes: Sequence[Sequence[Ring] | None],
    columns: Sequence[tuple[bytes, str, int]] = ((b"parcel_no", "C", 20),),
    rows: Sequence[Sequence[bytes]] | None = None,
    prj: str | None = WGS84_PRJ,
    cpg: str | None = None,
    name: str = "survey",
) -> Path:
    """Write a zipped shapefile and return its path."""
    shp, shx = shp_bytes([polygon_record(shape) for shape in shapes])
    cells = rows if rows is not None else [[str(number).encode()] for number in range(1, len(shapes) + 1)]
    members = {f"{name}.shp": shp, f"{name}.shx": shx, f"{name}.dbf": dbf_bytes(columns, cells)}
    members |= {f"{name}.prj": prj.encode()} if prj is not None else {}
    members |= {f"{name}.cpg": cpg.encode()} if cpg is not None else {}
    path = folder / f"{name}.zip"
    path.write_bytes(zip_bytes(members))
    return path
