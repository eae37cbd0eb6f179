"""Signed products: list of corners, sketch to scale, official extract; PDF, DXF, QR and the public proof."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import ezdxf
import pypdfium2
import pytest
import shapely
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override
from ezdxf import recover

from authority import clock
from authority.models import AuditEvent, Role, User
from authority.refusal import Conflict, Invalid, NotAllowed
from documents import issuing, pdf
from documents.models import IssuedPaper
from documents.services import open_file
from parcels import services
from parcels.corners import corners_of
from parcels.models import Parcel
from parcels.products import papers
from parcels.products.drawing import SCALES, sketch
from parcels.products.ground import ground_of
from parcels.selectors import standing_version
from tests.authority.builders import make_user
from tests.parcels import builders
from tests.parties.builders import make_party

pytestmark = pytest.mark.django_db
FACTS = {
    "boundary_n": "ترعة الإبراهيمية", "len_n": "100.00", "register_book": "3", "register_page": "112",
    "deed_area_m2": "9100", "governing_area": "DEED",
}  # fmt: skip


@pytest.fixture(autouse=True)
def laid_out(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENT_STORE = tmp_path / "store"
    try:
        pdf.library()
    except pdf.PdfUnavailable:
        pytest.skip("Pango is missing here: install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")


def a_farm() -> Parcel:
    parcel = builders.a_parcel(number="12/3", boundary=builders.a_boundary(0, 0, 100, 50), **FACTS)
    builders.a_parcel(number="13", boundary=builders.a_boundary(100, 0, 60, 50))
    return parcel


def officer() -> User:
    return make_user(Role.PROPERTY_OFFICER, place=builders.a_governorate())


def issued(product: str = "extract", parcel: Parcel | None = None, **how: Any) -> IssuedPaper:
    return papers.issue_paper(by=officer(), at=clock.now(), parcel=parcel or a_farm(), product=product, **how)


def words_of(paper: IssuedPaper) -> str:
    """The words of a PDF, of all pages; letters of one shape are told apart by pdfium, not by us."""
    made = pypdfium2.PdfDocument(open_file(paper.document))
    return "\n".join(page.get_textpage().get_text_bounded() for page in made)


def test_an_extract_says_what_the_book_says() -> None:
    parcel = a_farm()
    builders.a_holding(
        parcel, reference="ع/2024/7", party=make_party(), start=dt.date(2024, 1, 1), last_day=dt.date(2030, 12, 31)
    )
    text = words_of(issued(parcel=parcel))
    for told in ("12/3", parcel.parcel_code, "9,100.00", "100.00", "2024/7", "31/12/2030"):
        assert told in text
    assert "20001010100014" not in text


def test_what_was_never_checked_is_said_on_the_extract_and_never_as_clear() -> None:
    with override("ar"):
        told = papers.extract(a_farm(), standing_version(a_farm()), officer(), clock.now())["restrictions"]
    assert told["clear"] == []
    assert len(told["unchecked"]) == 6


def test_the_list_of_corners_has_every_coordinate_in_the_system_of_record() -> None:
    text = words_of(issued("corner-list"))
    assert "22992" in text
    text = re.sub(r"\s", "", text)
    for figure in ("736000.0000", "736100.0000", "876000.0000", "876050.0000", "100.000", "50.000"):
        assert figure in text


def test_the_sketch_is_to_scale() -> None:
    version = standing_version(a_farm())
    made = sketch(ground_of(version, officer()), corners_of(version))
    assert made.scale in SCALES
    places = [tuple(map(float, pair.split())) for pair in re.findall(r"[\d.-]+ [\d.-]+", made.own)]
    assert [round(a[0] - b[0], 3) for a, b in ((places[1], places[0]),)] == [round(100_000 / made.scale, 3)]
    area = shapely.Polygon(places).area * (made.scale / 1000) ** 2
    assert area == pytest.approx(5000, abs=0.01)
    assert made.bar_mm * made.scale / 1000 == pytest.approx(made.bar_m, abs=0.01)
    assert [label.text for _path, label in made.others] == ["13"]
    assert {label.text for label in made.lengths} == {"100.00", "50.00"}


@pytest.mark.parametrize(("width", "height"), [(3, 2), (100, 50), (5000, 30), (20_000, 18_000)])
def test_every_parcel_fits_on_its_sheet(width: float, height: float) -> None:
    version = standing_version(builders.a_parcel(boundary=builders.a_boundary(0, 0, width, height)))
    made = sketch(ground_of(version, officer()), corners_of(version))
    places = [tuple(map(float, pair.split())) for pair in re.findall(r"[\d.-]+ [\d.-]+", made.own)]
    assert all(0 <= x <= made.width and 0 <= y <= made.height for x, y in places)


def test_the_sketch_of_record_is_printed_with_its_scale() -> None:
    text = words_of(issued("sketch"))
    assert re.search(r"1:\d+", text)
    assert "13" in text


def test_words_on_the_sketch_are_set_as_words_not_letter_by_letter() -> None:
    """WeasyPrint sets the letters of a text in SVG one by one, from the left: «بدون» came out backwards."""
    parcel = a_farm()
    builders.a_parcel(number="بدون", boundary=builders.a_boundary(100, 50))
    made = sketch(ground_of(standing_version(parcel), officer()), [])
    assert "بدون" in {label.text for _path, label in made.others}
    told = render_to_string("parcels/parts/drawn.html", {"sketch": made})
    assert not re.search(r"<text[^>]*>[^<]*[\u0600-\u06ff]{2}", told)
    assert re.search(r'class="lb"[^>]*><bdi>بدون</bdi>', told)


def test_the_drawing_for_cad_is_in_metres_of_record() -> None:
    parcel = a_farm()
    data = papers.drawing(by=officer(), at=clock.now(), parcel=parcel)
    made, audit = recover.read(io.BytesIO(data))
    assert not audit.has_errors
    (own,) = made.modelspace().query('LWPOLYLINE[layer=="PARCEL"]')
    assert own.closed
    assert shapely.Polygon([point[:2] for point in own.get_points()]).area == pytest.approx(5000)
    assert {round(point[0]) for point in own.get_points()} == {736_000, 736_100}
    assert made.header["$INSUNITS"] == ezdxf.units.M
    assert len(made.modelspace().query('TEXT[layer=="LENGTHS"]')) == 4
    assert AuditEvent.objects.filter(action="parcels.drawing_taken", object_id=str(parcel.pk)).count() == 1


@pytest.mark.parametrize("product", ["corner-list", "sketch"])
def test_a_paper_parcel_has_neither_corners_nor_sketch_but_an_extract(product: str) -> None:
    parcel = builders.a_parcel(located=False, **FACTS)
    with pytest.raises(Conflict) as refused:
        issued(product, parcel)
    assert refused.value.code == "parcel_not_located"
    assert not IssuedPaper.objects.exists()
    assert issued("extract", parcel).serial == 1


def test_numbers_run_without_gaps_in_a_governorate_and_year() -> None:
    parcel = a_farm()
    first, second = issued(parcel=parcel), issued("corner-list", parcel)
    with pytest.raises(Conflict):
        issued("sketch", builders.a_parcel(located=False))
    third = issued("sketch", parcel)
    assert [first.serial, second.serial, third.serial] == [1, 2, 3]
    assert first.number == f"19-{clock.today().year}-000001"


def test_who_does_not_issue_is_refused_and_nothing_is_kept() -> None:
    with pytest.raises(NotAllowed):
        papers.issue_paper(
            by=make_user(Role.AUDITOR, place=builders.a_governorate()),
            at=clock.now(),
            parcel=a_farm(),
            product="extract",
        )
    assert not IssuedPaper.objects.exists()


def test_every_paper_is_a_pdf_for_the_archive_with_arabic_that_can_be_read_back() -> None:
    paper = issued()
    data = open_file(paper.document).read_bytes()
    assert b"pdfaid" in data or b"pdfaid" in pypdf_metadata(data)
    assert b"Plex" in data or b"Plex" in pypdf_metadata(data)
    assert b"DejaVu" not in data + pypdf_metadata(data)
    assert paper.document.media_type == "application/pdf"
    assert re.search("[\u0600-\u06ff]{3}", words_of(paper))


def pypdf_metadata(data: bytes) -> bytes:
    """Streams of metadata may be packed."""
    import zlib

    found = b""
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S):
        try:
            found += zlib.decompress(packed)
        except zlib.error:
            found += packed
    return found


def test_a_hostile_text_stays_text_on_a_paper() -> None:
    parcel = builders.a_parcel(
        boundary=builders.a_boundary(0, 0, 100, 50), boundary_n='<img src="http://127.0.0.1:9/x"><script>1</script>'
    )
    assert "127.0.0.1:9/x" in words_of(issued(parcel=parcel))  # as letters


def test_nothing_is_fetched_for_a_page() -> None:
    for address in ("http://127.0.0.1:9/x", "file:///etc/passwd", "data:text/plain,x"):
        with pytest.raises(pdf.NothingFetchedError):
            pdf.ours_only(address)


# ---- proof -----------------------------------------------------------------------------------------------------------


def proof_page(**asked: str) -> Any:
    return Client().get("/verify/", asked)


def test_a_stranger_proves_a_paper_by_its_code_and_by_its_number() -> None:
    paper = issued()
    for asked in ({"c": paper.code}, {"number": paper.number, "check": paper.check_code.upper()}):
        answer = proof_page(**asked)
        assert answer.status_code == 200
        assert "note ok" in answer.content.decode()
        assert "12/3" in answer.content.decode()
        assert answer["Cache-Control"].startswith("max-age=0")


def test_the_qr_leads_to_the_proof() -> None:
    paper = issued()
    text = words_of(paper)
    assert issuing.verification_address(paper.code) in text.replace("\r", "").replace("\n", "")


def test_a_paper_whose_parcel_changed_since_is_genuine_but_old() -> None:
    parcel = a_farm()
    paper = issued(parcel=parcel)
    services.new_version(
        by=builders.a_keeper(), at=clock.now(), parcel=parcel, on=dt.date(2024, 1, 1), facts={"hamlet": "عزبة"}
    )
    assert "note warn" in proof_page(c=paper.code).content.decode()


def test_a_revoked_paper_proves_nothing() -> None:
    paper = issued()
    with pytest.raises(Invalid):
        papers.revoke_paper(by=officer(), at=clock.now(), paper_id=paper.pk, reason=" ")
    papers.revoke_paper(by=officer(), at=clock.now(), paper_id=paper.pk, reason="خطأ في الرقم")
    page = proof_page(c=paper.code).content.decode()
    assert "note danger" in page
    assert "note ok" not in page
    with pytest.raises(Conflict):
        papers.revoke_paper(by=officer(), at=clock.now(), paper_id=paper.pk, reason="مرة أخرى")


def test_an_issued_paper_is_held_by_the_database() -> None:
    paper = issued()
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedPaper.objects.filter(pk=paper.pk).update(facts=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        paper.delete()


def test_a_wrong_check_code_and_a_missing_number_get_one_answer() -> None:
    paper = issued()
    wrong = proof_page(number=paper.number, check="aaaaaaaa")
    missing = proof_page(number="19-2026-999999", check="aaaaaaaa")
    assert (wrong.status_code, missing.status_code) == (404, 404)
    cut = re.compile(r'value="[^"]*"|nonce="[^"]*"')
    assert cut.sub("", wrong.content.decode()) == cut.sub("", missing.content.decode())


@pytest.mark.parametrize(
    "asked",
    [
        {"c": "x" * 5000}, {"c": "' OR 1=1; --"}, {"number": "19-2026-1"}, {"number": "1-1-1-1", "check": "x"},
        {"number": "99999999999-9999999999-9", "check": ""}, {"number": "١٩-٢٠٢٦-١", "check": "\x00"}, {"c": "²" * 32},
        {"number": "19-99999-1", "check": "x"},
    ],
)  # fmt: skip
def test_a_hostile_question_is_only_not_found(asked: dict[str, str]) -> None:
    assert proof_page(**asked).status_code in (400, 404)


def test_guesses_are_slowed_down() -> None:
    number = issued().number
    answers = [proof_page(number=number, check="aaaaaaaa").status_code for _guess in range(12)]
    assert answers[-1] == 429
    assert answers.count(404) == 10


def test_a_code_cannot_be_guessed() -> None:
    assert len({issuing.random_text(issuing.CODE_LENGTH) for _ in range(100)}) == 100
    assert issuing.CODE_LENGTH * 5 >= 128


def test_without_the_library_papers_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Any:
        raise pdf.PdfUnavailable

    parcel = a_farm()
    monkeypatch.setattr(pdf, "library", missing)
    with pytest.raises(pdf.PdfUnavailable):
        issued(parcel=parcel)
    assert not IssuedPaper.objects.exists()
