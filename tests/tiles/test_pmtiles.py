"""The background from one file: where a tile lies in it, what it answers, which files are refused."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from authority.models import Role
from gisapp.settings import host_of
from tests.authority.builders import make_place, make_user
from tiles import deployment, pmtiles, style
from tiles.grid import Tile
from tiles.pmtiles import HEADER, PmtilesError

PNG = b"\x89PNG\r\n\x1a\n"


def varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def packed(rows: list[tuple[int, int, int, int]], *, zipped: bool = True) -> bytes:
    """Return a directory of (id, run, length, offset)."""
    ids = [row[0] for row in rows]
    steps = [b - a for a, b in zip([0, *ids], ids, strict=False)]
    columns = [steps, [r[1] for r in rows], [r[2] for r in rows], [r[3] + 1 for r in rows]]
    raw = varint(len(rows)) + b"".join(varint(value) for column in columns for value in column)
    return gzip.compress(raw) if zipped else raw


def archive(folder: Path, tiles: dict[Tile, bytes], *, kind: int = 2, leaves: bool = False) -> Path:
    """Write a file of tiles, in one directory or through a leaf."""
    body, rows = b"", []
    for where in sorted(tiles, key=pmtiles.tile_id):
        rows.append((pmtiles.tile_id(where), 1, len(tiles[where]), len(body)))
        body += tiles[where]
    leaf = packed(rows) if leaves else b""
    root = packed([(rows[0][0], 0, len(leaf), 0)]) if leaves else packed(rows)
    start = HEADER.size
    numbers = [
        start,
        len(root),
        start,
        0,
        start + len(root),
        len(leaf),
        start + len(root) + len(leaf),
        len(body),
        1,
        1,
        1,
    ]
    tail = (1, 2, 1, kind, 0, 3, 24 * 10**7, 22 * 10**7, 37 * 10**7, 32 * 10**7)
    path = folder / "ground.pmtiles"
    path.write_bytes(HEADER.pack(b"PMTiles", 3, *numbers, *tail) + root + leaf + body)
    return path


@pytest.mark.parametrize(
    ("where", "number"),
    [
        ((0, 0, 0), 0),
        ((1, 0, 0), 1),
        ((1, 0, 1), 2),
        ((1, 1, 1), 3),
        ((1, 1, 0), 4),
        ((2, 0, 0), 5),
        ((12, 3423, 1763), 19078479),
    ],
)
def test_tiles_are_numbered_as_the_format_says(where: tuple[int, int, int], number: int) -> None:
    assert pmtiles.tile_id(Tile(*where)) == number


@pytest.mark.parametrize("leaves", [False, True])
def test_a_tile_is_found_in_the_root_or_in_a_leaf(tmp_path: Path, leaves: bool) -> None:
    tiles = {Tile(0, 0, 0): PNG + b"top", Tile(3, 5, 3): PNG + b"deep", Tile(3, 1, 6): PNG + b"other"}
    found = pmtiles.open_archive(archive(tmp_path, tiles, leaves=leaves))
    assert {where: pmtiles.tile(found, where) for where in tiles} == tiles
    assert pmtiles.tile(found, Tile(3, 0, 0)) == b""
    assert found.bounds == (24.0, 22.0, 37.0, 32.0)


def test_what_is_no_picture_or_no_such_file_is_refused_at_the_start(tmp_path: Path, settings: Any) -> None:
    settings.BASEMAP_PMTILES = str(archive(tmp_path, {Tile(0, 0, 0): b"x"}, kind=1))
    assert [error.id for error in deployment.background_can_be_served()] == ["tiles.E001"]
    for content in (b"", b"PMTiles", struct.pack("<7sB", b"PMTiles", 2) + bytes(200)):
        (tmp_path / "bad").write_bytes(content)
        with pytest.raises(PmtilesError):
            pmtiles.open_archive(tmp_path / "bad")
    with pytest.raises(PmtilesError):
        pmtiles.open_archive(tmp_path / "none")


@pytest.mark.django_db
def test_the_background_is_served_to_the_staff_from_this_host(tmp_path: Path, settings: Any) -> None:
    client = Client()
    client.force_login(make_user(Role.PROPERTY_OFFICER, place=make_place("19")))
    assert client.get("/tiles/base/0/0/0").status_code == 404
    settings.BASEMAP_PMTILES = str(archive(tmp_path, {Tile(0, 0, 0): PNG}))
    answer = client.get("/tiles/base/0/0/0")
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", PNG)
    assert client.get("/tiles/base/0/0/0", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get("/tiles/base/1/0/0").status_code == 204
    assert client.get("/tiles/base/0/1/0").status_code == 400
    assert Client().get("/tiles/base/0/0/0").status_code == 401
    made = style.build([], style.Looks())
    assert made["sources"]["base"]["tiles"] == ["/tiles/base/{z}/{x}/{y}"]
    assert made["metadata"]["amlak:base"] is True


@pytest.mark.parametrize(
    ("template", "hosts"),
    [
        ("", []),
        ("/tiles/own/{z}/{x}/{y}.png", []),
        ("https://tiles.example.org/a/{z}/{x}/{y}.png", ["https://tiles.example.org"]),
        ("ftp://tiles.example.org/{z}", []),
    ],
)
def test_the_policy_opens_for_a_host_only_where_the_background_names_one(template: str, hosts: list[str]) -> None:
    assert host_of(template) == hosts
