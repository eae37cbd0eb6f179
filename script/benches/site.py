"""The site as it is served: gunicorn and a worker on this machine, and somebody who is signed in."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benches.databases import ROOT

COOKIE = re.compile(r"^([^=]+)=([^;]*)")


@dataclass(frozen=True)
class Answer:
    """What came back, and the seconds until its last byte was there and unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


@dataclass
class Visitor:
    """One person's browser: a kept connection and its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request and read its answer; a connection that the site closed meanwhile is opened again."""
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Encoding": "gzip"}
        if method == "POST":
            sent |= {"X-CSRFToken": self.cookies.get("amlak_csrf", ""), "Referer": f"http://127.0.0.1:{self.port}/"}
        began = time.perf_counter()
        try:
            return self._once(began, method, path, body, {**sent, **(headers or {})})
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.connection = None
            return self._once(began, method, path, body, {**sent, **(headers or {})})

    def _once(self, began: float, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.connection.request(method, path, body=body, headers=dict(headers))
        answer = self.connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, value = COOKIE.findall(line)[0]
            self.cookies[name] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return Answer(answer.status, dict(answer.headers.items()), content, time.perf_counter() - began)

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self.ask("GET", path)

    def get_json(self, path: str) -> dict[str, object]:
        """Ask the API; anything but 200 ends the bench."""
        answer = self.get(path)
        if answer.status != 200:
            raise SystemExit(f"bench: {path} answered {answer.status}: {answer.body[:300]!r}")
        found: dict[str, object] = json.loads(answer.body)
        return found

    def sign_in(self, name: str) -> Visitor:
        """Sign in through the page."""
        self.get("/login/")
        form = {"username": name, "password": os.environ.get("AMLAK_SAMPLE_PASSWORD", "sample")}
        told = {**form, "csrfmiddlewaretoken": self.cookies["amlak_csrf"]}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.ask("POST", "/login/", urlencode(told).encode(), kind)
        if answer.status != 302:
            raise SystemExit(f"bench: {name} could not sign in ({answer.status})")
        return self


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def site() -> Iterator[int]:
    """Serve the site as `script/demo` does, with a worker; yield its port."""
    port = free_port()
    served = [*("gisapp.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--timeout", "60")]
    served += ["--log-level", "warning", "--no-control-socket"]
    web = subprocess.Popen([sys.executable, "-m", "gunicorn", *served], cwd=ROOT)  # noqa: S603 - our own site
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT)
    try:
        _wait(port, web)
        yield port
    finally:
        for process in (web, worker):
            process.send_signal(signal.SIGTERM)
        for process in (web, worker):
            process.wait(60)


def _wait(port: int, web: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        if web.poll() is not None:
            break
        try:
            if Visitor(port).get("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.25)
    raise SystemExit("bench: the site did not start")


def percentile(values: list[float], share: float = 0.95) -> float:
    """Return the value that so large a share does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]
