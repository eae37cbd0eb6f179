"""A database older than its files, and files older than their database (threat D9)."""

from __future__ import annotations

import io
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from authority.models import User
from authority.refusal import NotFound
from documents import policies, services
from documents import store as files
from documents.models import Document

AT = datetime(2026, 11, 1, tzinfo=UTC)
DAY = 24 * 3600


@pytest.fixture
def clerk(db: None) -> User:
    return User.objects.create_user("clerk", "sample")


def kept(by: User, content: bytes) -> Document:
    return services.store(file=io.BytesIO(content), filename="a.pdf", kind="deed", by=by, at=AT)


def told(*arguments: str) -> tuple[int, dict[str, Any]]:
    out = io.StringIO()
    try:
        call_command("reconcile_documents", *arguments, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_where_records_and_files_agree_nothing_is_told(clerk: User) -> None:
    kept(clerk, b"one")
    assert told("--hashes") == (0, {"records": 1, "dangling": [], "orphans": [], "brought_back": 0})


def test_files_older_than_the_database_every_dangling_record_is_named(clerk: User) -> None:
    documents = [kept(clerk, f"file {number}".encode()) for number in range(4)]
    gone, short, flipped, _sound = documents
    files.path_of(gone.sha256).unlink()
    for document, content in ((short, b"f"), (flipped, b"FILE 2")):
        path = files.path_of(document.sha256)
        path.unlink()
        path.write_bytes(content)
    code, found = told("--hashes")
    assert code == 1
    assert {(one["sha256"], one["why"]) for one in found["dangling"]} == {
        (gone.sha256, "missing"),
        (short.sha256, "size"),
        (flipped.sha256, "bytes"),
    }


def test_a_dangling_link_is_refused_and_never_a_fault(
    clerk: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "_owners", [lambda user, document: True])
    document = kept(clerk, b"one")
    files.path_of(document.sha256).unlink()
    client.force_login(clerk)
    answer = client.get(f"/documents/{document.pk}/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "file_missing")


def test_a_database_older_than_its_files_loses_none_of_them_for_thirty_days(clerk: User) -> None:
    document = kept(clerk, b"one")
    content = files.path_of(document.sha256).read_bytes()
    Document.objects.all().delete()  # as a restore to the day before does
    code, found = told()
    assert (code, found["orphans"]) == (0, [document.sha256])
    assert services.sweep(now=time.time() + 2 * DAY) == 1
    assert services.sweep(now=time.time() + 29 * DAY) == 0
    # the database is rolled forward after all
    document.save(force_insert=True)
    assert services.open_file(document).read_bytes() == content


def test_reconciling_brings_back_what_a_record_needs(clerk: User) -> None:
    document = kept(clerk, b"one")
    files.set_aside(files.path_of(document.sha256))
    assert told() == (0, {"records": 1, "dangling": [], "orphans": [], "brought_back": 1})


def test_after_thirty_days_aside_a_file_without_a_record_goes(clerk: User) -> None:
    orphan = files.keep(io.BytesIO(b"orphan"), limit=100)
    assert services.sweep(now=time.time() + 2 * DAY) == 1
    assert files.aside_of(orphan.sha256).exists()
    assert services.sweep(now=time.time() + 31 * DAY) == 1
    assert not files.aside_of(orphan.sha256).exists()
    with pytest.raises(NotFound):
        services.open_file(Document(sha256=orphan.sha256, size=6))


def test_a_file_whose_record_was_closed_goes_with_the_next_sweep(clerk: User) -> None:
    document = kept(clerk, b"one")
    services.close(document, by=clerk, at=AT)
    assert services.sweep(now=time.time() + 2 * DAY) == 1
    assert not files.aside_of(document.sha256).exists()
