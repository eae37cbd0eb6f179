"""Is a backup what it says it is? Every fault is named: which part, which file, why."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backups.documents import stored
from backups.folder import SEGMENT, BackupError, Folder, read_json, sha256
from backups.full import FORMAT

WANTED = ("name", "lsn", "server", "tables", "sha256", "documents", "migrations", "database", "exact")


@dataclass(frozen=True)
class Fault:
    """Something that is not as the manifest says."""

    part: str  # manifest | base | wal | documents
    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.part}: {self.path}: {self.why}"


def manifest_of(folder: Folder, name: str) -> dict[str, Any]:
    """Return a backup's manifest; raises BackupError with what is wrong with it."""
    path = folder.base(name) / "manifest.json"
    try:
        manifest = read_json(path)
        noted = (folder.base(name) / "manifest.sha256").read_text().strip()
    except FileNotFoundError as error:
        raise BackupError(f"{Path(str(error.filename)).name} is missing") from None
    except (ValueError, OSError):
        raise BackupError("manifest.json cannot be read") from None
    if sha256(path) != noted:
        raise BackupError("manifest.json is not the one that was sealed")
    if manifest.get("format") != FORMAT or any(key not in manifest for key in WANTED):
        raise BackupError("manifest.json is not of this version")
    if manifest["name"] != name:
        raise BackupError(f"manifest.json is that of another backup ({manifest['name']})")
    return manifest


def faults(folder: Folder, name: str, programs: Path) -> list[Fault]:
    """Return everything that is wrong with a backup; empty where it can be relied on."""
    try:
        manifest = manifest_of(folder, name)
    except BackupError as error:
        return [Fault("manifest", f"base/{name}/manifest.json", str(error))]
    base = folder.base(name)
    return [*_sealed(base, manifest), *_base(base, name, programs), *_log(folder, base), *_documents(folder, base)]


def _sealed(base: Path, manifest: dict[str, Any]) -> Iterator[Fault]:
    """Compare the files whose hashes the manifest holds."""
    for path, noted in manifest["sha256"].items():
        part = {"data": "base", "wal": "wal"}.get(path.split("/")[0], "documents")
        if not (base / path).is_file():
            yield Fault(part, f"base/{base.name}/{path}", "is missing")
        elif sha256(base / path) != noted:
            yield Fault(part, f"base/{base.name}/{path}", "does not hold the bytes that were sealed")
    for path in (base / "wal").glob("*"):
        if f"wal/{path.name}" not in manifest["sha256"]:
            yield Fault("wal", f"base/{base.name}/wal/{path.name}", "is not in the manifest")


def _base(base: Path, name: str, programs: Path) -> Iterator[Fault]:
    """Let PostgreSQL compare every file of the cluster with its own manifest (SHA-256)."""
    label = base / "data" / "backup_label"
    if not label.is_file() or f"LABEL: {name}\n" not in label.read_text(errors="replace"):
        yield Fault("base", f"base/{name}/data/backup_label", "is not this backup's")
    told = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [str(programs / "pg_verifybackup"), "--no-parse-wal", "--quiet", str(base / "data")],
        capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    for line in told.stderr.splitlines():
        why = line.partition("error: ")[2] or line
        named = re.search(r'"([^"]+)"', why)
        yield Fault("base", f"base/{name}/data/{named.group(1) if named else ''}", why)
    if told.returncode and not told.stderr:
        yield Fault("base", f"base/{name}/data", f"pg_verifybackup ended with {told.returncode}")


def _log(folder: Folder, base: Path) -> Iterator[Fault]:
    """Compare the continuous part since this backup with its hashes and look for holes in each timeline."""
    first = min((path.name for path in (base / "wal").glob("*") if SEGMENT.match(path.name)), default="")
    before = None
    for path in (path for path in folder.segments() if path.name[8:] >= first[8:]):
        noted = folder.sums / path.name
        if noted.exists() and noted.read_text().strip() != sha256(path):
            yield Fault("wal", f"wal/{path.name}", "does not hold the bytes that were received")
        if before and before[:8] == path.name[:8] and number(path.name) != number(before) + 1:
            yield Fault("wal", f"wal/{segment(before[:8], number(before) + 1)}", "is missing")
        before = path.name
    for noted in sorted(folder.sums.glob("*")):
        if SEGMENT.match(noted.name) and not (folder.wal / noted.name).exists() and before and noted.name >= before:
            yield Fault("wal", f"wal/{noted.name}", "is missing")


def number(name: str) -> int:
    """Return the place of a segment (16 MB each) in its timeline."""
    return int(name[8:16], 16) * 256 + int(name[16:24], 16)


def segment(timeline: str, place: int) -> str:
    """Return the name of a segment."""
    return f"{timeline}{place // 256:08X}{place % 256:08X}"


def _documents(folder: Folder, base: Path) -> Iterator[Fault]:
    """Compare every document with its name, and the list with what is there."""
    for path in stored(folder.files):
        if sha256(path) != path.name:
            yield Fault("documents", str(path.relative_to(folder.root)), "does not hold the bytes of its name")
    listed = base / "documents.txt"
    for sha in listed.read_text().split() if listed.is_file() else ():
        if not folder.file(sha).is_file():
            yield Fault("documents", str(folder.file(sha).relative_to(folder.root)), "is missing")
