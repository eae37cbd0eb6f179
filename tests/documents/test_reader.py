"""What the reader in the sandbox says of papers: quality of scans, PDF/A. Its functions need no sandbox to be right."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from documents.reader import pdfs
from documents.reader.quality import Checks, dpi_of, skew
from tests.documents.hostile.uploads import pdf

A4 = (1240, 1754)  # 150 dots per inch


def page(ink: int = 20, ground: int = 245, size: tuple[int, int] = A4) -> Image.Image:
    """A page with lines of writing."""
    made = Image.new("L", size, ground)
    draw = ImageDraw.Draw(made)
    for row in range(size[1] // 10, size[1] * 9 // 10, 34):
        for word in range(size[0] // 8, size[0] * 7 // 8, 70):
            draw.rectangle((word, row, word + 52, row + 12), fill=ink)
    return made


def said(made: Image.Image, dpi: float | None = None, *, photo: bool = False) -> list[str]:
    checks = Checks(dpi, photo=photo)
    checks.add(made)
    return checks.warnings()


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "LA"])
def test_a_good_scan_has_no_warning(mode: str) -> None:
    assert said(page().convert(mode)) == []


@pytest.mark.parametrize("degrees", [-9, -4, -2.5, 2.5, 4, 9])
def test_a_page_that_lies_askew_is_told(degrees: float) -> None:
    leaning = page().rotate(degrees, fillcolor=245, resample=Image.Resampling.BICUBIC)
    assert said(leaning) == ["skewed"]
    assert abs(skew(leaning) + degrees) <= 1


@pytest.mark.parametrize("degrees", [-1, 0.5, 1])
def test_a_page_that_hardly_leans_is_not_told(degrees: float) -> None:
    assert said(page().rotate(degrees, fillcolor=245)) == []


@pytest.mark.parametrize("ground", [200, 235, 255])
def test_a_blank_page_is_told_whatever_its_paper(ground: int) -> None:
    assert said(Image.new("L", A4, ground)) == ["blank_page"]


def test_a_page_with_one_line_is_not_blank() -> None:
    made = Image.new("L", A4, 250)
    ImageDraw.Draw(made).rectangle((200, 200, 900, 212), fill=30)
    assert "blank_page" not in said(made)


def test_a_dark_scan_is_told() -> None:
    assert said(ImageEnhance.Brightness(page()).enhance(0.3)) == ["too_dark"]


def test_pale_writing_is_told() -> None:
    assert said(page(ink=195, ground=245)) == ["low_contrast"]


@pytest.mark.parametrize(
    ("size", "stated", "dpi"),
    [
        ((1240, 1754), None, 150),
        ((2480, 3508), 72, 300),
        ((2480, 3508), 300, 300),
        ((800, 600), 96.0, 68),
        ((10, 10), 203.2, 203),
    ],
)
def test_the_resolution_is_what_is_stated_or_that_of_an_a4(
    size: tuple[int, int], stated: float | None, dpi: int
) -> None:
    assert dpi_of(size, stated) == dpi


def test_a_coarse_scan_is_told() -> None:
    assert said(page(size=(620, 877))) == ["low_resolution"]


def test_a_photograph_is_not_measured_as_a_page() -> None:
    assert said(Image.effect_noise((1400, 1000), 90), photo=True) == []
    assert said(Image.new("L", (400, 300), 10), photo=True) == ["low_resolution", "too_dark"]


XMP = b'<?xpacket?><rdf:Description xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"%s<?xpacket end="r"?>'


@pytest.mark.parametrize(
    ("xmp", "claims"),
    [
        (b' pdfaid:part="2" pdfaid:conformance="B"/>', "2b"),
        (b"><pdfaid:part>1</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>", "1a"),
        (b"><pdfaid:part> 3 </pdfaid:part><pdfaid:conformance>u</pdfaid:conformance>", "3u"),
        (b"><pdfaid:part>4</pdfaid:part>", "4"),
        (b' pdfaid:part="9"/>', ""),
        (b"/>", ""),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_archive_format_is_read_from_the_metadata(tmp_path: Path, xmp: bytes, claims: str, packed: bool) -> None:
    told = XMP % xmp
    kept = zlib.compress(told) if packed else told
    kind = b"/Filter /FlateDecode " if packed else b""
    stream = b"3 0 obj << /Type /Metadata /Subtype /XML " + kind + b">>\nstream\n" + kept + b"\nendstream endobj\n"
    (tmp_path / "a.pdf").write_bytes(pdf(stream))
    found = pdfs.look(tmp_path / "a.pdf")
    assert (found["pdfa"], found["active"]) == (claims, False)


def test_compressed_bytes_do_not_look_like_acts(tmp_path: Path) -> None:
    noise = Image.effect_noise((1200, 1200), 100).tobytes()
    (tmp_path / "a.pdf").write_bytes(pdf(b"3 0 obj << /Length 9 >>\nstream\n" + noise + b"\nendstream endobj\n"))
    assert pdfs.look(tmp_path / "a.pdf")["active"] is False
