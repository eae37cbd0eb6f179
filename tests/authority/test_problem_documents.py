"""Every refusal to a program is a problem document, whatever went wrong and whoever answers (RFC 9457)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from authority.models import Role
from tests.authority.builders import make_user

pytestmark = pytest.mark.django_db
PARTIES = "/api/v1/parties/"
ASKED: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("get", "/api/v1/nothing/", {}, 404, "not_found"),
    ("get", "/tiles/nothing", {}, 404, "not_found"),
    ("delete", "/api/v1/me/", {}, 405, "method_not_allowed"),
    ("post", "/tiles/style.json", {}, 405, "method_not_allowed"),
    ("get", "/api/v1/me/", {"headers": {"Accept": "application/xml"}}, 406, "not_acceptable"),
    ("get", "/api/schema/", {"headers": {"Accept": "image/png"}}, 406, "not_acceptable"),
    ("get", "/api/schema/?format=xml", {}, 404, "not_found"),
    ("post", PARTIES, {"data": "<a/>", "content_type": "application/xml"}, 415, "unsupported_media_type"),
    ("post", PARTIES, {"data": "{", "content_type": "application/json"}, 400, "bad_json"),
    ("get", "/api/v1/places/?page_size=none", {}, 400, "bad_parameter"),
    ("get", "/api/v1/places/?page_size=0", {}, 400, "bad_parameter"),
]


@pytest.mark.parametrize(("method", "path", "how", "status", "code"), ASKED)
def test_it_is_a_problem_document(method: str, path: str, how: dict[str, Any], status: int, code: str) -> None:
    client = Client()
    client.force_login(make_user(Role.FRONT_DESK))
    answer = getattr(client, method)(path, **how)
    told = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (told["status"], told["code"], told["type"]) == (status, code, f"/problems/{code}")
    assert told["title"]
    assert told["detail"]
    if status == 405:
        assert "GET" in answer["Allow"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(ZeroDivisionError("secret"), 500, "broken"), (OperationalError("secret"), 503, "database_unavailable")],
)
def test_a_fault_tells_nothing_of_itself(
    error: Exception, status: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> None:
        raise error

    client = Client(raise_request_exception=False)
    client.force_login(make_user(Role.FRONT_DESK))
    monkeypatch.setattr("authority.rest.views.Me.get", fail)
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code
    assert "secret" not in answer.content.decode()
    assert ("Retry-After" in answer.headers) == (status == 503)
