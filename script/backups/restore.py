"""Restoring: the cluster to a point in time, and the documents, where nothing is yet."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from backups.cluster import Cluster
from backups.documents import copied, stored
from backups.folder import BackupError, Folder
from backups.verify import Fault, faults, manifest_of

OWN, LATEST = "own", "latest"  # the moment of the manifest; as far as the log goes


class Unsound(BackupError):  # noqa: N818 - it is the backup that is unsound
    """A backup with faults is not restored."""

    def __init__(self, found: list[Fault]) -> None:
        self.faults = found
        super().__init__("; ".join(map(str, found[:5])) + (f" and {len(found) - 5} more" if len(found) > 5 else ""))


def chosen(folder: Folder, to: str, name: str | None = None) -> str:
    """Return the full backup to begin with: the named one, else the newest that is older than the wanted moment."""
    names = folder.names()
    if name is not None and name not in names:
        raise BackupError(f"there is no backup {name} in {folder.root}")
    if to in (OWN, LATEST):
        fitting = names
    else:
        fitting = [found for found in names if datetime.fromisoformat(_taken_at(folder, found)) <= moment(to)]
    if not fitting:
        raise BackupError(f"there is no full backup in {folder.root}" + ("" if not names else f" from before {to}"))
    return name or fitting[-1]


def _taken_at(folder: Folder, name: str) -> str:
    try:
        return str(manifest_of(folder, name)["taken_at"])
    except BackupError:
        return f"{datetime.strptime(name, '%Y%m%dT%H%M%SZ'):%Y-%m-%dT%H:%M:%S}+00:00"


def moment(text: str) -> datetime:
    """Read a moment with its zone; raises BackupError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BackupError(f"--to takes a moment like 2026-11-25T14:30:00+02:00, not {text}") from None
    if found.tzinfo is None:
        raise BackupError("--to needs the zone of its moment: 2026-11-25T14:30:00+02:00")
    return found


def target(manifest: dict[str, Any], to: str) -> str:
    """Return PostgreSQL's settings for where recovery ends."""
    if to == OWN:
        # what stands at the moment is not part of it: the first record from there on ends recovery
        return f"recovery_target_lsn = '{manifest['lsn']}'\nrecovery_target_inclusive = off"
    return "" if to == LATEST else f"recovery_target_time = '{moment(to).isoformat()}'"


def log_for(folder: Folder, name: str, to: str, programs: Path) -> dict[str, Path]:
    """Return the segments that recovery may read, by their names."""
    found = {path.name: path for path in (folder.base(name) / "wal").iterdir()}
    if to == OWN:
        return found
    found |= {path.name: path for path in folder.wal.glob("*") if path.is_file() and path.name[0] != "."}
    for path in [path for path in found.values() if path.suffix == ".partial"]:
        del found[path.name]
        rival = found.get(path.stem)
        if rival is None or reach(path, programs) > reach(rival, programs):
            found[path.stem] = path
    first = min(path.name[8:] for path in (folder.base(name) / "wal").iterdir())
    return {key: path for key, path in found.items() if key[8:] >= first or key.endswith(".history")}


def reach(path: Path, programs: Path) -> int:
    """Return how many records of the log a segment holds; the program wants it under its own name."""
    with tempfile.TemporaryDirectory(prefix="amlak-wal-") as aside:
        named = Path(aside) / path.name.removesuffix(".partial")
        shutil.copy(path, named)
        told = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [str(programs / "pg_waldump"), "--stats", str(named)], capture_output=True, text=True, check=False
        )
    total = [line for line in told.stdout.splitlines() if line.startswith("Total")]
    return int(total[0].split()[1]) if total else 0


def copy_tree(source: Path, into: Path) -> None:
    """Copy a tree, sharing blocks where the disk can."""
    subprocess.run(["cp", "-a", "--reflink=auto", "--", str(source), str(into)], check=True)  # noqa: S603, S607


def restore_cluster(folder: Folder, name: str, to: str, cluster: Cluster) -> dict[str, Any]:
    """Make and recover a cluster from a sound backup; return its manifest. Raises Unsound, BackupError."""
    if found := faults(folder, name, cluster.programs):
        raise Unsound(found)
    if cluster.data.exists() and any(cluster.data.iterdir()):
        raise BackupError(f"{cluster.data} is not empty: nothing is restored over what is there")
    manifest = manifest_of(folder, name)
    _refuse_other_major(manifest, cluster.programs)
    if cluster.data.exists():
        cluster.data.rmdir()
    cluster.data.parent.mkdir(parents=True, exist_ok=True)
    copy_tree(folder.base(name) / "data", cluster.data)
    for segment, path in log_for(folder, name, to, cluster.programs).items():
        shutil.copy(path, cluster.data / "pg_wal" / segment)
    cluster.data.chmod(0o700)
    cluster.configure(target(manifest, to))
    cluster.start()
    return manifest


def _refuse_other_major(manifest: dict[str, Any], programs: Path) -> None:
    told = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[2]
    wanted = manifest["server"]["postgres"].split(".")[0]
    if told.split(".")[0] != wanted:
        raise BackupError(f"the backup is of PostgreSQL {wanted}, this machine has {told}: install postgresql-{wanted}")


def restore_documents(folder: Folder, store: Path) -> int:
    """Copy the documents into a store; files that are there stay. Return how many were copied."""
    return sum(copied(path, store / path.name[:2] / path.name[2:4] / path.name) for path in stored(folder.files))
