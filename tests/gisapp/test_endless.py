"""Bodies that are too long or have no end, sent to a real web server: refused at once, nothing kept (threats A6, D11)."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from tests.authority.builders import make_place, make_user
from tests.gisapp.world import key_of
from tests.jobs.builders import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
GIGABYTES = 3 * 1024**3
PIECE = bytes(64 * 1024)
HEAD = '--x\r\nContent-Disposition: form-data; name="file"; filename="land.zip"\r\n\r\n'
ANSWERED_WITHIN = 64 * 1024**2  # bytes: what may be on its way while the answer comes


@pytest.fixture
def web(settings: Any, tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes], Path]]:
    """A web server on a port of its own, and the folder where it may lay files aside."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    aside = tmp_path / "aside"
    aside.mkdir()
    env = environment(AMLAK_DOCUMENT_STORE=str(settings.DOCUMENT_STORE), TMPDIR=str(aside))
    command = [sys.executable, "-m", "gunicorn", "gisapp.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"]
    running = subprocess.Popen([*command, "--log-level", "error", "--no-control-socket"], cwd=project.BASE_DIR, env=env)
    try:
        assert any(alive(port) for _ in range(200))
        yield port, running, aside
    finally:
        running.terminate()
        running.wait(20)


def alive(port: int) -> bool:
    """Say whether the site answers; wait a little where it does not."""
    try:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
            line.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
            return line.recv(65536).startswith(b"HTTP/1.1 200")
    except OSError:
        time.sleep(0.1)
        return False


def memory_of(master: int) -> int:
    """Return the resident memory of a process and its children, bytes."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    pages = (int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in [str(master), *children])
    return sum(pages) * 4096


def whole(line: socket.socket, begun: bytes) -> bytes:
    """Return an answer of which the first piece has come, as far as the line gives it."""
    line.settimeout(3)
    try:
        while piece := line.recv(65536):
            begun += piece
    except OSError:
        pass
    return begun


def send(port: int, key: str, headers: str, *, chunked: bool) -> tuple[bytes, int]:
    """Send a body of 3 GB until an answer comes; return the answer and how many bytes had gone."""
    start = (
        f"POST /api/v1/submissions/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Accept: application/json\r\nContent-Type: multipart/form-data; boundary=x\r\n{headers}\r\n\r\n"
    )
    piece = f"{len(PIECE):x}\r\n".encode() + PIECE + b"\r\n" if chunked else PIECE
    first = f"{len(HEAD):x}\r\n{HEAD}\r\n".encode() if chunked else HEAD.encode()
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as line:
        line.sendall(start.encode() + first)
        line.settimeout(0.001)
        sent, answer = 0, b""
        while sent < GIGABYTES:
            try:
                answer = whole(line, line.recv(65536))
                break
            except TimeoutError:
                pass
            except ConnectionError:
                break
            line.settimeout(20)
            try:
                line.sendall(piece)
            except ConnectionError:
                break
            sent += len(PIECE)
            line.settimeout(0.001)
        return answer, sent


@pytest.mark.parametrize(
    ("headers", "chunked", "status", "code"),
    [
        (f"Content-Length: {GIGABYTES}", False, 413, "file_too_large"),
        ("Transfer-Encoding: chunked", True, 411, "length_required"),
    ],
)
def test_three_gigabytes_are_refused_before_they_are_read(
    web: tuple[int, subprocess.Popen[bytes], Path], headers: str, chunked: bool, status: int, code: str
) -> None:
    port, running, aside = web
    key = key_of(make_user("surveyor", place=make_place("19")), "read", "write")
    before = memory_of(running.pid)
    # a line that is reset while much is on its way can lose the answer; not every time
    tries = [send(port, key, headers, chunked=chunked) for _ in range(4)]
    assert max(sent for _answer, sent in tries) < ANSWERED_WITHIN
    head, _, body = max((answer for answer, _sent in tries), key=len).partition(b"\r\n\r\n")
    assert (int(head.split()[1]), json.loads(body)["code"]) == (status, code)
    assert memory_of(running.pid) - before < ANSWERED_WITHIN
    assert not [one for one in aside.iterdir() if one.is_file()]


def test_after_an_endless_body_the_server_still_answers_others(web: tuple[int, subprocess.Popen[bytes], Path]) -> None:
    port, _running, _aside = web
    key = key_of(make_user("surveyor", place=make_place("19")), "read", "write")
    for _ in range(5):
        send(port, key, "Transfer-Encoding: chunked", chunked=True)
    assert alive(port)
