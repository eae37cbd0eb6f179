"""Threats over all addresses at once: forged forms, foreign hosts, caches, ended accounts, fields that are not asked for, the log.

Built from the table of rights and the schema, so that a new address is asked too (threats B8, B11, B13–B15).
"""

from __future__ import annotations

import io
import itertools
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from authority import clock, services
from authority.logs import JsonLine, TextLine
from authority.models import Role, User
from documents.models import IssuedPaper
from tests.authority.builders import make_user
from tests.gisapp.rights import ROWS, Row
from tests.gisapp.test_rights import nothing
from tests.gisapp.world import OWN, Things, people, things_in

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
UNSAFE = [row for row in ROWS if row.method != "get"]
SAFE = [row for row in ROWS if row.method == "get"]
NAMES = (
    ("name", "parcels"),
    ("code", "19"),
    ("paper_id", 1),
    ("fault_id", 1),
    ("rule_id", 1),
    ("line_id", 1),
    ("account_id", 1),
)


@pytest.fixture(autouse=True)
def no_rates(settings: Any) -> None:
    settings.API_RATES = dict.fromkeys(("user", "key", "stranger"), "1000000/min")


def address(row: Row) -> str:
    """Return the row's address with ids that are right in form and name nothing."""
    return nothing().fill(row.route, *NAMES, *row.ids) + row.query


def inside(user: User, **how: Any) -> Client:
    client = Client(raise_request_exception=False, **how)
    client.force_login(user)
    return client


# ---- B11: forged forms, ended accounts -------------------------------------------------------------------------------


def test_whatever_changes_something_wants_its_token() -> None:
    client = inside(make_user(Role.PROPERTY_OFFICER, Role.ADMIN), enforce_csrf_checks=True)
    got = {f"{row.method} {row.route}": getattr(client, row.method)(address(row), {}).status_code for row in UNSAFE}
    assert {name: status for name, status in got.items() if status != 403} == {}
    assert len(got) > 70


def test_a_token_of_another_session_is_none() -> None:
    stranger = Client()
    stranger.get("/login/")
    client = inside(make_user(), enforce_csrf_checks=True)
    forged = stranger.cookies["amlak_csrf"].value
    headers = {"X-CSRFToken": forged}
    assert client.post("/account/preferences/", {"language": "en"}, headers=headers).status_code == 403
    client.get("/account/")
    assert client.post("/account/preferences/", {"csrfmiddlewaretoken": forged, "language": "en"}).status_code == 403


def test_a_disabled_person_is_nobody_at_every_address_from_the_next_request_on() -> None:
    user, admin = make_user(Role.PROPERTY_OFFICER), make_user(Role.ADMIN)
    public = (
        "login/",
        "recover/",
        "oidc/",
        "language/",
        "preferences/",
        "logout/",
        "healthz",
        "readyz",
        "verify/",
        "api/schema/",
    )
    rows = [row for row in ROWS if not row.route.startswith(public)]
    clients = [inside(user) for _row in rows]
    services.disable_user(user=user, by=admin, at=clock.now())
    wrong = []
    for row, client in zip(rows, clients, strict=True):
        answer = getattr(client, row.method)(address(row))
        led = answer.status_code == 302 and answer["Location"].startswith("/login/")
        if not led and answer.status_code != 401:
            wrong.append(f"{row.method} {row.route}: {answer.status_code}")
    assert wrong == []
    assert len(rows) > 150


# ---- B8: fields that are not asked for -------------------------------------------------------------------------------

FORBIDDEN = (
    "id", "pk", "uuid", "is_superuser", "is_staff", "is_active", "role", "roles", "state", "status", "created_by", "created_by_id", "by", "at",
    "actor", "user", "user_id", "owner", "row_version", "governorate", "recorded_range", "audit", "password", "decided_by", "verified", "invented",
)  # fmt: skip


def fields_of(told: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    """Return the names of a body's fields in the schema."""
    if "$ref" in schema:
        return fields_of(told, told["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    found = set(schema.get("properties", {}))
    for part in ("allOf", "oneOf", "anyOf"):
        found |= set(itertools.chain.from_iterable(fields_of(told, one) for one in schema.get(part, ())))
    return found


def asked_for(told: dict[str, Any], row: Row) -> set[str]:
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", row.route)
    bodies = told["paths"][path][row.method].get("requestBody", {}).get("content", {}).values()
    return set(itertools.chain.from_iterable(fields_of(told, body["schema"]) for body in bodies))


def told_in(told: dict[str, Any], row: Row) -> set[str]:
    """Return the names of the fields of the row's own answer: what a program reads and might send back."""
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", row.route)
    answers = told["paths"][path][row.method]["responses"]
    bodies = [body for status, one in answers.items() if status < "3" for body in one.get("content", {}).values()]
    return set(itertools.chain.from_iterable(fields_of(told, body.get("schema", {})) for body in bodies))


def test_a_field_that_a_program_may_not_set_is_refused_by_name_and_changes_nothing(tmp_path: Path) -> None:
    """Each write address × each name its answer tells and each that gives power: 400, and the name is told."""
    told: Any = SchemaGenerator().get_schema(request=None, public=True)
    things, clients = things_in(OWN, tmp_path), {role: inside(user) for role, user in people().items()}
    wrong, cells = [], 0
    rows = [row for row in UNSAFE if row.route.startswith("api/v1/") and not row.form and row.yes < 300 and row.may]
    for number, row in enumerate(rows):
        extra = sorted((set(FORBIDDEN) | told_in(told, row)) - asked_for(told, row))
        client = clients[sorted(row.may)[0]]
        refused = refused_names(client, row, things, extra)
        # some bodies name only the first field they do not know: there every fourth name is sent alone, in turn
        alone = sorted(set(extra) - refused)[number % 4 :: 4]
        cells += len(refused) + len(alone)
        if row.route in WITH_FACTS:
            left = [name for name in alone if name in FORBIDDEN and changes_something(client, row, things, name)]
        else:
            left = [name for name in alone if name not in refused_names(client, row, things, [name])]
        if left:
            wrong.append(f"{row.method} {row.route}: {left}")
    assert not wrong, "\n".join(wrong)
    assert cells > 300


# A register's facts stand beside these acts' own fields: what no form of it knows is left unread, and changes nothing.
WITH_FACTS = ("api/v1/cases/", "api/v1/cases/<uuid:case_id>/acts/", "api/v1/submissions/<uuid:submission_id>/acts/")
VOLATILE = {
    "id",
    "number",
    "opened_at",
    "row_version",
    "at",
    "added_at",
    "events",
    "deadlines",
    "papers",
    "acts",
    "url",
    "links",
}


def changes_something(client: Client, row: Row, things: Things, name: str) -> bool:
    """Say whether an answer differs for a field that is not asked for."""
    told = []
    for extra in ({}, {name: "1"}):
        body, headers = (row.body(things) if row.body else {}) | extra, row.headers(things) if row.headers else {}
        before = transaction.savepoint()
        answer = client.post(
            things.fill(row.route, *row.ids), json.dumps(body), content_type="application/json", headers=headers
        )
        transaction.savepoint_rollback(before)
        told.append((answer.status_code, {k: v for k, v in answer.json().items() if k not in VOLATILE}))
    return told[1][0] < 400 and told[0] != told[1]


def refused_names(client: Client, row: Row, things: Things, extra: list[str]) -> set[str]:
    """Send the right body with more fields; return which are refused by name, after undoing whatever it did."""
    body = (row.body(things) if row.body else {}) | dict.fromkeys(extra, "1")
    headers = row.headers(things) if row.headers else {}
    before = transaction.savepoint()
    answer = getattr(client, row.method)(
        things.fill(row.route, *row.ids), json.dumps(body), content_type="application/json", headers=headers
    )
    transaction.savepoint_rollback(before)
    if answer.status_code != 400:
        return set()
    problem = answer.json()
    named = {fault["field"] for fault in problem.get("errors", [])}
    return named | ({problem["field"]} if problem["code"] == "field_unknown" else set())


@pytest.mark.parametrize(
    ("where", "body"),
    [
        ("/account/preferences/", {"language": "en", "digits": "latn", "theme": "dark"}),
        ("/preferences/", {"language": "en"}),
        ("/account/keys/", {"name": "x", "scopes": ["read"], "days": "30"}),
    ],
)
def test_a_form_sets_what_it_asks_for_and_nothing_beside(where: str, body: dict[str, Any]) -> None:
    user = make_user(Role.SURVEYOR, username="mona")
    more = {
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "",
        "username": "root",
        "password": "x",
        "user": "1",
        "prefix": "0",
    }
    inside(user).post(where, body | more)
    now = User.objects.get(pk=user.pk)
    assert (now.is_superuser, now.is_staff, now.is_active, now.username) == (False, False, True, "mona")
    assert now.password == user.password


# ---- B14: hosts, proxies, caches, addresses to go on to --------------------------------------------------------------

EVIL = "evil.example"
TRICKS = (
    {"X-Forwarded-Host": EVIL}, {"X-Host": EVIL}, {"X-Forwarded-Server": EVIL}, {"Forwarded": f"host={EVIL};proto=https"},
    {"X-Original-URL": "/admin/"}, {"X-Rewrite-URL": "/admin/"}, {"X-Forwarded-Prefix": f"//{EVIL}"}, {"X-HTTP-Method-Override": "DELETE"},
    {"X-Forwarded-Proto": f"https://{EVIL}"}, {"X-Forwarded-Port": "666"}, {"Referer": f"https://{EVIL}/"}, {"Origin": f"https://{EVIL}"},
)  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: next(iter(trick)))
def test_no_header_makes_the_site_name_another_host(trick: dict[str, str]) -> None:
    client = inside(make_user(Role.PROPERTY_OFFICER))
    for where in ("/login/", "/account/", "/parcels/", "/api/v1/parcels/", "/nothing/", "/verify/", "/recover/"):
        answer = client.get(where, headers=trick)
        assert EVIL not in answer.content.decode() + str(answer.headers), where
        plain = client.get(where)
        assert answer.status_code == plain.status_code, "the header decides nothing"


@pytest.mark.parametrize(
    "host", [EVIL, f"localhost.{EVIL}", f"localhost@{EVIL}", "localhost:80:80", f"{EVIL}:80", "a b", "", "[::1"]
)
def test_a_request_for_another_host_is_refused_without_repeating_it(host: str) -> None:
    answer = Client(raise_request_exception=False).get("/login/", headers={"Host": host})
    assert answer.status_code == 400
    assert EVIL not in answer.content.decode() + str(answer.headers)


@pytest.mark.parametrize("ending", ["x.css", "x.js", "%2Fx.css", ";x.css", "%3Fx.css", "..%2Fstatic%2Fx.css", ".css"])
def test_a_private_page_under_a_name_of_a_picture_is_not_there_or_not_kept(ending: str) -> None:
    client = inside(make_user(Role.PROPERTY_OFFICER))
    for row in (row for row in SAFE if "<" not in row.route and row.route.endswith("/")):
        answer = client.get(f"/{row.route}{ending}")
        kept = answer.headers.get("Cache-Control", "")
        assert answer.status_code in {400, 404}, f"{row.route}{ending}: {answer.status_code}"
        assert "public" not in kept, row.route
        assert "no-store" in kept or "private" in kept, row.route


def test_every_answer_to_a_person_is_private() -> None:
    client = inside(make_user(Role.PROPERTY_OFFICER))
    loose = []
    for row in SAFE:
        answer = client.get(address(row))
        kept = answer.headers.get("Cache-Control", "")
        if "public" in kept or not ("private" in kept or "no-store" in kept):
            loose.append(f"{row.route}: {answer.status_code} {kept!r}")
    assert [one for one in loose if not one.startswith(("healthz", "readyz"))] == []


FOREIGN = (
    f"https://{EVIL}/", f"//{EVIL}/", f"/\\{EVIL}/", f"\\\\{EVIL}", f"https:{EVIL}", f"javascript:alert(1)//{EVIL}", f" //{EVIL}", f"///{EVIL}",
    f"/\t/{EVIL}", f"https://localhost@{EVIL}/", f"/%0d%0aLocation:https://{EVIL}/", f"\r\nLocation: https://{EVIL}/",
)  # fmt: skip


@pytest.mark.parametrize("wanted", FOREIGN)
def test_no_address_to_go_on_to_leads_away(wanted: str) -> None:
    user = make_user(username="mona", password="three green tramcars")
    sent = {"username": "mona", "password": "three green tramcars", "next": wanted}
    client = inside(user)
    for answer in (
        Client().post("/login/", sent),
        client.post("/preferences/", {"language": "en", "next": wanted}),
        client.post("/account/prove/", {"proof": "three green tramcars", "next": wanted}),
        Client().get("/admin/login/", {"next": wanted}),
    ):
        where = answer.headers.get("Location", "/")
        assert where.startswith("/")
        assert not where.startswith(("//", "/\\"))
        assert "\n" not in where
        assert "Location:" not in where.partition("?")[0] or wanted.startswith("/%0d")


# ---- B13: papers and their numbers -----------------------------------------------------------------------------------


def test_guesses_at_a_papers_code_or_number_hit_nothing_and_are_answered_alike(tmp_path: Path) -> None:
    things = things_in(OWN, tmp_path)
    paper = IssuedPaper.objects.get(pk=things.ids["issued_id"])
    number = f"{paper.governorate}-{paper.year}-{paper.serial}"
    guesses: list[dict[str, str]] = [{"c": f"{n:032d}".replace("0", "a").replace("1", "b")} for n in range(40)]
    guesses += [{"number": number, "check": f"{n:08d}"} for n in range(40)]
    guesses += [{"number": f"{paper.governorate}-{paper.year}-{n}", "check": "a" * 8} for n in range(900, 940)]
    guesses += [
        {"number": "", "check": "x"},
        {"number": "-", "check": ""},
        {"number": "1-2-3-4", "check": "٣" * 9},
    ] * 10
    bodies, statuses = set(), []
    for n, guess in enumerate(guesses):
        client = Client(REMOTE_ADDR=f"127.0.{n // 25}.1")  # a guesser with many addresses
        answer = client.get("/verify/", guess, headers={"accept-language": "en"})
        statuses.append(answer.status_code)
        page = re.sub(r'value="[^"]*"|href="[^"]*"', "", answer.content.decode())
        bodies.add((answer.status_code, re.sub(r"\d+ seconds", "", page)))
    assert set(statuses) <= {404, 429}
    assert len([status for status, _body in bodies if status == 404]) == 1, "wrong and missing are answered alike"
    tried = [status for guess, status in zip(guesses, statuses, strict=True) if guess.get("number") == number]
    assert tried.count(404) <= 10, "a short number is not guessed at from many addresses"
    assert Client(REMOTE_ADDR="127.9.9.9").get("/verify/", {"c": paper.code}).status_code == 200


def test_one_address_asks_thirty_times_a_minute() -> None:
    told = [Client().get("/verify/", {"c": f"{n:032d}"}).status_code for n in range(100)]
    assert (told.count(404), told.count(429)) == (30, 70)


# ---- B15: the log ----------------------------------------------------------------------------------------------------

SECRETS = ("20001010100014", "hunter2hunter2", "amlak_0123456789_" + "cd" * 24)
FORGED = f"x\r\nERROR amlak forged {SECRETS[0]} password={SECRETS[1]}\u2028\x85\x0b"


@pytest.fixture
def written() -> Iterator[list[str]]:
    """Everything that is logged at INFO, in both forms, each record as it is written."""
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            for formatter in (TextLine(), JsonLine()):
                stream = io.StringIO()
                handler = logging.StreamHandler(stream)
                handler.setFormatter(formatter)
                handler.emit(record)
                lines.append(stream.getvalue())

    root, keeping = logging.getLogger(), Keeping(logging.INFO)
    level = root.level
    root.addHandler(keeping)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(keeping)
    root.setLevel(level)


def test_whatever_is_sent_to_any_address_is_one_line_in_the_log_without_secrets(written: list[str]) -> None:
    client, stranger = inside(make_user(Role.PROPERTY_OFFICER)), Client(raise_request_exception=False)
    headers = {"User-Agent": FORGED, "Referer": FORGED, "X-Forwarded-For": FORGED, "Accept-Language": FORGED}
    query = {"q": FORGED, "next": FORGED, "token": SECRETS[1], "c": SECRETS[0]}
    for row in ROWS:
        for one in (client, stranger):
            if row.method == "get":
                one.get(address(row), query, headers=headers)
                continue
            body = {
                "username": FORGED,
                "password": SECRETS[1],
                "national_id": SECRETS[0],
                "reason": FORGED,
                "code": SECRETS[1],
            }
            if row.form:
                getattr(one, row.method)(address(row), body, headers=headers)
            else:
                bearer = {"Authorization": f"Bearer {SECRETS[2]}"} if one is stranger else {}
                data = json.dumps(body)
                getattr(one, row.method)(address(row), data, content_type="application/json", headers=headers | bearer)
    for path in (
        "/x%0d%0aERROR%20forged",
        f"/parties/{SECRETS[0]}/",
        f"/recover/{SECRETS[1]}/",
        f"/a?token={SECRETS[1]}",
    ):
        stranger.get(path)
    assert len(written) > 100
    assert [line for line in written if line.count("\n") != 1 or len(line.splitlines()) != 1] == []
    assert [line for line in written for secret in SECRETS if secret in line] == []


def test_a_fault_of_the_program_is_one_line_without_what_was_sent(written: list[str]) -> None:
    try:
        raise RuntimeError(f"{FORGED} token={SECRETS[1]}")
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", FORGED)
    assert len(written) == 2
    assert [line for line in written if len(line.splitlines()) != 1 or any(secret in line for secret in SECRETS)] == []
