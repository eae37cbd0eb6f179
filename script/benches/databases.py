"""The bench's databases: an empty one, a filled one of each size that is kept, and a copy that a run may spoil."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import dj_database_url
import psycopg2
from psycopg2.extensions import make_dsn

ROOT = Path(__file__).resolve().parents[2]
EMPTY, COPY, SMALL = "amlak_bench_empty", "amlak_bench_run", "amlak_bench_small"
SMALL_PARCELS = 5000


@dataclass(frozen=True)
class Filling:
    """How a sample was made: when, of which tables and code, in what time."""

    parcels: int
    seconds: float
    at: str
    source: str


def wanted() -> int:
    """Return how many parcels the bench stands on."""
    return int(os.environ["AMLAK_BENCH_PARCELS"])


def url_of(database: str, variable: str = "DATABASE_URL") -> str:
    """Return a connection of ours, to another database."""
    return re.sub(r"/[a-z0-9_]+$", f"/{database}", os.environ[variable])


def dsn(url: str) -> str:
    """Return what psycopg2 connects with."""
    found = dj_database_url.parse(url)
    given = {"dbname": found["NAME"], "user": found["USER"], "password": found["PASSWORD"]}
    return make_dsn(**given, **{key.lower(): str(found[key]) for key in ("HOST", "PORT") if found[key]})


def as_owner(database: str, *statements: str) -> None:
    """Run statements as the owner of the tables, each on its own."""
    own = psycopg2.connect(dsn(url_of(database, "AMLAK_OWNER_DATABASE_URL")))
    try:
        own.autocommit = True
        with own.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        own.close()


def drop(database: str) -> None:
    """Remove a database of the bench."""
    as_owner("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def make(database: str, like: str) -> None:
    """Make a database anew as the copy of another."""
    drop(database)
    as_owner("postgres", f"CREATE DATABASE {database} TEMPLATE {like} STRATEGY FILE_COPY")


def environment(database: str) -> dict[str, str]:
    """Return the environment of a process that works on a database."""
    told = {name: url_of(database, name) for name in ("DATABASE_URL", "AMLAK_OWNER_DATABASE_URL")}
    return {**os.environ, **told}


def fill(database: str, parcels: int) -> float:
    """Make the sample by its command, as a person would; return the seconds."""
    make(database, EMPTY)
    began = time.perf_counter()
    command = [sys.executable, "manage.py", "sample", "--parcels", str(parcels), "--seed", "1"]
    subprocess.run(command, cwd=ROOT, env=environment(database), check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    return time.perf_counter() - began


def kept(parcels: int) -> str:
    """Return the database in which the sample of a size is kept."""
    return f"amlak_bench_{parcels}"


def source() -> str:
    """Return what changes when the tables or the sample change."""
    files = [*ROOT.glob("*/migrations/*.py"), *(ROOT / "workspace" / "sample").glob("*.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()[:16]


def record_of(parcels: int) -> Path:
    """Return where it is noted how the sample of a size was made."""
    return Path(os.environ["AMLAK_STATE_DIR"]) / f"bench-{parcels}.json"


def filled(parcels: int) -> Filling:
    """Return how the sample of this size was made, making it where it is missing or of older tables."""
    record = record_of(parcels)
    if record.exists():
        found = Filling(**json.loads(record.read_text()))
        if found.source == source():
            return found
    database, of = kept(parcels), source()
    seconds = round(fill(database, parcels), 2)
    made = Filling(parcels, seconds, datetime.now(UTC).isoformat("T", "minutes"), of)
    as_owner(database, "VACUUM ANALYZE")  # what autovacuum does in the minutes after
    record.write_text(json.dumps(asdict(made)))
    return made


def take_copy() -> None:
    """Make the copy that this run works on, and let this process and its children use it."""
    filled(wanted())
    make(COPY, kept(wanted()))
    os.environ.update({name: url_of(COPY, name) for name in ("DATABASE_URL", "AMLAK_OWNER_DATABASE_URL")})
