"""The continuous part: the log as it is written, new documents, and a sign of life every few seconds."""

from __future__ import annotations

import fcntl
import json
import signal
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2

from backups import documents
from backups.folder import BackupError, Folder, now, read_json, write_whole
from backups.receiving import Receiver, ensure_slot, note_sums
from backups.server import Server, one

SLOT = "amlak_backup"
ROUND_SECONDS = 10.0
LATE_SECONDS = 60.0  # the promise: no more than this much of work is lost


class Follower:
    """Receives until told to stop; a broken connection is tried again every round."""

    def __init__(self, folder: Folder, source: Server, store: Path, every: float = ROUND_SECONDS) -> None:
        self.folder, self.source, self.store, self.every = folder, source, store, every
        self.receiver = Receiver(source, folder.wal, SLOT, SLOT)
        self.stopped = threading.Event()

    def run(self) -> None:
        """Work until TERM or Ctrl-C."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopped.set())
        self.folder.prepare()
        with (self.folder.root / ".follow.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BackupError(f"another process follows into {self.folder.root}") from None
            try:
                while not self.stopped.is_set():
                    self.round()
                    self.stopped.wait(self.every)
            finally:
                self.receiver.stop()

    def round(self) -> None:
        """Do one round; whatever fails is told in the sign of life and tried again by the next."""
        told: dict[str, Any] = {}
        try:
            told = self._received()
        except (BackupError, psycopg2.Error, OSError) as error:
            told = {"fault": str(error).strip().splitlines()[0]}
            sys.stderr.write(f"amlak: {told['fault']}\n")
            told["reached"] = self._last_reached()
        write_whole(self.folder.state, json.dumps({"at": now().isoformat(timespec="seconds"), **told}) + "\n")

    def _last_reached(self) -> str | None:
        try:
            reached: str | None = read_json(self.folder.state).get("reached")
        except (OSError, ValueError):
            return None
        return reached

    def _received(self) -> dict[str, Any]:
        connection = self.source.connect()
        try:
            if not self.receiver.alive():
                ensure_slot(connection, SLOT)
                self.receiver.start()
            reached = now().isoformat(timespec="seconds")
            # a commit of our own: what it reaches, everything committed before it has reached
            place = one(connection, "SELECT pg_logical_emit_message(true, 'amlak.beat', '')::text")
            self.receiver.wait_for(connection, one(connection, "SELECT pg_current_wal_flush_lsn()::text"))
        finally:
            connection.close()
        copied, faults = documents.copy_all(self.store, self.folder.files)
        note_sums(self.folder.wal, self.folder.sums)
        return {"reached": reached, "lsn": place, "documents": copied, **({"fault": faults[0]} if faults else {})}


def status(folder: Folder) -> dict[str, Any]:
    """Return how old the last full backup and the continuous part are, and what is late (threat D7)."""
    names = folder.names()
    told: dict[str, Any] = {"full": names[-1] if names else None, "late": []}
    try:
        state = read_json(folder.state)
        told["continuous"] = state
        reached = state.get("reached")
        age = time.time() - _seconds(reached) if reached else None
    except (OSError, ValueError):
        age = None
    told["continuous_age_seconds"] = None if age is None else round(age, 1)
    if age is None or age > LATE_SECONDS:
        told["late"].append("continuous")
    if not names or time.time() - _seconds(_moment_of(names[-1])) > 26 * 3600:
        told["late"].append("full")
    if told.get("continuous", {}).get("fault"):
        told["late"].append("fault")
    return told


def _moment_of(name: str) -> str:
    return f"{name[:4]}-{name[4:6]}-{name[6:11]}:{name[11:13]}:{name[13:15]}+00:00"


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
