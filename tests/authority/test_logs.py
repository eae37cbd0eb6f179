"""The log: one line for each event, without secrets, in both forms (threats B15)."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from django.test import Client

from authority import audit
from authority.logs import JsonLine, TextLine, cleaned
from gisapp import entrance
from gisapp.environment import SettingError
from tests.authority.builders import make_user

SECRETS = (
    "29001011234567", "٢٩٠٠١٠١١٢٣٤٥٦٧", "2 9001011234567", "2900-1011-234567", "amlak_0123456789_" + "ab" * 24, "hunter2hunter2",
    "c2Vzc2lvbg", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtb25hIn0.c2ln", "abcd-efgh-jkmn-pqrs-tuvw-xyz2-3456",
)  # fmt: skip
LINES = (
    "person 29001011234567 asked", "person ٢٩٠٠١٠١١٢٣٤٥٦٧ asked", "card 2 9001011234567", "card 2900-1011-234567",
    f"key amlak_0123456789_{'ab' * 24}", "{'password': 'hunter2hunter2'}", "password=hunter2hunter2&x=1", 'old_password: "hunter2hunter2"',
    "Cookie: amlak_session=c2Vzc2lvbg; other=1", "__Host-session=c2Vzc2lvbg", "Authorization: Bearer hunter2hunter2", "Basic hunter2hunter2",
    "id eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtb25hIn0.c2ln", "GET /recover/abcd-efgh-jkmn-pqrs-tuvw-xyz2-3456/ 404",
    "postgis://app:hunter2hunter2@db/amlak", "code=hunter2hunter2", "csrfmiddlewaretoken=hunter2hunter2", "client_secret='hunter2hunter2'",
)  # fmt: skip


@pytest.fixture(params=[TextLine, JsonLine])
def log(request: pytest.FixtureRequest) -> Any:
    """A logger that writes one of the two forms into memory."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    logger = logging.getLogger("test.lines")
    logger.handlers, logger.propagate = [handler], False
    yield logger, stream
    logger.handlers = []


@pytest.mark.parametrize("line", LINES)
def test_a_secret_is_not_written(line: str, log: Any) -> None:
    logger, stream = log
    logger.warning("%s", line)
    assert "[hidden]" in stream.getvalue()
    assert not [secret for secret in SECRETS if secret in stream.getvalue()]


@pytest.mark.parametrize(
    "line",
    [
        "parcel 12/3 area 29001 m2",
        "GET /parcels/019f9ca3-d0b9-7000-8000-29001011234567/",
        "status=200 rows=29001011",
        "the code of the law",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert cleaned(line) == line or "29001011234567" in line


def test_whatever_is_sent_is_one_line(log: Any) -> None:
    logger, stream = log
    forged = "x\r\nWARNING amlak forged\n\u2028\u2029\x85\x0b\x0c\x1b[2J"
    logger.warning("asked for %s", forged)
    try:
        raise ValueError(forged)
    except ValueError:
        logger.exception("failed")
    written = stream.getvalue()
    assert written.count("\n") == 2
    assert len(written.splitlines()) == 2
    assert "\x1b" not in written


def test_a_secret_in_a_traceback_or_an_extra_is_not_written(log: Any) -> None:
    logger, stream = log
    try:
        raise ValueError("password=hunter2hunter2 of 29001011234567")
    except ValueError:
        logger.exception("failed", extra={"given": "token=hunter2hunter2"})
    assert "hunter2" not in stream.getvalue()
    assert "29001011234567" not in stream.getvalue()


def test_json_lines_carry_time_level_logger_message_and_the_requests_number() -> None:
    record = logging.makeLogRecord({"name": "amlak", "levelname": "INFO", "msg": "took %s", "args": (3,), "parcels": 7})
    with audit.one_request() as number:
        told = json.loads(JsonLine().format(record))
        text = TextLine().format(record)
    assert {key: told[key] for key in ("level", "logger", "message", "request", "parcels")} == {
        "level": "INFO", "logger": "amlak", "message": "took 3", "request": str(number), "parcels": 7
    }  # fmt: skip
    assert told["at"]
    assert text == f"INFO amlak took 3 [{number}]"


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_form_of_the_log_is_a_setting(form: str) -> None:
    assert entrance.logging_of(form, "INFO")["handlers"]["console"]["formatter"] == form


def test_another_form_stops_the_start() -> None:
    with pytest.raises(SettingError, match="AMLAK_LOG"):
        entrance.logging_of("xml", "INFO")


@pytest.mark.django_db
def test_what_people_type_at_the_door_is_not_written(log: Any) -> None:
    logger, stream = log
    make_user(username="mona", password="three green tramcars")
    loggers = [logging.getLogger(name) for name in ("django.request", "amlak.refusals", "axes", "django.security")]
    for one in loggers:
        one.addHandler(logger.handlers[0])
    try:
        client = Client(raise_request_exception=False)
        for sent in (
            {"username": "mona", "password": "hunter2hunter2"},
            {"username": "29001011234567", "password": "x"},
        ):
            client.post("/login/", sent)
        client.get("/recover/abcd-efgh-jkmn-pqrs-tuvw-xyz2-3456/")
        client.get("/nothing/29001011234567/?token=hunter2hunter2")
        client.get("/api/v1/me/", headers={"Authorization": f"Bearer amlak_0123456789_{'ab' * 24}"})
    finally:
        for one in loggers:
            one.removeHandler(logger.handlers[0])
    assert stream.getvalue()
    assert not [secret for secret in SECRETS if secret in stream.getvalue()]
