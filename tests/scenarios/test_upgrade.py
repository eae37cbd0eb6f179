"""The last release's database, with its data, comes up to this version: nothing of it is lost."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.scenarios.backups import ROOT, Machine

RELEASE = "300baad"  # the foundation
# what a newer version may fill or empty by itself
OWN = ("django_", "auth_", "cases_workflowstep", "tiles_", "search_", "jobs_", "amlak_cache", "law_", "axes_")

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(not os.environ.get("AMLAK_PRIVATE"), reason="needs PostgreSQL's own programs"),
    pytest.mark.skipif(not os.environ.get("AMLAK_SOAK"), reason="takes minutes: AMLAK_SOAK=1 runs it"),
    pytest.mark.skipif(
        subprocess.run(["git", "cat-file", "-e", f"{RELEASE}^{{commit}}"], cwd=ROOT, check=False).returncode != 0,
        reason="the history of the last release is not here",
    ),
]

DIGEST = "SELECT coalesce(sum(hashtextextended(concat_ws('|', {columns}), 0)), 0)::text, count(*) FROM {table}"


def content(
    machine: Machine, columns: dict[str, list[str]] | None = None
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the columns of each table and one digest of its rows over the given columns."""
    connection = machine.connect()
    with connection.cursor() as cursor:
        cursor.execute("SET TimeZone TO 'UTC'")
        cursor.execute(
            "SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.column_name) FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name) WHERE c.table_schema = 'public'"
            " AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' AND c.table_name <> 'spatial_ref_sys' GROUP BY 1"
        )
        found = {table: names for table, names in cursor.fetchall() if not table.startswith(OWN)}
        digests = {}
        for table, names in (columns or found).items():
            told = ", ".join(f'"{name}"' for name in names if name in found.get(table, []))
            cursor.execute(DIGEST.format(columns=told, table=table))
            digest, count = cursor.fetchone()
            digests[table] = f"{count} rows {digest}"
    connection.close()
    return columns or found, digests


def test_the_last_release_with_its_data_comes_up_to_this_version() -> None:
    with TemporaryDirectory(prefix="amlak-upgrade-", dir="/var/tmp") as folder:
        place = Path(folder)
        place.chmod(0o711)
        old, machine = place / "old", Machine(place / "state")
        machine.state.mkdir(mode=0o711)
        old.mkdir()
        packed = subprocess.run(["git", "archive", RELEASE], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x"], cwd=old, input=packed, check=True)
        machine.start()
        try:
            for command in ("migrate --verbosity 0", "createcachetable", "grant_app_role", "sample --parcels 300"):
                machine.bash(f'use_database amlak; export AMLAK_SAMPLE=1; cd "{old}"; "$PY" manage.py {command}')
            columns, before = content(machine)
            assert sum(int(told.split()[0]) for told in before.values()) > 1000
            ended = machine.run("script/upgrade", place / "kept")
            assert ended.returncode == 0, ended.stdout + ended.stderr
            _columns, after = content(machine, columns)
            assert {table: told for table, told in before.items() if after[table].split()[0] != told.split()[0]} == {}
            changed = sorted(table for table in before if after[table] != before[table])
            assert changed == [], changed
            drill = machine.run("script/drill", place / "kept")
            # the backup is the old release's: everything of it is sound but that newer tables are missing
            told = json.loads(drill.stdout)["checks"]
            assert (told["rows"], told["amcheck"], told["documents"]) == ([], [], [])
            assert [
                fault for fault in told["site"] if "migrations_missing" not in fault and "answered" not in fault
            ] == []
        finally:
            machine.stop()
