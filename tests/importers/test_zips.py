"""Archives that mean harm: names that lead out, special files, bombs, two readings of one archive (threats A5–A7)."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from importers.refusals import UnreadableError
from importers.zips import Limits, unpack
from tests.importers.builders import zip_bytes

GOOD = {"s.shp": b"\x00\x00\x27\x0a" + bytes(96), "s.dbf": b"\x03" + bytes(64)}


def refused(content: bytes, tmp_path: Path, *, limits: Limits | None = None) -> str:
    """Unpack in a folder of its own; return the code of the refusal, "" where there is none."""
    archive, work = tmp_path / "in" / "a.zip", tmp_path / "in" / "work"
    work.mkdir(parents=True)
    archive.write_bytes(content)
    try:
        unpack(archive, work, limits=limits)
    except UnreadableError as error:
        return str(error.code)
    finally:
        written = {path for path in tmp_path.rglob("*") if path.is_file()}
        assert all(path == archive or path.parent == work for path in written), written
        assert all(path == archive or path.name.startswith("part") for path in written), written
    return ""


def named(name: str) -> bytes:
    """Return an archive whose one member has this name, byte by byte as given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = name  # ZipInfo itself would clean it
        archive.writestr(info, b"x")
    return buffer.getvalue()


UNSAFE = [
    "../s.shp", "../../s.shp", "a/../../s.shp", "a/../s.shp", "/s.shp", "//host/s.shp", "/etc/passwd", "..", ".", "a/./s.shp",
    "a/..", "...", "a/ .. /s.shp", "C:s.shp", "C:/s.shp", "c:\\s.shp", "..\\s.shp", "a\\..\\..\\s.shp", "\\\\host\\s.shp",
    "a\x01.shp", "a\n.shp", "a\r.shp", "a\x7f.shp", "a\x1b[2J.shp", "a\x85.shp",
    "con", "CON.shp", "aux.shp", "nul.shp", "prn/s.shp", "com1.shp", "LPT9.shp", "a/con.shp", "con .shp",
    "a\u202egpj.shp", "a\u2066.shp", "a\u200f.shp", "\ufeffs.shp", "a\u200b/..\u200e/s.shp",
    "．．/s.shp", "‥/s.shp", "a／..／s.shp", "Ｃ:/s.shp", "\u2024\u2024/x.shp", "a＼..＼s.shp", "／etc／passwd", "…/s.shp",
    "x" * 401 + ".shp",
]  # fmt: skip


@pytest.mark.parametrize("name", UNSAFE, ids=lambda name: ascii(name)[:40])
def test_a_name_that_could_lead_out_is_refused(name: str, tmp_path: Path) -> None:
    assert refused(named(name), tmp_path) == "zip_unsafe_name"


@pytest.mark.parametrize("name", ["مسح الأرض/القطع.shp", "a/b/c/s.shp", "s..shp", "console.shp", "a b.shp", "~s.shp", "-rf.shp", "@x.shp", "%2e%2e.shp"])  # fmt: skip
def test_an_ordinary_name_is_only_a_label(name: str, tmp_path: Path) -> None:
    assert refused(named(name), tmp_path) == ""


@pytest.mark.parametrize("name", ["s.shp\x00.exe", "\x00s.shp"])
def test_a_name_is_not_cut_at_a_nul(name: str, tmp_path: Path) -> None:
    assert refused(named(name), tmp_path) in {"zip_unsafe_name", "zip_contradiction"}


def special(kind: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("s.shp")
        info.external_attr = (kind | 0o777) << 16
        info.create_system = 3
        archive.writestr(info, b"/etc/passwd")
    return buffer.getvalue()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind: int, tmp_path: Path) -> None:
    assert refused(special(kind), tmp_path) == "zip_special_file"


def test_a_link_told_only_in_the_unix_extra_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("s.shp")
        body = struct.pack("<IHIHH", 0, stat.S_IFLNK | 0o777, 0, 0, 0)
        info.extra = struct.pack("<2H", 0x756E, len(body)) + body
        archive.writestr(info, b"/etc/passwd")
    assert refused(buffer.getvalue(), tmp_path) == "zip_special_file"


# ---- bombs -----------------------------------------------------------------------------------------------------------


def zeros(count: int, size: int) -> bytes:
    """Members of zeros: 1000 to 1."""
    return zip_bytes({f"s{number}.shp": bytes(size) for number in range(count)})


def overlapping(count: int, *, same: bool) -> bytes:
    """Every entry of the directory points at one and the same member, or each at the next one's header."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(bytes(1024 * 1024)) + kernel.flush()
    crc, size = zlib.crc32(bytes(1024 * 1024)), 1024 * 1024
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), size, 5, 0) + b"s.shp" + packed
    entries = b""
    for number in range(count):
        name = b"s.shp" if same else f"s{number}.shp".encode()
        entries += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(packed), size, len(name), 0, 0, 0, 0, 0, 0) + name  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), len(local), 0)
    return local + entries + end


def liar() -> bytes:
    """The directory says 10 bytes; the stream holds 20 MB."""
    content = bytearray(zip_bytes({"s.shp": bytes(20 * 1024 * 1024)}))
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, 10)
    struct.pack_into("<L", content, 22, 10)
    return bytes(content)


def zip64_liar() -> bytes:
    """The directory leaves the sizes to a zip64 record that promises an exabyte."""
    content = bytearray(zip_bytes({"s.shp": b"x" * 100}))
    at = content.rindex(b"PK\x01\x02")
    extra = struct.pack("<2HQQ", 1, 16, 1 << 60, 100)
    struct.pack_into("<2L", content, at + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", content, at + 30, len(extra))
    name_end = at + 46 + 5
    content[name_end:name_end] = extra
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<L", content, end + 12, 46 + 5 + len(extra))
    return bytes(content)


BOMBS: list[tuple[str, Callable[[], bytes], set[str]]] = [
    ("a thousand to one", lambda: zeros(1, 64 * 1024 * 1024), {"zip_bomb"}),
    ("many small ones", lambda: zeros(40, 1024 * 1024), {"zip_bomb"}),
    ("entries over one member", lambda: overlapping(500, same=False), {"zip_bomb", "zip_overlap", "zip_contradiction"}),
    ("one entry 500 times", lambda: overlapping(500, same=True), {"zip_bomb", "zip_overlap", "zip_twins"}),
    ("few entries over one member", lambda: overlapping(3, same=True), {"zip_overlap", "zip_twins"}),
    ("65,000 entries", lambda: zip_bytes({f"{n}.shp": b"" for n in range(65_000)}), {"zip_too_many"}),
    ("a size that lies", liar, {"zip_contradiction", "zip_damaged"}),
    ("an exabyte by zip64", zip64_liar, {"zip_too_large", "zip_contradiction", "zip_damaged"}),
    ("archives only", lambda: zip_bytes({"in.zip": zeros(1, 1024)}), {"zip_nested"}),
    ("gzip inside", lambda: zip_bytes({"s.shp.gz": b"\x1f\x8b"}), {"zip_nested"}),
]


@pytest.mark.parametrize(("make", "codes"), [bomb[1:] for bomb in BOMBS], ids=[bomb[0] for bomb in BOMBS])
def test_a_bomb_is_refused_before_it_grows(make: Callable[[], bytes], codes: set[str], tmp_path: Path) -> None:
    content = make()
    assert refused(content, tmp_path) in codes
    assert sum(path.stat().st_size for path in (tmp_path / "in" / "work").iterdir()) <= 5 * 1024 * 1024


def test_more_than_an_archive_may_hold_is_refused_by_its_headers(tmp_path: Path) -> None:
    assert refused(zip_bytes({"s.shp": bytes(3000)}), tmp_path, limits=Limits(size_out=1000)) == "zip_too_large"


def test_an_archive_larger_than_permitted_is_not_opened(tmp_path: Path) -> None:
    assert refused(zip_bytes(GOOD), tmp_path, limits=Limits(size_in=50)) == "file_too_large"


# ---- two readings of one archive -------------------------------------------------------------------------------------


def renamed_inside() -> bytes:
    content = bytearray(zip_bytes(GOOD))
    at = content.index(b"s.shp")
    content[at : at + 5] = b"t.shp"
    return bytes(content)


def other_method() -> bytes:
    content = bytearray(zip_bytes(GOOD))
    struct.pack_into("<H", content, 8, 0)
    return bytes(content)


def encrypted() -> bytes:
    content = bytearray(zip_bytes(GOOD))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = 0
        while (at := content.find(mark, at)) != -1:
            content[at + flags] |= 1
            at += 4
    return bytes(content)


def bzip2() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("s.shp", b"x" * 100)
    return buffer.getvalue()


def broken_crc() -> bytes:
    content = bytearray(zip_bytes({"s.shp": b"x" * 100}))
    at = content.rindex(b"PK\x01\x02")
    for place in (14, at + 16):
        content[place] ^= 0xFF
    return bytes(content)


READINGS: list[tuple[str, Callable[[], bytes], set[str]]] = [
    ("bytes before the first member", lambda: b"MZ" + bytes(100) + zip_bytes(GOOD), {"zip_contradiction"}),
    ("two archives behind one another", lambda: zip_bytes({"a.shp": b"a"}) + zip_bytes(GOOD), {"zip_contradiction"}),
    ("another name in the member itself", renamed_inside, {"zip_contradiction"}),
    ("another method in the member itself", other_method, {"zip_contradiction"}),
    (
        "an end record in the comment",
        lambda: with_comment(b"PK\x05\x06" + bytes(18)),
        {"zip_contradiction", "zip_damaged"},
    ),
    ("a password", encrypted, {"zip_encrypted"}),
    ("bzip2", bzip2, {"zip_method"}),
    ("a wrong checksum", broken_crc, {"zip_damaged"}),
    ("cut off", lambda: zip_bytes(GOOD)[:-10], {"zip_damaged"}),
    ("twins", lambda: twins("s.shp", "S.SHP"), {"zip_twins"}),
    ("twins by form", lambda: twins("é.shp", "e\u0301.shp"), {"zip_twins"}),
]


def with_comment(comment: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("s.shp", b"x")
        archive.comment = comment
    return buffer.getvalue()


def twins(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return buffer.getvalue()


@pytest.mark.parametrize(("make", "codes"), [case[1:] for case in READINGS], ids=[case[0] for case in READINGS])
def test_an_archive_that_reads_two_ways_is_refused(make: Callable[[], bytes], codes: set[str], tmp_path: Path) -> None:
    assert refused(make(), tmp_path) in codes


def test_what_is_no_part_of_a_layer_stays_where_it_is(tmp_path: Path) -> None:
    content = zip_bytes(
        GOOD | {"report.exe": b"MZ", "in.zip": zip_bytes(GOOD), "__MACOSX/s.shp": b"x", ".hidden.shp": b"x"}
    )
    assert refused(content, tmp_path) == ""
    assert len(list((tmp_path / "in" / "work").iterdir())) == 2
