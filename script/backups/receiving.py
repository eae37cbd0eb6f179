"""Receiving the write-ahead log as it is written (`pg_receivewal`): what is committed is here a moment later."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from backups.folder import SEGMENT, BackupError, sha256
from backups.server import Server, one, rows

WAIT_SECONDS = 60.0


class Receiver:
    """One `pg_receivewal` that writes into a folder; each record is synced before it is confirmed."""

    def __init__(self, server: Server, into: Path, name: str, slot: str | None = None) -> None:
        self.server, self.into, self.name, self.slot = server, into, name, slot
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to receive."""
        self.into.mkdir(mode=0o700, parents=True, exist_ok=True)
        more = ["-D", str(self.into), "--synchronous", "--no-loop", *(["--slot", self.slot] if self.slot else [])]
        log = (self.into / ".log").open("ab")
        self.process = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            self.server.command("pg_receivewal", *more),
            env=self.server.environment(PGAPPNAME=self.name),
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        log.close()

    def alive(self) -> bool:
        """Say whether it still receives."""
        return self.process is not None and self.process.poll() is None

    def last_word(self) -> str:
        """Return the last line it said."""
        lines = (self.into / ".log").read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "pg_receivewal said nothing"

    def stop(self) -> None:
        """End it; what it has received stays."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def wait_for(self, connection: Any, place: str) -> None:
        """Wait until everything up to a place of the log is synced here; raises BackupError."""
        ask = "SELECT count(*) FROM pg_stat_replication WHERE application_name = %s AND flush_lsn >= %s::pg_lsn"
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            if not self.alive():
                raise BackupError(f"the log is not received: {self.last_word()}")
            if one(connection, ask, [self.name, place]):
                return
            time.sleep(0.05)
        raise BackupError(f"the log is not received up to {place} within {WAIT_SECONDS:g} s")

    def wait_until_streaming(self, connection: Any) -> None:
        """Wait for its first sign."""
        self.wait_for(connection, "0/0")


def ensure_slot(connection: Any, slot: str) -> None:
    """Make the place holder that keeps the server from throwing away what was not received yet."""
    if not rows(connection, "SELECT 1 FROM pg_replication_slots WHERE slot_name = %s", [slot]):
        rows(connection, "SELECT pg_create_physical_replication_slot(%s, true)", [slot])


def close_tail(folder: Path) -> None:
    """Give the last, unfinished segment of a folder that receives no more its final name."""
    for path in folder.glob("*.partial"):
        path.replace(path.with_suffix(""))


def note_sums(wal: Path, sums: Path) -> int:
    """Write the hash of each finished segment that has none; return how many."""
    noted = 0
    for path in wal.glob("*"):
        if SEGMENT.match(path.name) and not (sums / path.name).exists():
            (sums / path.name).write_text(sha256(path) + "\n")
            noted += 1
    return noted


def sync(path: Path) -> None:
    """Make sure that a folder's entries are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
