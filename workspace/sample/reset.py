"""Empties the register of a sample site. The application's role may not: the owner of the tables does it."""

from __future__ import annotations

import os

import dj_database_url
import psycopg2
from django.apps import apps
from django.core.management.base import CommandError
from django.db import connection
from psycopg2.extensions import make_dsn

from authority import training

# Rooms whose tables hold nothing but what the sample or its users made.
ROOMS = (
    *("authority", "parties", "documents", "search", "tiles", "jobs", "parcels"),
    *("cases", "surveys", "leases", "encroachments", "custody", "litigation", "correspondence", "exports"),
)
KEPT = frozenset({"cases_workflowstep", "authority_trainingmark"})  # come with the tables themselves
# Rows that come with the tables and point at people: emptying the people empties them too, so they are put back.
PUT_BACK = {"law_legalrule": "proposed_by_id IS NULL AND state = 'IN_FORCE'"}


def tables() -> list[str]:
    """Return the tables that are emptied."""
    names = {model._meta.db_table for room in ROOMS for model in apps.get_app_config(room).get_models(True)}
    return sorted(names - KEPT)


def _guarded(verb: str) -> str:
    """Return what switches the guards of append-only tables; only the owner may, and only a sample is ever emptied."""
    return "; ".join(f'ALTER TABLE "{name}" {verb} TRIGGER USER' for name in tables())


def empty(*, only_marked: bool = False) -> None:
    """Empty them; needs AMLAK_OWNER_DATABASE_URL.

    With `only_marked` the very connection that empties has to find the database's mark of training: the address may
    name another database than the one that the site runs on. Raises Conflict `not_training`.
    """
    url = os.environ.get("AMLAK_OWNER_DATABASE_URL")
    if not url:
        raise CommandError("--reset needs AMLAK_OWNER_DATABASE_URL: only the owner of the tables may empty them")
    connection.close()
    found = dj_database_url.parse(url)
    wanted = {"dbname": found["NAME"], "user": found["USER"], "password": found["PASSWORD"]}
    wanted |= {key.lower(): str(found[key]) for key in ("HOST", "PORT") if found[key]}
    own = psycopg2.connect(make_dsn(**wanted))
    try:
        with own, own.cursor() as cursor:
            if only_marked:
                _require_mark(cursor)
            cursor.execute(_guarded("DISABLE"))
            for table, rows in PUT_BACK.items():
                cursor.execute(f"CREATE TEMP TABLE kept_{table} ON COMMIT DROP AS SELECT * FROM {table} WHERE {rows}")  # noqa: S608 - constants
            cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables()) + " RESTART IDENTITY CASCADE")
            for table in PUT_BACK:
                _put_back(cursor, table)
            cursor.execute(_guarded("ENABLE"))
    finally:
        own.close()


def _put_back(cursor: psycopg2.extensions.cursor, table: str) -> None:
    """Write the rows again that came with the table, as they were on its first day; what users changed is gone.

    A row that an amendment closed stands again; what the amendment left of its days was written later and gives way.
    """
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [table],
    )
    columns = (cursor.fetchone() or ("",))[0]
    cursor.execute(f"UPDATE kept_{table} SET recorded_range = tstzrange(lower(recorded_range), NULL)")  # noqa: S608 - constants
    kept = f"SELECT {columns} FROM kept_{table} ORDER BY id"  # noqa: S608 - names of the catalogue
    cursor.execute(f"INSERT INTO {table} ({columns}) {kept} ON CONFLICT DO NOTHING")
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 - constants


def _require_mark(cursor: psycopg2.extensions.cursor) -> None:
    cursor.execute("SELECT EXISTS (SELECT FROM authority_trainingmark)")
    found = cursor.fetchone()
    if found is None or not found[0]:
        raise training.not_training()
