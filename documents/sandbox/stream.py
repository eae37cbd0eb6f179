"""Take back what a child hands over: bounded, named by a strict rule, never followed."""

from __future__ import annotations

import re
import selectors
import subprocess
import time
from pathlib import Path
from typing import BinaryIO

LABEL = re.compile(rb"([a-z][a-z0-9_]{0,40}\.[a-z]{1,8}) (\d{1,12})\n")
LOUD = 16 * 1024  # bytes of the child's complaints that are kept


class OutputTooLargeError(Exception):
    """The child wrote more than it may."""


class OutOfTimeError(Exception):
    """The wall clock ran out."""


class BadStreamError(Exception):
    """What came back is not files as agreed."""


def collect(process: subprocess.Popen[bytes], *, into: BinaryIO, limit: int, seconds: float) -> bytes:
    """Copy the child's standard output into a file, return the end of its standard error; raise at a limit."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    assert process.stderr is not None  # noqa: S101 - it was asked for
    deadline = time.monotonic() + seconds
    loud, size = b"", 0
    with selectors.DefaultSelector() as waiting:
        for pipe, name in ((process.stdout, "out"), (process.stderr, "err")):
            waiting.register(pipe, selectors.EVENT_READ, name)
        while waiting.get_map():
            ready = waiting.select(timeout=deadline - time.monotonic())
            if not ready and time.monotonic() >= deadline:
                raise OutOfTimeError
            for key, _events in ready:
                block = key.fileobj.read1(1 << 18)  # type: ignore[union-attr]  # both are buffered pipes
                if not block:
                    waiting.unregister(key.fileobj)
                elif key.data == "err":
                    loud = (loud + block)[-LOUD:]
                else:
                    size += into.write(block)
                    if size > limit:
                        raise OutputTooLargeError
    process.wait(max(0.1, deadline - time.monotonic()))
    return loud


def unpack(stream: BinaryIO, folder: Path) -> None:
    """Write the files of a stream into the folder."""
    while label := stream.readline(80):
        match = LABEL.fullmatch(label)
        if match is None:
            raise BadStreamError
        left = int(match[2])
        with (folder / match[1].decode()).open("xb") as file:
            while left:
                block = stream.read(min(left, 1 << 20))
                if not block:
                    raise BadStreamError
                file.write(block)
                left -= len(block)
