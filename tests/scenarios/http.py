"""A program that knows nothing but HTTP: the standard library's client, JSON, multipart, a cookie jar for one form."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of an answer."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class _Plain(urllib.request.HTTPErrorProcessor):
    """Hand every answer back as it is: no redirect is followed, no status raises."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response

    https_response = http_response


def form(fields: dict[str, Any]) -> tuple[bytes, str]:
    """Return a multipart body and its type; a file is given as (name, bytes)."""
    mark = uuid.uuid4().hex
    parts = b""
    for name, value in fields.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, tuple):
            head += f'; filename="{value[0]}"\r\nContent-Type: application/octet-stream'
        parts += f"{head}\r\n\r\n".encode() + (value[1] if isinstance(value, tuple) else str(value).encode()) + b"\r\n"
    return parts + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


class Program:
    """Acts for one account by its personal key; `base` is the site's address."""

    def __init__(self, base: str, key: str = "", language: str = "en") -> None:
        self.base, self.key, self.language = base, key, language

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send one request; a link that an answer gave may be whole."""
        url = path if path.startswith("http") else self.base + path
        given = {"Accept-Language": self.language, **{name.replace("_", "-"): text for name, text in headers.items()}}
        if self.key:
            given["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(url, data=body, method=method, headers=given)
        with urllib.request.build_opener(_Plain).open(request, timeout=60) as response:
            return Answer(response.status, response.headers, response.read())

    def get(self, path: str, **query: str) -> Answer:
        """Read."""
        return self.ask("GET", path + (f"?{urllib.parse.urlencode(query)}" if query else ""))

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        """Write JSON."""
        return self.ask("POST", path, json.dumps(body).encode(), Content_Type="application/json", **headers)

    def upload(self, path: str, **fields: Any) -> Answer:
        """Send a form with files."""
        body, kind = form(fields)
        return self.ask("POST", path, body, Content_Type=kind)

    def pages(self, path: str, rows: str = "results", **query: str) -> list[Any]:
        """Read all pages by their `next` links."""
        found: list[Any] = []
        answer = self.get(path, **query).json
        while True:
            found += answer[rows]
            if answer["next"] is None:
                return found
            answer = self.get(answer["next"]).json


def sign_in(base: str, username: str, password: str) -> Program:
    """Sign in by the form and make a personal key by the form; return a program that holds it."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def send(path: str, *fields: tuple[str, str]) -> str:
        page = browser.open(base + ("/login/" if path == "/login/" else "/account/"), timeout=60).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, path
        body = urllib.parse.urlencode([("csrfmiddlewaretoken", token[1]), *fields]).encode()
        told = browser.open(urllib.request.Request(base + path, body, {"Referer": base}), timeout=60)
        return str(told.read().decode())

    send("/login/", ("username", username), ("password", password))
    page = send("/account/keys/", ("name", "a program"), ("scopes", "read"), ("scopes", "write"), ("days", "30"))
    found = re.search(r"amlak_[0-9a-f]{10}_[0-9a-f]{48}", page)
    assert found, page[:500]
    return Program(base, found[0])
