"""A full backup: the cluster, the log that makes it consistent, the documents, and a manifest of what they hold."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from backups import documents, server
from backups.folder import BackupError, Folder, now, sha256, write_whole
from backups.receiving import Receiver, close_tail, sync
from backups.server import Server, one, rows

FORMAT = 1
# Never inside: whoever finds a backup must not be able to read national numbers or sign in anybody's name.
KEPT_APART = ("AMLAK_ID_KEY", "AMLAK_SECRET_KEY", "the signing key of the audit heads, where there is one")
ROOT = Path(__file__).resolve().parents[2]


def take(folder: Folder, source: Server, store: Path) -> Path:
    """Take a full backup; return its folder. Whatever fails on the way leaves nothing behind that looks like one."""
    folder.prepare()
    began = time.monotonic()
    name = f"{now():%Y%m%dT%H%M%SZ}"
    final, work = folder.base(name), folder.root / "base" / f".{name}.partial"
    if final.exists():
        raise BackupError("there is a backup of this very second; try again")
    work.mkdir(mode=0o700)
    try:
        manifest = _taken(folder, source, store, work, name)
        manifest["seconds"] = round(time.monotonic() - began, 1)
        _seal(work, manifest)
        work.rename(final)
        sync(final.parent)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return final


def _taken(folder: Folder, source: Server, store: Path, work: Path, name: str) -> dict[str, Any]:
    connection = source.connect()
    receiver = Receiver(source, work / "wal", f"amlak_{name}")
    try:
        _refuse_tablespaces(connection)
        receiver.start()
        receiver.wait_until_streaming(connection)
        asked = ["-D", str(work / "data"), "-F", "plain", "-X", "none", "-c", "fast", "-l", name]
        source.run("pg_basebackup", *asked, "--manifest-checksums=SHA256", "--no-sync")
        manifest = _described(connection, work, name, source.database)
        # a record behind the moment, so that a restore finds where to stop
        behind = one(connection, "SELECT pg_logical_emit_message(true, 'amlak.backup', %s)::text", [name])
        receiver.wait_for(connection, one(connection, "SELECT pg_current_wal_flush_lsn()::text"))
        manifest["behind_lsn"] = behind
    finally:
        receiver.stop()
        connection.close()
    close_tail(work / "wal")
    # after the moment: files are written before the rows that speak of them
    copied, faults = documents.copy_all(store, folder.files)
    manifest["documents"] |= {"copied": copied, "faults": faults}
    missing = [sha for sha in (work / "documents.txt").read_text().split() if not folder.file(sha).exists()]
    manifest["documents"]["missing"] = missing[:1000]
    return manifest


def _refuse_tablespaces(connection: Any) -> None:
    if one(connection, "SELECT count(*) FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')"):
        raise BackupError("the cluster has tablespaces of its own: move its tables to pg_default first")


def _described(connection: Any, work: Path, name: str, database: str) -> dict[str, Any]:
    """Return what the database holds at one moment behind the copy."""
    with server.moment(connection) as (place, exact):
        hashes = server.documents(connection)
        write_whole(work / "documents.txt", "".join(f"{sha}\n" for sha in hashes))
        return {
            "format": FORMAT,
            "name": name,
            "taken_at": now().isoformat(timespec="seconds"),
            "product": product(),
            "database": database,
            "server": server.versions(connection),
            "lsn": place,
            "exact": exact,
            "migrations": server.migrations(connection),
            "tables": server.tables(connection),
            "balances": server.balances(connection),
            "documents": {"count": len(hashes)},
            "kept_apart": KEPT_APART,
        }


def product() -> dict[str, str]:
    """Return the version of the program."""
    told = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607 - whichever git the machine has
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    line = next(line for line in (ROOT / "pyproject.toml").read_text().splitlines() if line.startswith("version"))
    return {"version": line.split('"')[1], "commit": told.stdout.strip()}


def _seal(work: Path, manifest: dict[str, Any]) -> None:
    (work / "wal" / ".log").unlink(missing_ok=True)
    manifest["sha256"] = {
        "data/backup_manifest": sha256(work / "data" / "backup_manifest"),
        "documents.txt": sha256(work / "documents.txt"),
        **{f"wal/{path.name}": sha256(path) for path in sorted((work / "wal").iterdir())},
    }
    write_whole(work / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    write_whole(work / "manifest.sha256", f"{sha256(work / 'manifest.json')}\n")


def prune(folder: Folder, keep: int) -> list[str]:
    """Remove all full backups but the newest `keep`, and the log that only they needed; return their names."""
    old = folder.names()[:-keep] if keep > 0 else []
    for name in old:
        shutil.rmtree(folder.base(name))
    if old and folder.names():
        first = min(path.name for path in (folder.base(folder.names()[0]) / "wal").iterdir())
        for path in [path for path in folder.segments() if path.name[8:] < first[8:]]:
            (folder.sums / path.name).unlink(missing_ok=True)
            path.unlink()
    return old


def slot_rows(connection: Any) -> list[tuple[Any, ...]]:
    """Return the slots of this cluster and how many bytes each holds back."""
    ask = "SELECT slot_name, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) FROM pg_replication_slots"
    return rows(connection, ask)
