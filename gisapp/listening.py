"""Sample mode has known passwords, so it refuses to listen where another computer can reach it."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

from authority.middleware import is_loopback


class ListensTooWideError(RuntimeError):
    """The sample was to be served to other computers."""


def listening() -> Iterator[str]:
    """Yield the address of each TCP socket on which this process listens (Linux)."""
    for entry in Path("/proc/self/fd").glob("*"):
        try:
            if not stat.S_ISSOCK(os.fstat(int(entry.name)).st_mode):
                continue
            held = socket.socket(fileno=os.dup(int(entry.name)))
        except OSError:
            continue  # closed meanwhile
        with held:
            internet = held.family in (socket.AF_INET, socket.AF_INET6) and held.type == socket.SOCK_STREAM
            if internet and held.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                yield str(held.getsockname()[0])


def refuse_wide(*, sample: bool) -> None:
    """Raise ListensTooWideError where the sample is served on anything but loopback."""
    wide = sorted({address for address in listening() if not is_loopback(address)}) if sample else []
    if wide:
        raise ListensTooWideError(f"the sample serves this computer only: bind it to 127.0.0.1, not {', '.join(wide)}")
