"""The content-addressed store, its labels and types, and handing files out."""

from __future__ import annotations

import hashlib
import io
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from authority import clock
from authority.models import AuditEvent, User
from authority.refusal import Invalid, NotFound, TooLarge
from documents import policies, services
from documents import store as files
from documents.labels import label
from documents.models import Document
from documents.sniffing import media_type, served_type

CONTENT = b"%PDF-1.7 body"


@pytest.fixture
def clerk(db: None) -> User:
    return User.objects.create_user("clerk", "sample")


def kept(by: User, content: bytes = CONTENT, filename: str = "قرار 12.pdf", **more: Any) -> Document:
    return services.store(file=io.BytesIO(content), filename=filename, kind="decree", by=by, at=clock.now(), **more)


def test_a_file_lies_under_its_hash_and_is_recorded(clerk: User) -> None:
    document = kept(clerk)
    path = services.open_file(document)
    assert path.name == document.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert path.read_bytes() == CONTENT
    assert (document.size, document.media_type) == (len(CONTENT), "application/pdf")
    assert AuditEvent.objects.get(action=services.STORED).object_id == str(document.pk)


def test_the_same_bytes_twice_are_one_file_and_two_records(clerk: User) -> None:
    one, two = kept(clerk), kept(clerk, filename="b.pdf")
    before = services.open_file(one).stat().st_ino
    assert one.pk != two.pk
    assert services.open_file(two).stat().st_ino == before
    assert not list((files.root() / "incoming").iterdir())


def test_an_uploaded_file_is_read_in_pieces(clerk: User) -> None:
    upload = SimpleUploadedFile("a.bin", bytes(3 * files.CHUNK + 5))
    document = services.store(file=upload, filename="a.bin", kind="survey", by=clerk, at=clock.now())
    assert document.size == 3 * files.CHUNK + 5


def test_a_file_beyond_the_limit_leaves_nothing(clerk: User) -> None:
    with pytest.raises(TooLarge) as refused:
        kept(clerk, content=bytes(2048), limit=1024)
    assert refused.value.code == "file_too_large"
    assert not [path for path in files.root().rglob("*") if path.is_file()]
    assert not Document.objects.exists()


def test_an_empty_file_is_refused(clerk: User) -> None:
    with pytest.raises(Invalid) as refused:
        kept(clerk, content=b"")
    assert refused.value.code == "file_empty"


@pytest.mark.parametrize("wrong", ["../../etc/passwd", "A" * 64, "0" * 63, ""])
def test_a_path_is_made_of_a_hash_only(wrong: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        files.path_of(wrong)


def test_the_sweep_takes_only_old_files_without_a_record(clerk: User) -> None:
    document = kept(clerk)
    orphan = files.keep(io.BytesIO(b"orphan"), limit=100)
    assert services.sweep() == 0
    assert services.sweep(now=time.time() + 2 * services.SWEEP_AFTER_SECONDS) == 1
    assert not files.path_of(orphan.sha256).exists()
    assert services.open_file(document).exists()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04rest", "application/zip"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"II*\x00", "image/tiff"),
        (b"SQLite format 3\x00" + bytes(52) + b"GPKG", "application/geopackage+sqlite3"),
        (b"SQLite format 3\x00" + bytes(84), "application/vnd.sqlite3"),
        (b"\x00\x00\x27\x0a" + bytes(24), "application/vnd.shp"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "application/xml"),
        (b"<svg onload=alert(1)>", "application/xml"),
        (b"<html><script>", "text/plain"),
        (b' {"type": 1}', "application/json"),
        ("نص عربي".encode(), "text/plain"),
        ("نص عربي".encode("cp1256"), "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_type_is_read_from_the_content(head: bytes, kind: str) -> None:
    assert media_type(head) == kind


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "text/html", "image/svg+xml", "application/json"])
def test_nothing_active_is_served_under_its_own_type(kind: str) -> None:
    assert served_type(kind) == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("C:\\users\\مسح.zip", "مسح.zip"),
        ("../../etc/passwd", "passwd"),
        ("exe\u202egpj.pdf", "exegpj.pdf"),
        ("a\x00b\r\n.zip", "ab.zip"),
        ("  ..  ", "file"),
        ("a" * 300 + ".geojson", "a" * 192 + ".geojson"),
    ],
)
def test_a_name_is_a_label(name: str, seen: str) -> None:
    assert label(name) == seen


@given(st.text())
def test_a_label_is_never_a_path_never_empty_never_long(name: str) -> None:
    shown = label(name)
    assert 0 < len(shown) <= 200
    assert not set("/\\\x00\n\r\u202e\u2066") & set(shown)
    assert label(shown) == shown


def test_what_nobody_owns_nobody_reads(clerk: User, client: Client) -> None:
    document = kept(clerk)
    assert not policies.may_read(clerk, document)
    with pytest.raises(NotFound):
        services.hand_out(document.pk, by=clerk, at=clock.now())


def test_an_owner_opens_a_file_to_whom_he_names(clerk: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "_owners", [])
    policies.register_owner(lambda user, document: user.username == "clerk" and document.kind == "decree")
    document = kept(clerk)
    client.force_login(clerk)
    answer: Any = client.get(f"/documents/{document.pk}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == CONTENT
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%D9%82")
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
        "nosniff",
        "sandbox; default-src 'none'",
    )
    assert AuditEvent.objects.filter(action=services.HANDED_OUT, actor=clerk).count() == 1
    assert not policies.may_read(User.objects.create_user("other", "sample"), document)


def test_a_file_in_quarantine_is_not_handed_out(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "_owners", [lambda user, document: True])
    document = kept(clerk)
    Document.objects.update(state=Document.State.QUARANTINED)
    document.refresh_from_db()
    assert not policies.may_read(clerk, document)
    with pytest.raises(NotFound):
        services.open_file(document)


def test_a_stranger_is_sent_to_the_door(client: Client, clerk: User) -> None:
    answer = client.get(f"/documents/{kept(clerk).pk}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_stored_files_cannot_be_written(clerk: User) -> None:
    assert Path(services.open_file(kept(clerk))).stat().st_mode & 0o222 == 0
