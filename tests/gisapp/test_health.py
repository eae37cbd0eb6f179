"""Whether the site lives and whether all its parts are ready."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory, override_settings

from authority.logs import AskedAndTold
from documents import sandbox
from gisapp import health
from jobs import heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive() -> None:
    """A supervisor of workers that has just given a sign of life, and a sandbox."""
    heartbeat.beat("here:1")


@pytest.fixture(autouse=True)
def sandboxed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.CHECKS, "sandbox", lambda: None)


def parts(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, {name: why for name, why in answer.json()["parts"].items() if why}


def test_the_process_lives_without_a_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_with_all_parts_the_site_is_ready(client: Client, alive: None) -> None:
    assert client.get("/readyz").json() == {
        "ready": True,
        "parts": {"database": None, "migrations": None, "worker": None, "sandbox": None},
    }


def test_without_a_worker_it_is_not(client: Client) -> None:
    assert parts(client) == (503, {"worker": "worker_silent"})


def test_a_worker_that_was_heard_long_ago_is_silent(client: Client, alive: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_heartbeat SET beat_at = beat_at - interval '1 minute'")
    assert parts(client) == (503, {"worker": "worker_silent"})


def test_a_worker_that_ended_takes_its_sign_back(client: Client, alive: None) -> None:
    heartbeat.beat("there:2")
    heartbeat.forget("here:1")
    assert parts(client) == (200, {})
    heartbeat.forget("there:2")
    assert parts(client) == (503, {"worker": "worker_silent"})


def test_without_a_sandbox_it_is_not(client: Client, alive: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.CHECKS, "sandbox", sandbox.available)
    monkeypatch.setattr("documents.sandbox.runner._Chosen.wall", None)
    monkeypatch.setattr("documents.sandbox.runner._Chosen.tried_at", float("-inf"))
    monkeypatch.setattr("documents.sandbox.runner.walls", list)
    assert parts(client) == (503, {"sandbox": "sandbox_unavailable"})


def test_with_a_migration_that_was_not_run_it_is_not(
    client: Client, alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.Migrated, "done", False)
    monkeypatch.setitem(health.CHECKS, "migrations", health.Migrated())
    monkeypatch.setattr("django.db.migrations.recorder.MigrationRecorder.applied_migrations", lambda self: {})
    assert parts(client) == (503, {"migrations": "migrations_missing"})


def test_without_a_database_each_part_that_needs_it_says_so(
    client: Client, alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setitem(health.CHECKS, "migrations", health.Migrated())
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
    told = client.get("/readyz")
    assert told.status_code == 503
    assert {name for name, why in told.json()["parts"].items() if why == "database_unavailable"} == {
        "database",
        "migrations",
        "worker",
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_they_only_answer_questions(client: Client, path: str) -> None:
    answer = client.post(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"], answer["Allow"]) == (405, "method_not_allowed", "GET, HEAD")


@override_settings(SAMPLE_MODE=True)
@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "not an address"])
@pytest.mark.parametrize("path", ["/healthz", "/login/", "/api/v1/me/", "/tiles/style.json"])
def test_the_sample_answers_this_computer_only(client: Client, path: str, address: str) -> None:
    answer = client.get(path, REMOTE_ADDR=address, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "sample_is_local")


@override_settings(SAMPLE_MODE=True)
@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_the_sample_answers_this_computer(client: Client, address: str) -> None:
    assert client.get("/healthz", REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize(("path", "written"), [("/readyz", False), ("/parcels/", True)])
def test_a_page_that_says_not_ready_is_no_line_of_the_log(path: str, written: bool, rf: RequestFactory) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Service Unavailable", (), None)
    record.request = rf.get(path)
    assert AskedAndTold().filter(record) is written
