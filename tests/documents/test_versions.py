"""Versions of a paper, what is recorded of it, and its page."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from authority import clock
from authority.models import AuditEvent, Role, User
from authority.refusal import Conflict, NotAllowed, NotFound
from documents import intake, services, versions
from documents.models import Document
from documents.presenting import shown
from parcels.models import Parcel
from parcels.services import attach_document
from tests.authority.builders import make_place, make_user
from tests.documents.hostile.uploads import pdf, picture
from tests.parcels.builders import a_parcel

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return make_user(Role.PROPERTY_OFFICER)


@pytest.fixture
def parcel(officer: User) -> Parcel:
    return a_parcel()


@pytest.fixture
def deed(officer: User, parcel: Parcel) -> Document:
    document = intake.take_in(
        file=io.BytesIO(pdf()),
        filename="a.pdf",
        kind="parcel_paper",
        by=officer,
        at=clock.now(),
        type="DEED",
        number="7",
    )
    attach_document(by=officer, at=clock.now(), parcel=parcel, document=document, title="عقد مسجل", number="7")
    return document


def better(document: Document, by: User, content: bytes = b"") -> Document:
    file = io.BytesIO(content or pdf(b"% better"))
    return versions.replace(document.pk, file=file, filename="b.pdf", by=by, at=clock.now())


def test_a_better_scan_stands_and_the_older_one_stays_closed_with_a_date(deed: Document, officer: User) -> None:
    made = better(deed, officer)
    deed.refresh_from_db()
    assert deed.superseded_at is not None
    assert (made.version, made.first_id, made.type, made.number) == (2, deed.pk, "DEED", "7")
    assert services.open_file(deed).read_bytes() == pdf()
    event = AuditEvent.objects.get(action=versions.REPLACED)
    assert event.detail["sha256"] == made.sha256


def test_the_third_version_follows_the_second(deed: Document, officer: User) -> None:
    third = better(better(deed, officer), officer, pdf(b"% best"))
    assert [one.version for one in versions.versions_of(third)] == [3, 2, 1]
    assert shown([deed.pk])[deed.pk].document == third
    assert shown([deed.pk])[deed.pk].older == 2


def test_an_older_version_is_not_replaced_again(deed: Document, officer: User) -> None:
    better(deed, officer)
    with pytest.raises(Conflict) as refused:
        better(deed, officer, pdf(b"% other"))
    assert refused.value.code == "document_superseded"


def test_the_same_file_is_no_better_one(deed: Document, officer: User) -> None:
    with pytest.raises(Conflict) as refused:
        better(deed, officer, pdf())
    assert refused.value.code == "document_same"
    assert Document.objects.count() == 1


def test_who_sees_the_file_sees_its_newer_version_and_nobody_else(
    deed: Document, officer: User, client: Client
) -> None:
    made = better(deed, officer)
    client.force_login(make_user(Role.AUDITOR))
    answer: Any = client.get(f"/documents/{made.pk}/")
    assert b"".join(answer.streaming_content) == pdf(b"% better")
    client.force_login(make_user(Role.AUDITOR, place=make_place("02")))
    assert client.get(f"/documents/{made.pk}/").status_code == 404
    assert client.get(f"/documents/{made.pk}/record/").status_code == 404


@pytest.mark.parametrize(
    ("role", "place", "refusal"), [(Role.AUDITOR, "19", NotAllowed), (Role.GIS_OFFICER, "02", NotFound)]
)
def test_who_may_not_add_to_the_file_may_not_replace(deed: Document, role: Role, place: str, refusal: Any) -> None:
    with pytest.raises(refusal):
        better(deed, make_user(role, place=make_place(place)))
    assert Document.objects.count() == 1


def test_what_is_not_there_is_not_replaced(officer: User) -> None:
    with pytest.raises(NotFound):
        versions.replace(uuid4(), file=io.BytesIO(b"x"), filename="x", by=officer, at=clock.now())


def test_the_parcel_s_page_shows_the_version_that_stands(
    deed: Document, officer: User, parcel: Parcel, client: Client
) -> None:
    made = better(deed, officer)
    client.force_login(officer)
    page = client.get(f"/parcels/{parcel.pk}/?tab=documents").content.decode()
    assert f"/documents/{made.pk}/" in page
    assert f"/documents/{deed.pk}/" not in page
    assert "نسخ أقدم: 1" in page
    assert "لم يُفحص" in page


def test_the_versions_of_many_papers_are_read_at_once(deed: Document, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1) as asked:
        shown([deed.pk, uuid4()])
    assert isinstance(asked, CaptureQueriesContext)


def test_a_better_scan_is_handed_in_on_its_page(deed: Document, officer: User, client: Client) -> None:
    client.force_login(officer)
    address = f"/documents/{deed.pk}/replace/"
    assert client.post(address, {}).status_code == 400
    file = io.BytesIO(picture("JPEG"))
    file.name = "scan.jpg"
    answer = client.post(address, {"file": file})
    made = Document.objects.get(version=2)
    assert (answer.status_code, answer["Location"]) == (302, f"/documents/{made.pk}/record/")
    assert "low_resolution" in made.warnings


def test_the_record_is_told_to_programs(deed: Document, officer: User, client: Client) -> None:
    made = better(deed, officer)
    client.force_login(officer)
    told = client.get(f"/api/v1/documents/{made.pk}/").json()
    assert (told["type"], told["number"], told["state"], told["version"]) == ("DEED", "7", "UNSCANNED", 2)
    assert [one["version"] for one in told["versions"]] == [2, 1]
