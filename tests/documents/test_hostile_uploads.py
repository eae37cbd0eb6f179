"""No file from outside leaves as something a browser or a desk runs (threats A13)."""

from __future__ import annotations

import datetime as dt
import io
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import ExifTags, Image

from authority import clock
from authority.models import Role, User
from authority.refusal import Invalid, Refusal, TooLarge
from documents import intake, policies, services
from documents.labels import RUNS, ending_as, label
from documents.models import Document
from documents.reader import pictures
from documents.sniffing import PASSIVE
from tests.authority.builders import make_user
from tests.documents.hostile.uploads import (
    MARKS,
    PHP,
    RUNNING,
    SCRIPT,
    TWISTED,
    acting,
    gif_of,
    jpeg_of,
    pdf,
    picture,
    png_of,
    uploads,
)

pytestmark = pytest.mark.django_db
SET = uploads()
REFUSED = (Invalid, TooLarge)  # a sandbox that fails is neither


@pytest.fixture
def officer(monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr(policies, "_owners", [lambda user, document: True])
    return make_user(Role.PROPERTY_OFFICER)


@pytest.fixture
def page(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def taken(content: bytes, by: User, filename: str = "x.jpg", **more: Any) -> Document:
    return intake.take_in(file=io.BytesIO(content), filename=filename, kind="paper", by=by, at=clock.now(), **more)


def got(page: Client, address: str) -> tuple[Any, bytes]:
    answer: Any = page.get(address)
    return answer, b"".join(answer.streaming_content)


def fault_of(answer: Any, body: bytes) -> str:
    """Say what is active in an answer; nothing where nothing is."""
    name = answer.headers["Content-Disposition"].lower().strip('"')
    if answer.status_code != 200 or not name.startswith("attachment"):
        return f"not an attachment: {answer.status_code}"
    if name.rpartition(".")[2] in RUNS:
        return f"a name that runs: {name}"
    if answer["Content-Type"] not in PASSIVE | {"application/octet-stream"}:
        return f"an active type: {answer['Content-Type']}"
    if answer["X-Content-Type-Options"] != "nosniff" or not answer["Content-Security-Policy"].startswith("sandbox;"):
        return "no wall around it"
    if answer["Content-Type"].startswith("image/") and any(mark in body for mark in MARKS):
        return "code in a picture"
    return ""


def test_the_set_is_as_large_as_the_public_one() -> None:
    assert len({content + name.encode() for name, content in SET}) >= 116


@pytest.mark.parametrize("number", range(len(SET)))
def test_nothing_active_is_served(page: Client, officer: User, number: int) -> None:
    name, content = SET[number]
    with suppress(*REFUSED):
        taken(content, officer, name)
    for document in Document.objects.filter(copy_of=None):
        assert fault_of(*got(page, f"/documents/{document.pk}/")) == ""
        assert fault_of(*got(page, f"/documents/{document.pk}/original/")) == ""


@pytest.mark.parametrize("name", [name for name, _content in acting()])
def test_a_pdf_that_acts_leaves_as_plain_bytes(page: Client, officer: User, name: str) -> None:
    document = taken(dict(acting())[name], officer, name)
    assert document.active
    assert got(page, f"/documents/{document.pk}/")[0]["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "catalog", [b"", b"/OpenAction [2 0 R /Fit]", b"/OpenAction << /Type /Action /S /GoTo /D [2 0 R] >>"]
)
def test_a_pdf_that_only_shows_leaves_as_pdf_byte_for_byte(page: Client, officer: User, catalog: bytes) -> None:
    content = pdf(catalog=catalog)
    document = taken(content, officer, "عقد.pdf")
    answer, body = got(page, f"/documents/{document.pk}/")
    assert (answer["Content-Type"], body) == ("application/pdf", content)


@pytest.mark.parametrize("flood", [png_of(50_000, 50_000), gif_of(50_000, 50_000), jpeg_of(50_000, 50_000)])
def test_a_flood_of_pixels_is_refused_within_a_second_and_leaves_no_record(officer: User, flood: bytes) -> None:
    start = time.monotonic()
    with pytest.raises(Refusal) as refused:
        taken(flood, officer)
    assert (refused.value.code, refused.value.status) == ("picture_too_large", 413)
    assert time.monotonic() - start < 1
    assert not Document.objects.exists()


def a_photo() -> bytes:
    tags = Image.Exif()
    tags[ExifTags.Base.Make], tags[ExifTags.Base.Model] = "Samsung", "SM-A155F"
    tags[ExifTags.Base.Orientation] = 6
    camera = tags.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.DateTimeOriginal] = "2026:11:20 10:15:30"
    camera[ExifTags.Base.OffsetTimeOriginal] = "+02:00"
    place = tags.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (30.0, 35.0, 47.4)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (32.0, 16.0, 21.0)
    return picture("JPEG", (1600, 1200), exif=tags)


def test_what_the_camera_wrote_is_kept_as_evidence_and_not_handed_out(page: Client, officer: User) -> None:
    content = a_photo()
    document = taken(content, officer, "صورة.jpg", type="PHOTO")
    document.refresh_from_db()
    assert document.evidence["position"] == {"lon": 32.2725, "lat": 30.5965}
    assert document.evidence["taken_at"] == "2026-11-20T10:15:30+02:00"
    assert document.evidence["camera"] == "Samsung SM-A155F"
    served = Image.open(io.BytesIO(got(page, f"/documents/{document.pk}/")[1]))
    assert dict(served.getexif()) == {}
    assert served.size == (1200, 1600)  # turned as the camera was held
    assert got(page, f"/documents/{document.pk}/original/")[1] == content


def test_the_hash_on_record_is_that_of_the_bytes_that_came_in(officer: User) -> None:
    content = picture("JPEG")
    document = taken(content, officer)
    assert services.open_file(document).read_bytes() == content
    copy = services.copy_of(document)
    assert copy is not None
    assert copy.sha256 != document.sha256


def test_a_copy_is_nobodys_document(page: Client, officer: User) -> None:
    copy = services.copy_of(taken(picture("JPEG"), officer))
    assert copy is not None
    assert page.get(f"/documents/{copy.pk}/").status_code == 404


def test_a_closed_paper_takes_its_copy_along(officer: User) -> None:
    document = taken(picture("PNG"), officer)
    services.close(document, by=officer, at=clock.now())
    assert set(Document.objects.values_list("closed_at", flat=True)) == {document.closed_at}


def test_all_pages_of_a_tiff_are_drawn_anew(page: Client, officer: User) -> None:
    pages = [Image.new("1", (400, 500), 1) for _ in range(3)]
    made = io.BytesIO()
    pages[0].save(
        made, "TIFF", save_all=True, append_images=pages[1:], description=SCRIPT.decode(), compression="group4"
    )
    document = taken(made.getvalue(), officer, "x.tif")
    assert document.pages == 3
    _answer, body = got(page, f"/documents/{document.pk}/")
    assert SCRIPT not in body
    assert getattr(Image.open(io.BytesIO(body)), "n_frames", 0) == 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "GIF"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "LA"])
def test_every_mode_of_every_kind_is_drawn_anew_or_was_never_one(tmp_path: Path, kind: str, mode: str) -> None:
    path = tmp_path / "picture"
    try:
        Image.new(mode, (30, 20)).save(path, kind)
    except (OSError, ValueError, KeyError):
        pytest.skip(f"{kind} has no {mode}")
    told = pictures.look(path, f"image/{kind.lower()}", tmp_path, photo=False)
    with Image.open(tmp_path / told["served"]["file"]) as drawn:
        assert drawn.size == (30, 20)


@pytest.mark.parametrize("name", [*RUNNING, *TWISTED])
def test_no_name_makes_a_program_of_a_file(name: str) -> None:
    given = {ending_as(label(name), kind) for kind in (*PASSIVE, "application/octet-stream")}
    assert not {one.rpartition(".")[2].lower() for one in given} & RUNS


def test_a_paper_has_a_type_a_number_and_a_date(officer: User) -> None:
    document = taken(pdf(), officer, type="DEED", number=" 12/3\x00", dated_on=dt.date(1987, 5, 1))
    document.refresh_from_db()
    assert (document.type, document.number, document.dated_on) == ("DEED", "12/3", dt.date(1987, 5, 1))


@pytest.mark.parametrize(("more", "code"), [({"type": "X"}, "document_type"), ({"number": "1" * 61}, "text_too_long")])
def test_what_is_said_of_a_paper_is_checked(officer: User, more: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        taken(pdf(), officer, **more)
    assert refused.value.code == code
    assert not Document.objects.exists()


def test_code_under_a_picture_s_name_is_kept_as_plain_bytes(page: Client, officer: User) -> None:
    document = taken(PHP, officer, "a.jpg")
    assert got(page, f"/documents/{document.pk}/")[0]["Content-Type"] == "application/octet-stream"
