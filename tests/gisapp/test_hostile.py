"""Whatever is put into an address, a query, a header or a body: a clear refusal, never a fault of the program.

Built from the table of rights, its right bodies and the schema, so that a new address is asked too (threats A4, A10,
A12, B1, B8).
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from authority.models import Role
from tests.gisapp.rights import ROWS, Row
from tests.gisapp.world import OWN, Things, people, things_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(1800)]
SURROGATE = "%ED%A0%80"  # half a character, as bytes that are no UTF-8
DEEP = 20_000
# Percent-encoded, for addresses and forms.
TEXTS = (
    "", "%00", f"a%00b{SURROGATE}", SURROGATE, "%FF%FE", "x" * 6000, "9" * 400, "-1", "1e400", "NaN", "Infinity", "%C2%B2",
    quote("٣"), quote("ﷺ" * 50), quote("' OR 1=1; --"), quote("{{7*7}}"), quote("../../etc/passwd"), "http://127.0.0.1:9/x",
    quote("a\r\nSet-Cookie: x=1"), "%E2%80%AE", "0001-01-01", "9999-12-31", "10000-01-01", "2024-02-30", "1,2,3,4",
    "nan,nan,nan,nan", "1e308,1e308,1e309,1e309", "00000000-0000-0000-0000-000000000000", "99999999999999999999",
    quote('{"type":"Point","coordinates":[1e400,0]}'),
)  # fmt: skip
OF_FORMS = (
    "row_version", "next", "language", "digits", "theme", "place", "crs", "encoding", "mapping", "survey_accuracy_m", "custodian",
    "surveyed_on", "layer", "survey_method", "kind", "old", "new", "username", "password",
)  # fmt: skip
FEW = (
    "%C2%B2",
    "-1",
    "9" * 400,
    "0001-01-01",
    "nan,nan,nan,nan",
    "x" * 6000,
    quote("' OR 1=1; --"),
    "99999999999999999999",
)
NEST: Any = []
for _ in range(200):
    NEST = [NEST]
RING = [[31.0, 30.0], [31.1, 30.0], [31.1, 30.1], [31.0, 30.0]]
LINK = {"type": "link", "properties": {"href": "http://127.0.0.1:9/canary", "type": "proj4"}}
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 10**400, -(2**63) - 1, 1e308, 0.1, "", " ", "\x00", "a\x00b", "\ud800", "x" * 70_000, "²",
    "٣", "9" * 400, "NaN", "' OR 1=1; --", "%(x)s %s {0}", "http://127.0.0.1:9/x", "/etc/passwd", [], {}, [[]], [None], {"a": None},
    {"\x00": 1}, {"": ""}, ["x"] * 1000, NEST, "0001-01-01", "9999-12-31", "EPSG:4326", "PROJ:x", "EPSG:99999999999999",
    {"type": "Polygon"}, {"type": "Polygon", "coordinates": []}, {"type": "Polygon", "coordinates": [[]]},
    {"type": "Polygon", "coordinates": [[[0]]]}, {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]},
    {"type": "Polygon", "coordinates": [[[1e308, 1e308]] * 4]}, {"type": "Polygon", "coordinates": NEST},
    {"type": "Polygon", "coordinates": [[[31, 30], [31, 30]]]}, {"type": "Polygon", "coordinates": [[[None, None]] * 4]},
    {"type": "Polygon", "coordinates": [RING], "crs": LINK}, {"type": "GeometryCollection", "geometries": [{"type": "Point"}]},
    {"type": "MultiPolygon", "coordinates": [[RING, RING]]}, {"type": ["Polygon"], "coordinates": 7}, {"coordinates": RING},
    {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [RING]}},
)  # fmt: skip
BODIES: tuple[bytes, ...] = (
    b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff\xfe{}", b'{"a": NaN}', b'{"a": 1, "a": 2}', b'{"\\ud800": 1}', b'{"a": "\\u0000"}',
    b"[" * DEEP + b"]" * DEEP, b'{"a":' * DEEP + b"1" + b"}" * DEEP, b'{"a": ' + b"9" * 5000 + b"}", b" " * 100_000, b"<a/>",
)  # fmt: skip
# Query parameters of pages and tiles; the API's stand in the schema.
OF_PAGES = (
    "q", "page", "state", "kind", "status", "within", "after", "next", "as_of", "known_at", "mode", "theme", "base", "lon", "lat", "group",
    "from", "at", "place", "use", "number", "bbox", "sort", "layer", "tab", "on", "format", "lang", "use", "custodian", "z", "zoom",
)  # fmt: skip


# All of it with AMLAK_SOAK=1; else each place is asked an eighth of the values, another eighth than its neighbour.
SHARE = 1 if os.environ.get("AMLAK_SOAK") else 8


def some(values: Sequence[Any], *where: str) -> list[Any]:
    """Return the values that are tried in one place."""
    first = zlib.crc32(" ".join(where).encode()) % SHARE
    return list(values[first::SHARE])


KINDS = ("application/xml", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "")


def as_sent(value: Any) -> str:
    """Return a body as JSON text; half characters stand as escapes."""
    return json.dumps(value, allow_nan=True)


def query_names(row: Row, told: dict[str, Any]) -> list[str]:
    """Return the parameters that an address knows."""
    if row.plain:
        return []
    if not row.route.startswith("api/v1/"):
        return sorted(set(OF_PAGES))
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", row.route)
    given = told["paths"][path][row.method].get("parameters", [])
    return [p["name"] for p in given if p["in"] == "query"] + ["cursor", "page_size", "format", "unknown"]


def addresses(row: Row, things: Things, told: dict[str, Any]) -> Iterator[str]:
    """Yield the address with each part and each parameter replaced."""
    right = things.fill(row.route, *row.ids)
    parts = row.route.split("/")
    for place, part in enumerate(parts):
        if "<" in part:
            filled = right[1:].split("/")
            for text in TEXTS:
                yield "/" + "/".join([*filled[:place], text or "%20", *filled[place + 1 :]])
    if row.method == "get":
        for name in query_names(row, told):
            for text in some(TEXTS if row.route.startswith("api/v1/") else FEW, row.route, name):
                yield f"{right}?{name}={text}"
        yield f"{right}?{SURROGATE}=%00&a[]=1&a[]=2"


def mutated(body: Any, *where: str) -> Iterator[Any]:
    """Yield the right body with each value in turn replaced by hostile ones."""
    if isinstance(body, dict):
        for name, value in body.items():
            for hostile in some(VALUES, *where, name):
                yield body | {name: hostile}
            for changed in mutated(value, *where, name):
                yield body | {name: changed}
        yield body | {"unknown\x00": 1}
        yield body | {"geometry": {"type": "Polygon", "coordinates": [RING], "crs": LINK}, "crs": "EPSG:22992"}
        for hostile in some(VALUES, *where, "geometry"):
            yield body | {"geometry": hostile}
    elif isinstance(body, list) and body:
        for changed in mutated(body[0], *where):
            yield [changed, *body[1:]]


def right_body(row: Row, things: Things) -> dict[str, Any]:
    body = row.body(things) if row.body else {}
    return {name: value for name, value in body.items() if not isinstance(value, SimpleUploadedFile)}


def requests(row: Row, things: Things, told: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (method, address, arguments of the client)."""
    right = things.fill(row.route, *row.ids)
    for address in addresses(row, things, told):
        yield row.method, address, {"data": b"{}", "content_type": "application/json"} if row.method != "get" else {}
    if row.method == "get":
        return
    headers = row.headers(things) if row.headers else {}
    if row.form:
        for name, value in (dict.fromkeys(() if row.plain else OF_FORMS, "") | right_body(row, things)).items():
            for text in some(("%00", SURROGATE, *FEW) if name in OF_FORMS else TEXTS, row.route, name):
                pairs = {k: quote(str(v)) for k, v in right_body(row, things).items()} | {name: text}
                data = "&".join(f"{k}={v}" for k, v in pairs.items())
                yield row.method, right, {"data": data, "content_type": "application/x-www-form-urlencoded"}
                yield row.method, right, multipart(pairs | {name: value}, name, text)
        return
    for body in mutated(right_body(row, things), row.route):
        yield row.method, right, {"data": as_sent(body), "content_type": "application/json", "headers": headers}
    for raw in BODIES:
        for kind in ("application/json", *some(KINDS, row.route, str(raw[:9]))):
            yield row.method, right, {"data": raw, "content_type": kind, "headers": headers}


def multipart(pairs: dict[str, Any], name: str, text: str) -> dict[str, Any]:
    """Return a form with files whose one field holds raw bytes."""
    from urllib.parse import unquote_to_bytes

    body = b""
    for key, value in pairs.items():
        raw = unquote_to_bytes(text) if key == name else str(value).encode()
        body += b'--x\r\nContent-Disposition: form-data; name="' + key.encode() + b'"\r\n\r\n' + raw + b"\r\n"
    return {"data": body + b"--x--\r\n", "content_type": "multipart/form-data; boundary=x"}


def fault_of(answer: Any, address: str) -> str:
    """Return what is wrong with an answer, or "" for a clear one."""
    if answer.status_code >= 500 and answer.status_code != 503:
        return str(answer.status_code)
    if answer.status_code >= 400 and address.startswith(("/api/", "/tiles/")):
        if answer["Content-Type"] != "application/problem+json":
            return f"{answer.status_code} as {answer['Content-Type']}"
        told = answer.json()
        if told["status"] != answer.status_code or not (told["code"] and told["detail"] and told["title"]):
            return f"a poor problem document: {told}"
    return ""


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))


@pytest.mark.parametrize("room", sorted({row.route.removeprefix("api/v1/").split("/")[0] for row in ROWS}))
def test_nothing_that_is_sent_is_a_fault_of_the_program(
    room: str, tmp_path: Path, settings: Any, told: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    settings.API_RATES = dict.fromkeys(("user", "key", "stranger"), "1000000/min")
    caplog.set_level("CRITICAL")
    things, clients, wrong = things_in(OWN, tmp_path), {}, []
    for role, person in people().items():
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(person)
    for row in (row for row in ROWS if row.route.removeprefix("api/v1/").split("/")[0] == room):
        role = Role.GIS_OFFICER if Role.GIS_OFFICER in row.may or not row.may else sorted(row.may)[0]
        for method, address, how in requests(row, things, told):
            before, cookies = transaction.savepoint(), dict(clients[role].cookies)
            answer = clients[role].generic(method.upper(), address, **how)
            if answer.streaming:
                b"".join(answer.streaming_content)
            transaction.savepoint_rollback(before)
            clients[role].cookies.clear()
            clients[role].cookies.update(cookies)
            fault = fault_of(answer, address)
            if fault:
                wrong.append(f"{fault}: {method} {address[:120]} {str(how)[:160]}")
    assert not wrong, "\n".join(wrong[:80])
