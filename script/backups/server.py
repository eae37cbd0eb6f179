"""The PostgreSQL server a backup is taken of: its connection, its programs, what it holds at one moment."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import make_dsn

from backups.folder import BackupError

QUIET_TRIES = 200
DIGEST_ROWS = 50_000  # tables up to this size are proven row by row, larger ones by their number
TRANSIENT = ("django_session", "amlak_cache", "jobs_heartbeat")


@dataclass(frozen=True)
class Server:
    """A connection that may replicate and read every table, and the folder of PostgreSQL's programs."""

    host: str
    port: str
    user: str
    password: str
    database: str
    programs: Path

    @classmethod
    def of(cls, url: str, programs: Path) -> Server:
        """Read postgis://user:password@host:port/name; a socket's folder as host is %2Fpath."""
        parts = urlsplit(url)
        host = unquote(parts.netloc.rpartition("@")[2].partition(":")[0]) or parse_qs(parts.query).get("host", [""])[0]
        name = parts.path.strip("/")
        if not host or not parts.username or not name:
            raise BackupError("AMLAK_BACKUP_DATABASE_URL is not a connection (postgis://user:password@host/name)")
        port = "" if host.startswith("/") or "%2F" in parts.netloc else str(parts.port or "")
        return cls(host, port or "5432", unquote(parts.username), unquote(parts.password or ""), name, programs)

    def connect(self) -> Any:
        """Open a connection; raises BackupError."""
        told = {"host": self.host, "port": self.port, "user": self.user, "password": self.password}
        dsn = make_dsn(**told, dbname=self.database, connect_timeout="10", application_name="amlak_backup")
        try:
            made = psycopg2.connect(dsn)
        except psycopg2.Error as error:
            raise BackupError(f"the database cannot be reached: {str(error).strip().splitlines()[0]}") from None
        made.autocommit = True
        return made

    def command(self, program: str, *arguments: str) -> list[str]:
        """Return a command of PostgreSQL's against this server."""
        where = ["-h", self.host, "-p", self.port, "-U", self.user, "--no-password"]
        return [str(self.programs / program), *where, *arguments]

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of those commands; the password is in no command line."""
        return {**os.environ, "PGPASSWORD": self.password, "LC_ALL": "C.UTF-8", **more}

    def run(self, program: str, *arguments: str) -> None:
        """Run a command to its end; raises BackupError with its last line."""
        told = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            self.command(program, *arguments), env=self.environment(), capture_output=True, text=True, check=False
        )
        if told.returncode:
            raise BackupError(f"{program} failed: {(told.stderr.strip().splitlines() or ['no word'])[-1]}")


def rows(connection: Any, statement: Any, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return what a question answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def one(connection: Any, statement: Any, values: Sequence[Any] = ()) -> Any:
    """Return the single value that a question answers."""
    return rows(connection, statement, values)[0][0]


@contextmanager
def moment(connection: Any) -> Iterator[tuple[str, bool]]:
    """Read one state of the database; yield its place in the log, and whether the two belong together exactly.

    They do where nothing was written while the state was taken: the log stood still and no transaction was open.
    """
    for _ in range(QUIET_TRIES):
        before = one(connection, "SELECT pg_current_wal_insert_lsn()::text")
        with connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        place, alone = rows(
            connection,
            "SELECT pg_current_wal_insert_lsn()::text, pg_snapshot_xmin(s) = pg_snapshot_xmax(s)"
            " FROM pg_current_snapshot() AS s",
        )[0]
        if exact := (place == before and alone):
            break
        rows(connection, "COMMIT; SELECT 1")
        time.sleep(0.02)
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        place, exact = one(connection, "SELECT pg_current_wal_insert_lsn()::text"), False
    try:
        yield place, exact
    finally:
        with connection.cursor() as cursor:
            cursor.execute("COMMIT")


def tables(connection: Any) -> dict[str, dict[str, Any]]:
    """Return for each table its rows and, where it is not large, one digest over all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SET TimeZone TO 'UTC'; SET DateStyle TO 'ISO'; SET extra_float_digits TO 1")
    found = rows(
        connection,
        "SELECT relname FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p'"
        " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') ORDER BY relname",
    )
    return {name: _measured(connection, name) for (name,) in found}


def _measured(connection: Any, name: str) -> dict[str, Any]:
    table = sql.Identifier("public", name)
    measured: dict[str, Any] = {"rows": one(connection, sql.SQL("SELECT count(*) FROM {}").format(table))}
    if measured["rows"] <= DIGEST_ROWS:
        digest = sql.SQL("SELECT coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {} AS t").format(table)
        measured["digest"] = one(connection, digest)
    return measured


def balances(connection: Any) -> dict[str, str]:
    """Return the sum of each column of money: what the office is owed and has received."""
    columns = rows(
        connection,
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type = 'numeric' AND table_name ~ '^(leases|ledger|money|valuation|payments)_' ORDER BY 1, 2",
    )
    ask = sql.SQL("SELECT coalesce(sum({}), 0)::text FROM {}")
    return {
        f"{table}.{column}": one(connection, ask.format(sql.Identifier(column), sql.Identifier("public", table)))
        for table, column in columns
    }


def documents(connection: Any) -> list[str]:
    """Return the hashes of all files that an open record speaks of."""
    # the column is younger than the first release, whose database is backed up before it is brought up to date
    open_ = "WHERE to_jsonb(d) ->> 'closed_at' IS NULL"
    found = rows(connection, f"SELECT DISTINCT sha256 FROM documents_document AS d {open_} ORDER BY 1")  # noqa: S608
    return [sha for (sha,) in found]


def versions(connection: Any) -> dict[str, Any]:
    """Return what a machine needs to take this backup up."""
    (identifier, timeline), *_ = rows(
        connection,
        "SELECT (SELECT system_identifier::text FROM pg_control_system()),"
        " (SELECT timeline_id FROM pg_control_checkpoint())",
    )
    return {
        "postgres": one(connection, "SHOW server_version"),
        "postgis": one(connection, "SELECT extversion FROM pg_extension WHERE extname = 'postgis'"),
        "system_identifier": identifier,
        "timeline": timeline,
        "superuser": one(connection, "SELECT rolname FROM pg_roles WHERE oid = 10"),
    }


def migrations(connection: Any) -> list[str]:
    """Return the migrations that made the tables."""
    return [f"{app}.{name}" for app, name in rows(connection, "SELECT app, name FROM django_migrations ORDER BY 1, 2")]
