"""What clamd says of a file: its own protocol (INSTREAM), bounded in time, and closed when in doubt (threats A14).

A file is clean only by the daemon's word "OK". Too large to scan, an answer that is not understood, or a virus refuse
it; a daemon that cannot be reached decides nothing, and the file waits.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


def wanted() -> bool:
    """Say whether files are scanned here at all."""
    return bool(settings.CLAMD)


def scan(path: Path) -> Verdict:
    """Return the verdict on a file; raises ScannerDownError."""
    try:
        with connected() as line:
            line.sendall(b"zINSTREAM\0")
            hung_up = not _sent(line, path)
            answer = _answer(line)
    except OSError as fault:
        raise ScannerDownError(str(fault)) from fault
    if not answer and hung_up:
        return Verdict(False, "too large to scan")
    return verdict_of(answer)


def verdict_of(answer: str) -> Verdict:
    """Read the daemon's answer: "stream: OK", "stream: NAME FOUND", "INSTREAM size limit exceeded. ERROR"."""
    told = answer.strip("\0\r\n ").removeprefix("stream:").strip()
    if not told:
        raise ScannerDownError("no answer")
    return Verdict(told == "OK", told[:200])


def version() -> str:
    """Return the scanner's version and the day of its signatures; raises ScannerDownError."""
    try:
        with connected() as line:
            line.sendall(b"zVERSION\0")
            return _answer(line).strip("\0\r\n ")[:120]
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


def _sent(line: socket.socket, path: Path) -> bool:
    """Send the file piece by piece; False where the daemon hung up: it was more than it takes."""
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


def _answer(line: socket.socket) -> str:
    """Read the answer to its end."""
    told = b""
    try:
        while len(told) < LONGEST_ANSWER and (piece := line.recv(LONGEST_ANSWER)):
            told += piece
            if told.endswith(b"\0"):
                break
    except ConnectionResetError:
        pass
    return told.decode("utf-8", "replace")
