"""Every address × every role × own, other governorate, nobody: as the one table says (threats B6)."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from tests.authority.builders import make_place, make_user
from tests.gisapp.rights import ROWS, Row
from tests.gisapp.world import OTHER, OWN, Things, people, routes, things_in

METHODS = ("get", "post", "put", "patch", "delete")


def test_every_address_of_the_site_has_a_row() -> None:
    assert sorted({row.route for row in ROWS}) == routes()


def test_no_row_stands_twice() -> None:
    told = [(row.route, row.method) for row in ROWS]
    assert sorted(told) == sorted(set(told))


def test_every_method_of_the_api_has_a_row() -> None:
    """A view of the API says which methods it has; one that nobody put into the table fails."""
    things = nothing()
    served = {
        (route, method)
        for route in routes()
        if route.startswith("api/v1/")
        for method in METHODS
        if hasattr(resolve(things.fill(route)).func.view_class, method)
    }
    assert served == {(row.route, row.method) for row in ROWS if row.route.startswith("api/v1/")}


# Pages whose form is sent by rows of their own services: the act, the paper and the opening of a file.
WITH_FORMS = {
    "cases/<uuid:case_id>/acts/<slug:name>/", "cases/<uuid:case_id>/papers/new/",
    "cases/<uuid:case_id>/papers/<int:paper_id>/withdraw/", "leases/new/", "encroachments/new/", "custody/new/", "suits/new/", "suits/<uuid:suit_id>/acts/<slug:name>/", "papers/<uuid:issued_id>/revoke/",
    "parcels/<uuid:parcel_id>/acts/<slug:name>/", "parcels/new/", "reference/rules/propose/<str:rule_code>/",
    "encroachments/measured/",
}  # fmt: skip
SHOWING = sorted(
    {row.route for row in ROWS if not row.route.startswith("api/")}
    - {row.route for row in ROWS if row.method != "get"}
    - WITH_FORMS
)


@pytest.mark.django_db
@pytest.mark.parametrize("route", SHOWING)
def test_a_page_that_only_shows_takes_nothing(route: str) -> None:
    """Whoever sends something to a page without a form is told so, never shown the page as if nothing were wrong."""
    client = Client(raise_request_exception=False)
    client.force_login(make_user("property_officer", place=make_place(OWN)))
    assert client.post(nothing().fill(route, ("name", "parcels"))).status_code == 405


def nothing() -> Things:
    """Return ids that are right in form and name nothing."""
    ids = dict.fromkeys(_names(), "00000000-0000-0000-0000-000000000000")
    numbers = {part[5:-1] for route in routes() for part in route.split("/") if part.startswith("<int:")}
    return Things(ids | dict.fromkeys(numbers, 1) | {"code": "19"})


def _names() -> set[str]:
    return {part.strip("<>").rpartition(":")[2] for route in routes() for part in route.split("/") if "<" in part}


def ask(client: Client, row: Row, things: Things) -> int:
    """Ask, and undo whatever it did; return the status."""
    body = row.body(things) if row.body else None
    more: dict[str, Any] = {"headers": row.headers(things)} if row.headers else {}
    if row.method != "get":
        more |= {"data": body} if row.form else {"data": json.dumps(body), "content_type": "application/json"}
    cookies = dict(client.cookies)
    before = transaction.savepoint()
    answer = getattr(client, row.method)(things.fill(row.route, *row.ids) + row.query, **more)
    if answer.streaming:
        b"".join(answer.streaming_content)
    transaction.savepoint_rollback(before)
    client.cookies.clear()
    client.cookies.update(cookies)
    return int(answer.status_code)


def is_asked(row: Row, role: str, *, here: bool) -> bool:
    """Say whether a cell is asked: all with AMLAK_SOAK=1; else each role of each row in one of the two governorates."""
    if os.environ.get("AMLAK_SOAK") or row.other is None:
        return True
    return (zlib.crc32(f"{row.method} {row.route} {role}".encode()) % 2 == 0) is here


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_every_address_answers_everybody_as_the_table_says(tmp_path: Path, settings: Any) -> None:
    settings.API_RATES = dict.fromkeys(("user", "key", "stranger"), "1000000/min")
    own, other = things_in(OWN, tmp_path), things_in(OTHER, tmp_path)
    clients = {"": Client(raise_request_exception=False)}
    for role, person in people().items():
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(person)
    wrong = []
    for row in ROWS:
        for things in (own, other) if row.other is not None else (own,):
            for role, client in clients.items():
                if not is_asked(row, role, here=things is own):
                    continue
                got, wanted = ask(client, row, things), row.expected(role, things is own)
                if got != wanted:
                    wrong.append(
                        f"{row.method} {row.route} {things.ids['code']} {role or 'nobody'}: {got}, not {wanted}"
                    )
    assert not wrong, "\n".join(wrong)
