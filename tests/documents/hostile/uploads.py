"""Files as attackers hand them in: our own set in the spirit of the public upload lists (threats A13)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import ExifTags, Image, PngImagePlugin

SCRIPT = b"<script>alert(document.domain)</script>"
PHP = b"<?php system($_GET['c']); ?>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
HTML = b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>"
MARKS = (SCRIPT, PHP, b"<svg", b"PK\x03\x04", b"<html", b"#!/bin/sh", b"%PDF-", b"MZ\x90")

Upload = tuple[str, bytes]


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "white").save(made, kind, **more)
    return made.getvalue()


def archive(name: str = "x.php", content: bytes = PHP) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr(name, content)
    return made.getvalue()


def pdf(more: bytes = b"", catalog: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n" + more + b"trailer << /Root 1 0 R >>\n%%EOF\n"
    )


def in_object_stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        len(packed), packed,
    )  # fmt: skip


def jpeg_comment(text: bytes) -> bytes:
    whole = picture("JPEG")
    return whole[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + whole[2:]


def png_chunk(name: bytes, content: bytes) -> bytes:
    whole = picture("PNG")
    chunk = struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    return whole[:33] + chunk + whole[33:]


def exif(tag: int, text: bytes | str) -> bytes:
    tags = Image.Exif()
    tags[tag] = text.decode() if isinstance(text, bytes) else text
    return picture("JPEG", exif=tags)


def png_text(text: str) -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", text)
    told.add_itxt("XML:com.adobe.xmp", text, zip=True)
    return picture("PNG", pnginfo=told)


def png_of(width: int, height: int, data: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", data or zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


def gif_of(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0" + struct.pack(
        "<HH", width, height
    ) + b"\0\x02\x02D\x01\0;"  # fmt: skip


def jpeg_of(width: int, height: int) -> bytes:
    whole = bytearray(picture("JPEG"))
    at = whole.index(b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(whole)


RUNNING = (
    "shell.php", "shell.php3", "shell.php5", "shell.pht", "shell.phtml", "shell.phar", "shell.asp", "shell.aspx", "shell.jsp",
    "shell.jspx", "shell.cgi", "shell.pl", "shell.py", "shell.sh", "page.html", "page.htm", "page.xhtml", "page.shtml",
    "page.mhtml", "page.svg", "page.js", "page.hta", "page.swf", "run.exe", "run.bat", "run.cmd", "run.vbs", "run.ps1",
    "run.lnk", "run.jar", ".htaccess", "web.config",
)  # fmt: skip
TWISTED = (
    "a.jpg.php", "a.php.jpg", "a.php%00.jpg", "a.php\x00.jpg", "a.php\n.jpg", "a.php;.jpg", "a.php/", "a.php.", "a.php ",
    "a.pHp5", "a.php\u202egpj.", "../../a.php", "..\\..\\a.html", "a.jpg.svg", "a.html\u200b", "a.pdf.html", "a.png.js",
    "con.html", "a.php::$DATA", "\u202elmth.a.jpg", "a.asp;.png", "a" * 250 + ".html",
)  # fmt: skip


def named() -> Iterator[Upload]:
    """Code, and good pictures and PDF, under names that run."""
    for name in (*RUNNING, *TWISTED):
        yield name, PHP
    for name in ("a.php", "a.jpg.php", "page.html", "../../a.svg"):
        yield name, picture("JPEG")
        yield name, pdf()


def pages() -> Iterator[Upload]:
    """Web pages and drawings that say they are something else."""
    for start in (
        b"",
        b"\xef\xbb\xbf",
        b"\n\n  ",
        b"<!-- x -->",
        b'<?xml version="1.0"?>',
        b"\0\0",
        b"GIF-no ",
        b"{} ",
    ):
        yield "picture.jpg", start + SVG
        yield "paper.pdf", start + HTML
    yield "x.xml", b'<?xml version="1.0"?><x:svg xmlns:x="http://www.w3.org/2000/svg"><x:script>1</x:script></x:svg>'
    yield "x.svg", b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>'
    yield "x.txt", b"hello " * 20 + HTML
    yield "x.json", b'{"a": "' + SCRIPT + b'"}'
    yield "utf16.html", b"\xff\xfe" + HTML.decode().encode("utf-16-le")


def polyglots() -> Iterator[Upload]:
    """Pictures and PDF that are something else as well."""
    for kind, ending in (("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp"), ("TIFF", "tif")):
        for tail in (archive(), PHP, HTML, b"#!/bin/sh\nid", pdf(), b"MZ\x90" + bytes(60)):
            yield f"poly.{ending}", picture(kind) + tail
    yield "gifar.gif", picture("GIF") + archive("META-INF/MANIFEST.MF", b"Main-Class: X")
    yield "head.gif", b"GIF89a/*" + bytes(8) + b"*/=1;alert(1)//"
    yield "zip.pdf", pdf() + archive()
    yield "late.pdf", b"x" * 500 + pdf(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")
    yield "html.pdf", b"%PDF-1.4 " + HTML


def hidden() -> Iterator[Upload]:
    """Code in the tags, comments and chunks of pictures."""
    for code in (SCRIPT, PHP, SVG):
        yield "comment.jpg", jpeg_comment(code)
        yield "itxt.png", png_text(code.decode())
        yield "chunk.png", png_chunk(b"teXt", code)
        yield "private.png", png_chunk(b"phPw", code)
        yield "make.jpg", exif(ExifTags.Base.Make, code)
        yield "words.jpg", exif(ExifTags.Base.ImageDescription, code)
        yield "icc.jpg", picture("JPEG", icc_profile=code)
        yield "comment.gif", picture("GIF", comment=code)


def wrong() -> Iterator[Upload]:
    """Right first bytes, wrong rest; sizes that are not there."""
    for start in (
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"II*\0",
        b"MM\0*",
        b"RIFF\0\0\0\0WEBP",
        b"II+\0",
    ):
        yield "wrong.png", start + PHP
        yield "wrong.jpg", start + bytes(64)
    yield "cut.jpg", picture("JPEG", (400, 300))[:500]
    yield "cut.png", picture("PNG", (400, 300))[:60]
    yield "flood.png", png_of(50_000, 50_000)
    yield "flood.gif", gif_of(65_535, 65_535)
    yield "flood.jpg", jpeg_of(65_500, 65_500)
    yield "long.png", png_of(2_000_000, 1)
    yield "nothing.png", png_of(0, 0)
    yield "bomb.png", png_of(10_000, 11_000, zlib.compress(bytes(1_000_000)))


def acting() -> Iterator[Upload]:
    """PDF that acts."""
    js = b"<< /S /JavaScript /JS (app.alert(1)) >>"
    yield "open.pdf", pdf(catalog=b"/OpenAction " + js)
    yield "escaped.pdf", pdf(catalog=b"/Open#41ction << /S /J#61vaScript /JS (x) >>")
    yield "names.pdf", pdf(catalog=b"/Names << /JavaScript << /Names [(x) " + js + b"] >> >>")
    yield "launch.pdf", pdf(b"3 0 obj << /S /Launch /F (cmd.exe) >> endobj\n")
    yield "packed.pdf", pdf(in_object_stream(b"3 0 " + js))
    yield "page.pdf", pdf(b"3 0 obj << /Type /Page /AA << /O " + js + b" >> >> endobj\n")
    yield "file.pdf", pdf(catalog=b"/Names << /EmbeddedFiles << /Names [(x.exe) 9 0 R] >> >>")
    yield "form.pdf", pdf(catalog=b"/AcroForm << /XFA [(x) 9 0 R] >>")
    yield "submit.pdf", pdf(b"3 0 obj << /S /SubmitForm /F (http://x) >> endobj\n")
    yield "secret.pdf", pdf(b"trailer << /Encrypt 9 0 R >>\n")
    yield "in_stream.pdf", pdf(b"4 0 obj << /Length 9 >>\nstream\n" + js + b"\nendstream endobj\n")


def uploads() -> list[Upload]:
    """The whole set."""
    return [*named(), *pages(), *polyglots(), *hidden(), *wrong(), *acting()]
