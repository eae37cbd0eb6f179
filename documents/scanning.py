"""What clamd says of a file: its own protocol (INSTREAM), bounded in time, and closed when in doubt (threats A14).

A file is clean only by the daemon's word "OK". A virus found, or more than can be scanned, refuse it; a daemon that
cannot be reached, hangs up, or answers anything else decides nothing, and the file waits.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

PIECE = 64 * 1024
LONGEST_ANSWER = 4096
CONNECT_SECONDS = 5.0


class ScannerDownError(Exception):
    """The daemon cannot be reached, or hangs up before its answer: nothing is decided."""


@dataclass(frozen=True)
class Verdict:
    """What was decided: clean or not, and in the scanner's words."""

    clean: bool
    told: str
    scanner: str = ""  # which version with which signatures said so


def wanted() -> bool:
    """Say whether files are scanned here at all."""
    return bool(settings.CLAMD)


def scan(path: Path) -> Verdict:
    """Return the verdict on a file; raises ScannerDownError, FileNotFoundError."""
    if path.stat().st_size > settings.CLAMD_MAX_BYTES:
        return Verdict(False, "too large to scan")
    ends = time.monotonic() + settings.CLAMD_SECONDS
    try:
        with connected() as line:
            line.sendall(b"zINSTREAM\0")
            _send(line, path, ends)
            answer = _answer(line, ends)
    except OSError as fault:
        raise ScannerDownError(str(fault)) from fault
    return replace(verdict_of(answer), scanner=version())


def verdict_of(answer: str) -> Verdict:
    """Read the daemon's answer: "stream: OK", "stream: NAME FOUND", "INSTREAM size limit exceeded. ERROR".

    Whatever else it says (out of memory, timed out, not understood) is no verdict: raises ScannerDownError.
    """
    told = answer.strip("\0\r\n ").removeprefix("stream:").strip()
    if told == "OK":
        return Verdict(True, told)
    if told.endswith(" FOUND") or told.startswith("INSTREAM size limit exceeded"):
        return Verdict(False, told[:200])
    raise ScannerDownError(told[:200] or "no answer")


def version() -> str:
    """Return the scanner's version and the day of its signatures; raises ScannerDownError."""
    try:
        with connected() as line:
            line.sendall(b"zVERSION\0")
            return _answer(line, time.monotonic() + CONNECT_SECONDS).strip("\0\r\n ")[:120]
    except OSError as fault:
        raise ScannerDownError(str(fault)) from fault


@contextmanager
def connected() -> Iterator[socket.socket]:
    """Yield a connection to the daemon: `unix:/path` or `host:port`."""
    where = settings.CLAMD
    if where.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(where.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
    else:
        host, _colon, port = where.rpartition(":")
        line = socket.create_connection((host, int(port)), timeout=CONNECT_SECONDS)
    line.settimeout(settings.CLAMD_SECONDS)
    with line:
        yield line


def _send(line: socket.socket, path: Path, ends: float) -> None:
    """Send the file piece by piece; a daemon that has heard enough hangs up, and its answer says why."""
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                _in_time(line, ends)
                line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(line: socket.socket, ends: float) -> str:
    """Read the answer to its end."""
    told = b""
    try:
        while len(told) < LONGEST_ANSWER:
            _in_time(line, ends)
            piece = line.recv(LONGEST_ANSWER)
            told += piece
            if not piece or told.endswith(b"\0"):
                break
    except ConnectionResetError:
        pass
    return told.decode("utf-8", "replace")


def _in_time(line: socket.socket, ends: float) -> None:
    """Leave what is left of the time to the next step; raises TimeoutError when it is over."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner took too long")
    line.settimeout(left)
