"""The first code that runs inside the sandbox: lower the limits, run the entry, hand its files back.

Stdlib only; started as `python -I inside.py`, with the job as JSON on standard input. On standard output goes one
stream: for each file a line `name size` and then its bytes. The entry's own prints go to standard error.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

OUT = Path("/tmp/out")  # noqa: S108 - a private tmpfs, gone with the process
NO_MEMORY = 86  # exit code: the entry needed more than its memory limit


def lower_limits(limits: dict[str, int]) -> None:
    """Set the ceilings of this process and all it starts; they cannot be raised again."""
    for kind, value in (
        (resource.RLIMIT_CPU, limits["cpu_s"]),
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["scratch_bytes"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def hand_back(stream: BinaryIO, folder: Path) -> None:
    """Write each regular file of the folder to the stream."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_file():
            continue
        stream.write(f"{path.name} {path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                stream.write(block)
    stream.flush()


def main() -> int:
    """Run one job; return the exit code."""
    job: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    lower_limits(job["limits"])
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    OUT.mkdir()
    sys.path.insert(0, job["code"])
    try:
        entry = importlib.import_module(job["entry"])
        inputs = {name: Path(path) for name, path in job["inputs"].items()}
        reply = entry.main(request=job["request"], inputs=inputs, out=OUT)
        (OUT / "reply.json").write_text(json.dumps(reply, allow_nan=False), encoding="utf-8")
        hand_back(stream, OUT)
    except MemoryError:
        return NO_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main())
