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
    *("cases", "surveys", "leases", "encroachments", "exports"),
)
KEPT = frozenset({"cases_workflowstep", "authority_trainingmark"})  # come with the tables themselves


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
            cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables()) + " RESTART IDENTITY CASCADE")
            cursor.execute(_guarded("ENABLE"))
    finally:
        own.close()


def _require_mark(cursor: psycopg2.extensions.cursor) -> None:
    cursor.execute("SELECT EXISTS (SELECT FROM authority_trainingmark)")
    found = cursor.fetchone()
    if found is None or not found[0]:
        raise training.not_training()
