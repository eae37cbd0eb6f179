"""A small machine of its own for backups: a private cluster with the real tables, a few rows, a document."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
OURS = re.compile(r"AMLAK_|DATABASE_URL|PG_|DJANGO_|PYTEST|PYTHONPATH")
CONTENT = b"%PDF-1.7 a deed"
LIB = ". script/lib.sh; prepare_state; ensure_postgres; ensure_python; cluster_paths; ensure_secrets; "


def dsn_of(url: str) -> str:
    """Return what psycopg2 and PostgreSQL's programs connect with."""
    found = re.fullmatch(r"postgis://([^:]+):([^@]+)@([^/]+)/(.+)", url)
    assert found, url
    user, password, host, name = found.groups()
    return f"host={unquote(host)} user={user} password={password} dbname={name}"


def programs() -> Path:
    """Return the folder of PostgreSQL's programs."""
    told = subprocess.run(
        ["bash", "-c", ". script/lib.sh; pg_with_postgis"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return Path(told.stdout)


@dataclass(frozen=True)
class Machine:
    """A state folder and the environment of somebody who has set nothing else."""

    state: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
        return {**kept, "AMLAK_STATE_DIR": str(self.state), "AMLAK_VENV": sys.prefix}

    def bash(self, script: str, check: bool = True) -> str:
        told = subprocess.run(
            ["bash", "-c", LIB + script], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert not check or told.returncode == 0, told.stdout + told.stderr
        return told.stdout.strip()

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*map(str, command)], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )

    def told(self, *command: str | Path) -> dict[str, Any]:
        """Run a command that succeeds; return the JSON object it printed."""
        ended = self.run(*command)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        found: dict[str, Any] = json.loads(ended.stdout)
        return found

    def start(self) -> None:
        self.bash("start_cluster; use_database amlak")

    def stop(self) -> None:
        self.bash("stop_cluster")

    def connect(self) -> Any:
        made = psycopg2.connect(dsn_of(self.bash('use_database amlak >&2; echo "$AMLAK_OWNER_DATABASE_URL"')))
        made.autocommit = True
        return made

    def add_person(self, cursor: Any, name: str) -> None:
        cursor.execute(
            "INSERT INTO authority_user (username, password, is_superuser, is_active, is_staff, name_ar, name_en, email,"
            " language, digits, theme) VALUES (%s, '!', false, true, false, '', '', '', 'ar', 'latn', 'light')",
            [name],
        )

    def people(self) -> dict[str, Any]:
        """Return who is there and since when."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT username, created_at FROM authority_user")
            return dict(cursor.fetchall())

    def kill(self) -> None:
        """Pull the plug: the server's parent is killed, its children die of it."""
        data = Path(self.bash('echo "$PGDATA"'))
        os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    @property
    def store(self) -> Path:
        return self.state / "documents"

    def fill(self, template: str) -> None:
        """Make the tables as the tests' own template has them, and a person with a document."""
        self.start()
        owner = self.bash('use_database amlak >&2; echo "$AMLAK_OWNER_DATABASE_URL"')
        # only what migrations made: the extensions are there
        whole = (
            f'"$BIN/pg_dump" --schema=public --exclude-table-data=spatial_ref_sys -O -x -d "{dsn_of(template)}" | grep -v "^CREATE SCHEMA public"'
            f' | "$BIN/psql" -Xq -v ON_ERROR_STOP=1 -d "{dsn_of(owner)}" >/dev/null'
        )
        self.bash(whole)
        sha = hashlib.sha256(CONTENT).hexdigest()
        place = self.store / sha[:2] / sha[2:4] / sha
        place.parent.mkdir(parents=True)
        place.write_bytes(CONTENT)
        with self.connect() as connection, connection.cursor() as cursor:
            self.add_person(cursor, "clerk")
            cursor.execute(
                "INSERT INTO documents_document (id, sha256, size, media_type, filename, kind, state, governorate,"
                " created_by_id, created_at) SELECT gen_random_uuid(), %s, %s, 'application/pdf', 'a.pdf', 'deed', 'CLEAN',"
                " '', id, now() FROM authority_user WHERE username = 'clerk'",
                [sha, len(CONTENT)],
            )
