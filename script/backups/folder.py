"""The folder of backups: what lies where, hashes, and files that are either whole or not there.

base/NAME/            one full backup: data/ (pg_basebackup), wal/ (makes it consistent), documents.txt, manifest.json
wal/, wal/sums/       the continuous part: every segment since the follower runs, and the hash of each finished one
files/ab/cd/HASH      the documents, each once
state.json            the follower's last sign of life
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

CHUNK = 1024 * 1024
SEGMENT = re.compile(r"^[0-9A-F]{24}$")
NAME = re.compile(r"^\d{8}T\d{6}Z$")
HASH = re.compile(r"^[0-9a-f]{64}$")


class BackupError(RuntimeError):
    """Something stands in the way; the message is one line for the operator."""


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def write_whole(path: Path, content: str) -> None:
    """Write a file so that a reader, and a power cut, find the old one or the new one."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object; raises ValueError or OSError."""
    found = json.loads(path.read_text())
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def now() -> datetime:
    """Return the moment."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Folder:
    """A folder of backups."""

    root: Path

    @property
    def wal(self) -> Path:
        """The segments of the continuous part."""
        return self.root / "wal"

    @property
    def sums(self) -> Path:
        """Their hashes."""
        return self.wal / "sums"

    @property
    def files(self) -> Path:
        """The documents."""
        return self.root / "files"

    @property
    def state(self) -> Path:
        """The follower's sign of life."""
        return self.root / "state.json"

    def prepare(self) -> None:
        """Make the folders, readable by their owner only."""
        for path in (self.root, self.root / "base", self.wal, self.sums, self.files):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def base(self, name: str) -> Path:
        """Return the folder of one full backup."""
        if not NAME.match(name):
            raise BackupError(f"{name} is not the name of a backup")
        return self.root / "base" / name

    def names(self) -> list[str]:
        """Return the full backups, the oldest first."""
        return sorted(path.name for path in (self.root / "base").glob("*") if NAME.match(path.name))

    def file(self, sha: str) -> Path:
        """Return where a document of this hash is kept."""
        return self.files / sha[:2] / sha[2:4] / sha

    def segments(self) -> Iterator[Path]:
        """Yield the finished segments of the continuous part in their order."""
        yield from sorted(path for path in self.wal.glob("*") if SEGMENT.match(path.name))
