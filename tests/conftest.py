"""The test database is made by the owner of the tables and used by the application's role, as in service."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import OperationalError, connections, transaction
from django.test import testcases
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, sync_playwright

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
# Rows that come with the tables themselves.
KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission", "cases_workflowstep", "spatial_ref_sys"}
# Rows that come with the tables and point at people: emptying the people empties them too, so they are put back.
COPIED_TABLES: dict[str, list[str]] = {"law_legalrule": []}


def owner_credentials() -> dict[str, str]:
    """Return user and password of the role that owns the tables."""
    parsed = dj_database_url.parse(os.environ["AMLAK_OWNER_DATABASE_URL"])
    return {"USER": parsed["USER"], "PASSWORD": parsed["PASSWORD"]}


def as_owner() -> dict[str, str]:
    """Make the next connection the owner's; return the credentials that were there."""
    connection = connections["default"]
    before = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(owner_credentials())
    return before


def as_before(credentials: dict[str, str]) -> None:
    """Go back to the application's role."""
    connection = connections["default"]
    connection.close()
    connection.settings_dict.update(credentials)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_keepdb: bool, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Make the test database as owner, then hand it to the application's role."""
    with django_db_blocker.unblock():
        app = as_owner()
        made = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb)
        call_command("createcachetable", verbosity=0)
        from authority.grants import grant_app_role

        grant_app_role()
        leave_uncounted()
        keep_copies()
        as_before(app)
        from authority.training import marked

        marked()  # asked once by each process: no test counts that question
    yield
    with django_db_blocker.unblock():
        as_owner()
        if not django_db_keepdb:
            wait_until_alone()
            with suppress(OperationalError):  # a session outlived its test: the next run drops what is left
                teardown_databases(made, verbosity=0)


def leave_uncounted() -> None:
    """Keep autovacuum from counting tables whose rows are rolled back: it finds none in many pages, and from then on the
    planner takes whatever a test fills in for nothing."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relowner = current_user::regrole"
        )
        tables = [row[0] for row in cursor.fetchall()]
        cursor.execute("; ".join(f"ALTER TABLE {table} SET (autovacuum_enabled = off)" for table in tables))


def keep_copies() -> None:
    """Remember the rows that the migrations wrote."""
    for table, rows in COPIED_TABLES.items():
        with connections["default"].cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} AS t ORDER BY id")
            rows[:] = [row[0] for row in cursor.fetchall()]


def put_back(cursor: Any) -> None:
    """Write the remembered rows again, each under its own number."""
    for table, rows in COPIED_TABLES.items():
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            [table],
        )
        columns = cursor.fetchone()[0]
        for row in rows:
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)",
                [row],
            )
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def wait_until_alone(seconds: float = 20) -> None:
    """Wait until no server or worker of a test that just ended holds a session: then the database can go."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.2)


def empty_all_tables(self: testcases.TransactionTestCase) -> None:
    """Empty the tables after a test that committed; only the owner may."""
    app = as_owner()
    try:
        with transaction.atomic(), connections["default"].cursor() as cursor:
            tables = [t for t in connections["default"].introspection.table_names(cursor) if t not in KEPT_TABLES]
            # the append-only tables refuse even their owner: their triggers rest while a test is cleared away
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%is_never_emptied'"
            )
            closed = [row[0] for row in cursor.fetchall()]
            cursor.execute("; ".join(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in closed))
            cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables) + " RESTART IDENTITY CASCADE")
            put_back(cursor)
            cursor.execute("; ".join(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in closed))
    finally:
        as_before(app)


testcases.TransactionTestCase._fixture_teardown = empty_all_tables  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """WhiteNoise warns of a missing folder, and a warning is an error here."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """The same hashing with few rounds: a third of a second for each password is for those who guess."""
    PBKDF2PasswordHasher.iterations = 1_000


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, settings: Any) -> None:
    """Keep what a test stores apart."""
    settings.DOCUMENT_STORE = tmp_path / "documents"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; tests that need it are left out where it is missing."""
    folder = Path(os.environ.get("AMLAK_SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the real data is not here ({folder.name}): see docs/howto/real-data.md")
    return folder


@pytest.fixture(scope="session")
def database_beside_the_browser() -> Iterator[None]:
    """Playwright runs an event loop in this thread; Django must still reach its database from it."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def browser(database_beside_the_browser: None) -> Iterator[Browser]:
    """One Chromium for all tests of a process: there is one event loop in it."""
    path = os.environ.get("AMLAK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield started
        started.close()
