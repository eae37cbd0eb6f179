"""Files by the SHA-256 of their bytes: written beside, synced, moved into place, never overwritten."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from authority.refusal import Invalid, TooLarge

CHUNK = 1024 * 1024
HEAD = 4096


@dataclass(frozen=True)
class Kept:
    """A file in the store: hash, size in bytes, first bytes (at most 4,096)."""

    sha256: str
    size: int
    head: bytes


def root() -> Path:
    """Return the folder of the store."""
    return Path(settings.DOCUMENT_STORE)


def path_of(sha256: str) -> Path:
    """Return where the file of this hash lies."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256")
    return root() / sha256[:2] / sha256[2:4] / sha256


def aside_of(sha256: str) -> Path:
    """Return where the file of this hash waits before it is removed for good."""
    return root() / "aside" / path_of(sha256).name


def set_aside(path: Path) -> None:
    """Take a file out of the store without losing it; its days of grace count from now."""
    waiting = aside_of(path.name)
    waiting.parent.mkdir(parents=True, exist_ok=True)
    os.utime(path)
    path.replace(waiting)


def bring_back(sha256: str) -> bool:
    """Put a file that waits for its removal back into the store; say whether there was one."""
    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.utime(aside_of(sha256))
        aside_of(sha256).replace(target)
    except FileNotFoundError:
        return False
    return True


def chunks_of(file: IO[bytes] | File[Any]) -> Iterator[bytes]:
    """Yield the bytes of an uploaded or open file, piece by piece."""
    if isinstance(file, File):
        yield from file.chunks(CHUNK)
        return
    while piece := file.read(CHUNK):
        yield piece


def keep(file: IO[bytes] | File[Any], *, limit: int) -> Kept:
    """Write the file into the store; raises TooLarge beyond the limit (bytes) and Invalid when it is empty."""
    incoming = root() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=incoming)
    try:
        with os.fdopen(handle, "wb") as target:
            kept = _copy(file, target, limit)
            target.flush()
            os.fsync(target.fileno())
        _place(Path(name), path_of(kept.sha256))
    finally:
        Path(name).unlink(missing_ok=True)
    return kept


def _copy(file: IO[bytes] | File[Any], target: IO[bytes], limit: int) -> Kept:
    digest, size, head = hashlib.sha256(), 0, b""
    for piece in chunks_of(file):
        size += len(piece)
        if size > limit:
            raise TooLarge(
                "file_too_large", _("The file is larger than %(limit_mb)d MB."), limit_mb=limit // (1024 * 1024)
            )
        digest.update(piece)
        head = head if len(head) >= HEAD else head + piece[: HEAD - len(head)]
        target.write(piece)
    if not size:
        raise Invalid("file_empty", _("The file is empty."), advice=_("Choose the file again; it holds no data."))
    return Kept(digest.hexdigest(), size, head)


def _place(written: Path, target: Path) -> None:
    """Move the written file to its name; a file that is there already has the same bytes and stays."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written.chmod(0o440)
    try:
        os.link(written, target)
    except FileExistsError:
        os.utime(target)  # wanted again: the sweeper counts from now
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
