"""Backup, restore and the work that a crash costs, of the whole cluster of the bench."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psycopg2
from backups.cluster import Cluster
from backups.folder import Folder
from backups.follow import Follower
from backups.full import take
from backups.restore import LATEST, OWN, restore_cluster, restore_documents
from backups.server import Server, one

from benches.databases import COPY, filled, wanted
from benches.figure import Figure, at_most

BEATS = 3.0  # seconds of work before the plug is pulled
FOLLOWED = 2.0  # seconds between the follower's rounds


def source() -> Server:
    """Return the bench's own server."""
    host = re.sub(r".*@([^/]+)/.*", r"\1", os.environ["DATABASE_URL"])
    plain = Server(unquote(host), "5432", "amlak_admin", os.environ["PG_ADMIN_PASSWORD"], COPY, Path())
    connection = plain.connect()
    parent = Path(one(connection, "SHOW data_directory")) / "postmaster.pid"
    connection.close()
    programs = Path(f"/proc/{parent.read_text().split()[0]}/exe").resolve().parent
    return Server(plain.host, plain.port, plain.user, plain.password, COPY, programs)


def account(data: Path) -> str:
    """Return the account that PostgreSQL runs as, where we are root."""
    return data.owner() if os.geteuid() == 0 else ""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield backup and restore in seconds, and the seconds of work that a crash costs."""
    filled(wanted())
    server, store = source(), Path(os.environ["AMLAK_DOCUMENT_STORE"])
    connection = server.connect()
    data = Path(one(connection, "SHOW data_directory"))
    size = float(one(connection, "SELECT sum(pg_database_size(oid)) FROM pg_database")) / 1e9
    connection.close()
    with tempfile.TemporaryDirectory(prefix="amlak-bench-", dir="/var/tmp") as place:
        Path(place).chmod(0o711)
        kept = Folder(Path(place) / "kept")
        first, second = (Cluster(Path(place, n), Path(place, f"run{n}"), server.programs, account(data)) for n in "ab")
        yield from _whole(server, store, kept, first, size)
        yield _crash(server, store, kept, second, data)


def _whole(server: Server, store: Path, kept: Folder, copy: Cluster, size: float) -> Iterator[Figure]:
    began = time.perf_counter()
    name = take(kept, server, store).name
    taken = time.perf_counter() - began
    restore_cluster(kept, name, OWN, copy)
    restore_documents(kept, copy.conf / "documents")
    both = time.perf_counter() - began
    copy.remove()
    plain = _copied(kept.base(name) / "data")
    yield at_most("backup_restore_s", both, 900, "s", peer=f"cp of the {size:.1f} GB cluster", peer_value=plain)
    yield at_most("backup_s", taken, 600, "s", peer=f"cp of the {size:.1f} GB cluster", peer_value=plain)


def _copied(data: Path) -> float:
    aside = data.parent / "cp"
    began = time.perf_counter()
    subprocess.run(["cp", "-a", "--reflink=never", str(data), str(aside)], check=True)  # noqa: S603, S607
    seconds = time.perf_counter() - began
    subprocess.run(["rm", "-rf", str(aside)], check=True)  # noqa: S603, S607
    return seconds


def _crash(server: Server, store: Path, kept: Folder, copy: Cluster, data: Path) -> Figure:
    """Kill the server in the middle of work, restore what was followed, and see what is missing."""
    follower = Follower(kept, server, store, FOLLOWED)
    follower.round()
    connection = server.connect()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_beat (at timestamptz)")
    stop = threading.Event()
    working = threading.Thread(target=_work, args=(connection, stop))
    working.start()
    time.sleep(BEATS)
    died = datetime.now(UTC)
    os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    working.join(30)
    follower.receiver.stop()
    try:
        restore_cluster(kept, kept.names()[-1], LATEST, copy)
        there = copy.server("amlak_admin", COPY).connect()
        last: Any = one(there, "SELECT max(at) FROM bench_beat")
        there.close()
    finally:
        copy.remove()
        _revive(server, data)
    lost = (died - last).total_seconds()
    return at_most("rpo_s", max(0.0, lost), 60, "s", peer="a nightly full backup alone", peer_value=86400)


def _work(connection: Any, stop: threading.Event) -> None:
    with connection.cursor() as cursor:
        while not stop.is_set():
            try:
                cursor.execute("INSERT INTO bench_beat VALUES (clock_timestamp())")
            except psycopg2.Error:
                return
            time.sleep(0.005)


def _revive(server: Server, data: Path) -> None:
    """Start the bench's own server again."""
    own = Cluster(data, data, server.programs, account(data))
    time.sleep(2)  # its children have noticed
    asked = [str(server.programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(data / "server.log"), "start"]
    subprocess.run(own.as_account(*asked), check=True, cwd="/", stdout=subprocess.DEVNULL)  # noqa: S603 - PostgreSQL's own program
    connection = server.connect()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_beat")
        cursor.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active")
    connection.close()
