"""Start a child inside the best wall that works here, wait for it, take back its files."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from authority.refusal import Invalid, TooLarge, Unavailable
from documents.sandbox.inside import NO_MEMORY
from documents.sandbox.limits import UPLOAD, Limits
from documents.sandbox.stream import BadStreamError, OutOfTimeError, OutputTooLargeError, collect, unpack
from documents.sandbox.walls import Plan, Wall, walls

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
REPLY_BYTES = 64 * 1024 * 1024
RECHECK_S = 30  # a sandbox that failed is tried again after this time


@dataclass(frozen=True)
class SandboxResult:
    """What came back: the reply and the folder of files, which the caller removes (or leaves to `closing`)."""

    outdir: Path
    reply: dict[str, Any]

    def remove(self) -> None:
        """Remove the files."""
        shutil.rmtree(self.outdir, ignore_errors=True)


class _Chosen:
    """The wall that was found to work in this process."""

    wall: Wall | None = None
    name = ""
    tried_at = float("-inf")


def run(
    *, entry: str, inputs: Mapping[str, Path], request: Mapping[str, Any], limits: Limits = UPLOAD
) -> SandboxResult:
    """Run `entry.main(request=…, inputs=…, out=…)` in the sandbox.

    `entry` is a module of a room that imports no Django; `inputs` are files it may read, under generated names.
    Refuses with sandbox_unavailable, sandbox_timeout, sandbox_memory, sandbox_output or sandbox_failed.
    """
    if available() is not None or _Chosen.wall is None:
        raise Unavailable("sandbox_unavailable", _("No sandbox works here, so no file can be read."))
    return _run_in(_Chosen.wall, entry=entry, inputs=inputs, request=request, limits=limits)


def available() -> str | None:
    """Return None when a sandbox works here, else the reason (`sandbox_unavailable`)."""
    if _Chosen.wall is None and time.monotonic() - _Chosen.tried_at > RECHECK_S:
        _Chosen.tried_at = time.monotonic()
        _choose()
    return None if _Chosen.wall else "sandbox_unavailable"


def _choose() -> None:
    for name, wall in walls():
        if _holds(name, wall):
            _Chosen.wall, _Chosen.name = wall, name
            return


def _holds(name: str, wall: Wall) -> bool:
    """Say whether a child starts inside this wall and finds itself shut in."""
    probe = Limits(cpu_s=20, wall_s=20)
    try:
        result = _run_in(wall, entry="documents.shut_in.probe", inputs={}, request={}, limits=probe)
    except (Invalid, TooLarge, OSError):
        log.info("sandbox %s does not work here", name, exc_info=True)
        return False
    result.remove()
    return result.reply == {"shut_in": True}


def _run_in(
    wall: Wall, *, entry: str, inputs: Mapping[str, Path], request: Mapping[str, Any], limits: Limits
) -> SandboxResult:
    with _workdir() as work:
        binds = [(HERE / "inside.py", "/code/inside.py"), *_code(entry)]
        named = {name: f"/in/file{number}" for number, name in enumerate(inputs)}
        binds += [(_readable(path, work / f"file{n}"), f"/in/file{n}") for n, path in enumerate(inputs.values())]
        (work / "root").mkdir()
        command = (sys.executable, "-I", "/code/inside.py")
        plan = Plan(command, tuple(binds), limits.scratch_bytes, work / "root")
        job = {"entry": entry, "code": "/code", "inputs": named, "request": request, "limits": limits.as_request()}
        _talk(wall(plan), job=job, spool=work / "stream", limits=limits)
        return _taken_back(work / "stream")


def _code(entry: str) -> list[tuple[Path, str]]:
    """Return the only code of the project the child sees: the package of the entry."""
    package = entry.rpartition(".")[0].replace(".", "/")
    return [(Path(settings.BASE_DIR) / package, f"/code/{package}")]


@contextmanager
def _workdir() -> Iterator[Path]:
    work = Path(tempfile.mkdtemp(prefix="amlak-sandbox-"))
    try:
        work.chmod(0o711)
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _readable(path: Path, copy: Path) -> Path:
    """Return the file itself, or for root a copy that the account of the child may read."""
    if os.geteuid() != 0:
        return path.resolve(strict=True)
    shutil.copyfile(path, copy)
    copy.chmod(0o444)
    return copy


def _talk(argv: list[str], *, job: Mapping[str, Any], spool: Path, limits: Limits) -> None:
    """Start the child, give it its job, spool what it writes; raise a refusal when it does not end well."""
    process = subprocess.Popen(  # noqa: S603 - argv is made of our own paths only
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin")},
        cwd="/",
    )
    try:
        _give(process, job)
        with spool.open("wb") as file:
            loud = collect(process, into=file, limit=limits.output_bytes, seconds=limits.wall_s)
    except (OutOfTimeError, subprocess.TimeoutExpired):
        raise _timeout() from None
    except OutputTooLargeError:
        raise TooLarge("sandbox_output", _("The file unfolds to more than may be taken in.")) from None
    finally:
        _end(process)
    if process.returncode:
        log.warning("sandboxed child ended with %s: %s", process.returncode, loud.decode("utf-8", "replace")[-2000:])
        _refuse(process.returncode)


def _give(process: subprocess.Popen[bytes], job: Mapping[str, Any]) -> None:
    assert process.stdin is not None  # noqa: S101 - it was asked for
    with suppress(BrokenPipeError):  # it died before reading: its exit code says why
        process.stdin.write(json.dumps(job).encode() + b"\n")
        process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the child and all it started; its namespace dies with it."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr, process.stdin):
        if pipe is not None:
            pipe.close()


def _refuse(code: int) -> NoReturn:
    """Turn an exit code into the refusal it means."""
    ended_by = code - 128 if code > 128 else -code
    if ended_by in (signal.SIGXCPU, signal.SIGKILL):
        raise _timeout()
    if code == NO_MEMORY:
        raise TooLarge("sandbox_memory", _("Reading the file takes more memory than is allowed."))
    raise Invalid("sandbox_failed", _("The file could not be read: its contents broke the reader."))


def _timeout() -> Invalid:
    return Invalid("sandbox_timeout", _("Reading the file takes longer than is allowed."))


def _reply(path: Path) -> dict[str, Any]:
    if path.stat().st_size > REPLY_BYTES:
        raise BadStreamError
    reply = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(reply, dict):
        raise BadStreamError
    return reply


def _taken_back(spool: Path) -> SandboxResult:
    outdir = Path(tempfile.mkdtemp(prefix="amlak-read-"))
    try:
        with spool.open("rb") as stream:
            unpack(stream, outdir)
        reply = _reply(outdir / "reply.json")
    except (BadStreamError, OSError, ValueError, RecursionError) as error:
        shutil.rmtree(outdir, ignore_errors=True)
        log.warning("sandboxed child handed back nonsense: %r", error)
        raise Invalid("sandbox_failed", _("The file could not be read: its contents broke the reader.")) from None
    return SandboxResult(outdir, reply)
