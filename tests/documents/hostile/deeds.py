"""One function a deed; the request names it."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any


def greet(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    (out / "rows.copy").write_bytes(inputs["survey"].read_bytes())
    return {"hello": request["name"], "label": inputs["survey"].name, "env": dict(os.environ), "uid": os.geteuid()}


def call_home(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    try:
        socket.create_connection(("127.0.0.1", request["port"]), timeout=2).close()
    except OSError as error:
        return {"reached": False, "why": error.strerror}
    return {"reached": True}


def look_around(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    def seen(path: str) -> bool:
        try:
            return Path(path).exists()
        except PermissionError:
            return False

    return {"seen": [path for path in request["paths"] if seen(path)]}


def write_about(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    written = []
    for path in ["/escaped", "/usr/escaped", "/code/escaped", "/in/escaped", *map(str, inputs.values())]:
        try:
            Path(path).write_text("x")
            written.append(path)
        except OSError:
            continue
    return {"written": written}


def burn(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    while True:
        pass


def sleep(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    time.sleep(600)
    return {}


def hoard(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    kept = []
    while True:
        kept.append(bytearray(64 << 20))


def breed(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    born = 0
    for _ in range(500):
        try:
            pid = os.fork()
        except OSError:
            break
        if pid == 0:
            time.sleep(30)
            os._exit(0)
        born += 1
    return {"born": born}


def flood(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    (out / "rows.copy").write_bytes(b"0" * request["size"])
    return {}


def shout(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    for _ in range(request["size"] // 4096):
        os.write(2, b"x" * 4096)
    return {"done": True}


def bad_name(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    (out / "..%2f..%2fescaped").write_text("x")
    return {}


def link_out(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    (out / "rows.copy").symlink_to("/proc/self/environ")
    return {}


def crash(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    os.kill(os.getpid(), 11)
    return {}


def nest(request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    reply: dict[str, Any] = {}
    for _ in range(500):
        reply = {"deeper": reply}
    return reply


def main(*, request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    return globals()[request["deed"]](request, inputs, out)  # type: ignore[no-any-return]
