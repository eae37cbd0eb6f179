"""The words of papers: read in the sandbox after the verdict, found in the one box by those who see the file."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image, ImageDraw, ImageFont

from authority import clock
from authority.models import Role, User
from documents import intake, reading, services, versions
from documents.models import Document, DocumentText
from documents.scanning import Verdict
from jobs.models import Job
from parcels.models import Parcel
from parcels.services import attach_document, transfer_custody
from search.services import reindex
from tests.authority.builders import make_custodian, make_place, make_user
from tests.documents.hostile.uploads import pdf, picture
from tests.parcels.builders import a_parcel
from workspace.lists.papers import quote_of

pytestmark = pytest.mark.django_db
sees = pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed: pictures are not read")
peels = pytest.mark.skipif(not shutil.which("pdftotext"), reason="Poppler is not installed: PDF are not read")
LONG_AGO = dt.date(2026, 1, 1)
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@pytest.fixture
def officer() -> User:
    return make_user(Role.PROPERTY_OFFICER)


@pytest.fixture
def parcel(officer: User) -> Parcel:
    return a_parcel()


def scan(*lines: str) -> bytes:
    """Return a scanned page with these lines."""
    page = Image.new("L", (1240, 1000), 250)
    font = ImageFont.load_default(44)
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((120, 120 + 90 * number), line, fill=15, font=font)
    made = io.BytesIO()
    page.save(made, "PNG", dpi=(150, 150))
    return made.getvalue()


def text_pdf(words: str) -> bytes:
    """Return a PDF that carries its text."""
    shows = b"BT /F1 12 Tf 40 700 Td (%s) Tj ET" % words.encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shows), shows),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(
        made
    )  # fmt: skip


def filed(content: bytes, parcel: Parcel, by: User, filename: str = "scan.png", title: str = "مستند قديم") -> Document:
    document = intake.take_in(file=io.BytesIO(content), filename=filename, kind="parcel_paper", by=by, at=clock.now())
    attach_document(by=by, at=clock.now(), parcel=parcel, document=document, title=title, number="88")
    return document


def read(document: Document, by: User) -> str:
    return reading.read(document.pk, by=by, at=clock.now())


def found(client: Client, words: str) -> list[dict[str, Any]]:
    groups = client.get("/api/v1/search/", {"q": words, "kind": "document"}).json()["groups"]
    return groups[0]["results"] if groups else []


@sees
def test_the_words_of_a_scan_are_found_and_quoted(officer: User, parcel: Parcel, client: Client) -> None:
    document = filed(scan("CONTRACT OF LEASE", "between the Governorate", "and Bartholomew Zagazig"), parcel, officer)
    assert read(document, officer) == "OCR"
    client.force_login(officer)
    hit = found(client, "zagazig")[0]
    assert hit["id"] == str(document.pk)
    assert "Bartholomew Zagazig" in hit["quote"]
    page = client.get("/search/?q=zagazig").content.decode()
    assert f"/documents/{document.pk}/record/" in page
    assert "<mark>Zagazig</mark>" in page


@sees
def test_arabic_is_read_where_its_language_is_installed(officer: User, parcel: Parcel) -> None:
    if not FONT.exists():
        pytest.skip("no font with Arabic letters is installed: DejaVu Sans")
    page = Image.new("L", (1400, 500), 252)
    font = ImageFont.truetype(str(FONT), 72)
    ImageDraw.Draw(page).text((1300, 120), "محافظة الإسماعيلية", fill=10, font=font, anchor="ra", direction="rtl")
    made = io.BytesIO()
    page.save(made, "PNG", dpi=(200, 200))
    document = filed(made.getvalue(), parcel, officer)
    assert read(document, officer) == "OCR"
    assert "محافظة" in DocumentText.objects.get(document=document).text


@peels
def test_the_text_that_a_pdf_carries_is_read_from_it(officer: User, parcel: Parcel, client: Client) -> None:
    document = filed(text_pdf("Decree of the Governor on the land of Abu Suweir number four"), parcel, officer, "d.pdf")
    assert read(document, officer) == "LAYER"
    client.force_login(officer)
    assert "land of Abu Suweir" in found(client, "suweir")[0]["quote"]
    assert client.get(f"/api/v1/documents/{document.pk}/").json()["words_read"] == "LAYER"


@peels
@pytest.mark.parametrize("broken", [pdf(), b"%PDF-1.7 " + b"\0" * 500])
def test_a_pdf_that_cannot_be_read_is_written_down_as_unread(officer: User, parcel: Parcel, broken: bytes) -> None:
    document = filed(broken, parcel, officer, "x.pdf")
    assert read(document, officer) == "NONE"
    assert not reading.unread().exists()


@peels
def test_papers_are_read_after_the_verdict_and_not_before(officer: User, settings: Any) -> None:
    settings.CLAMD = "127.0.0.1:1"
    document = intake.take_in(
        file=io.BytesIO(text_pdf("secret words of a paper")), filename="a.pdf", kind="paper", by=officer, at=clock.now()
    )
    assert not Job.objects.filter(name=reading.READ).exists()
    assert read(document, officer) == ""
    assert not DocumentText.objects.exists()
    services.decide(document, Verdict(True, "OK"), by=officer, at=clock.now())
    assert Job.objects.filter(name=reading.READ).count() == 1


def test_a_paper_is_found_by_type_number_and_title_though_nothing_read_it(
    officer: User, parcel: Parcel, client: Client
) -> None:
    document = filed(b"plain words", parcel, officer, "x.txt", title="محضر تسليم")
    client.force_login(officer)
    assert [hit["id"] for hit in found(client, "تسليم 88")] == [str(document.pk)]


def test_only_who_sees_the_file_finds_its_papers(officer: User, parcel: Parcel, client: Client) -> None:
    filed(picture("PNG"), parcel, officer, title="خزان")
    client.force_login(make_user(Role.AUDITOR, place=make_place("02")))
    assert found(client, "خزان") == []
    client.force_login(make_user(Role.AUDITOR))
    assert len(found(client, "خزان")) == 1


def test_a_paper_goes_with_its_parcel_to_another_custodian(officer: User, parcel: Parcel, client: Client) -> None:
    filed(picture("PNG"), parcel, officer, title="خزان")
    awqaf = make_custodian("awqaf")
    transfer_custody(
        by=officer,
        at=clock.now(),
        parcel=parcel.pk,
        custodian=awqaf,
        on=LONG_AGO,
        decree_no="1",
        decree_on=LONG_AGO,
    )
    client.force_login(make_user(Role.CUSTODIAN_OFFICER, custodian=awqaf))
    assert len(found(client, "خزان")) == 1


@sees
def test_the_words_are_those_of_the_version_that_stands(officer: User, parcel: Parcel, client: Client) -> None:
    document = filed(scan("FIRST SCAN MENTIONS Ozymandias"), parcel, officer)
    read(document, officer)
    made = versions.replace(
        document.pk,
        file=io.BytesIO(scan("SECOND SCAN MENTIONS Persepolis")),
        filename="b.png",
        by=officer,
        at=clock.now(),
    )
    read(made, officer)
    client.force_login(officer)
    assert found(client, "ozymandias") == []
    assert found(client, "persepolis")[0]["url"] == f"/api/v1/documents/{made.pk}/"


def test_the_index_made_anew_holds_the_papers(officer: User, parcel: Parcel, client: Client) -> None:
    filed(picture("PNG"), parcel, officer, title="خزان")
    assert reindex("document") == 1
    client.force_login(officer)
    assert len(found(client, "خزان")) == 1


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("", ""),
        ("no such thing", ""),
        ("a b target c d", "a b target c d"),
        (" ".join(["x"] * 30 + ["target"] + ["y"] * 30), "… " + " ".join(["x"] * 9 + ["target"] + ["y"] * 9) + " …"),
    ],
)
def test_a_quote_is_cut_around_the_place_of_the_hit(text: str, quote: str) -> None:
    assert quote_of(text, lambda word: word == "target") == quote


def test_what_was_read_is_cleaned_of_what_is_unseen() -> None:
    assert reading.cleaned("a\x00b\u202e c\f\n d\u00a0e") == "a b c d e"
