"""What the application's database role may do: everything but change what is append-only.

Two roles from the start (architecture.md decision 2): the owner of the tables migrates, the application's role runs.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections, transaction

# Tables in which rows are only ever added; rooms add theirs in `ready()`.
APPEND_ONLY: set[str] = {
    "authority_auditevent",
    "authority_auditcheck",
    "authority_signedhead",
    "authority_accessreview",
}

# Tables that the database itself writes (by functions of their owner): the application's role only reads them.
READ_ONLY: set[str] = {
    "authority_auditlink",
    "authority_auditpending",
    "authority_auditredaction",
    "authority_trainingmark",
}

# Tables whose rows are closed and never changed: table → the one column that may still be set.
CLOSED_ONCE: dict[str, str] = {}


def closed_once(table: str, column: str) -> None:
    """Declare a table in which the application's role may only set one column of what is there."""
    CLOSED_ONCE[table] = column


def append_only(*tables: str) -> None:
    """Declare tables whose rows the application's role may neither change nor delete."""
    APPEND_ONLY.update(tables)


def grant_app_role(using: str = "default", **_: Any) -> None:
    """Grant the application's role its rights; does nothing when this connection runs as that role itself."""
    role = settings.DB_APP_ROLE
    connection = connections[using]
    quoted = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role, role])
        is_app, exists = cursor.fetchone()
        if is_app or not exists:
            return
        _grant(cursor, quoted, set(connection.introspection.table_names(cursor)))


def _grant(cursor: Any, quoted: str, present: set[str]) -> None:
    """Give and take in one transaction: in no moment may the role do more than it should."""
    name = cursor.db.ops.quote_name
    with transaction.atomic(using=cursor.db.alias):
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        for table in sorted((APPEND_ONLY | READ_ONLY | {"django_migrations", *CLOSED_ONCE}) & present):
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name(table)} FROM {quoted}")
        for table in sorted(READ_ONLY & present):
            cursor.execute(f"REVOKE INSERT ON {name(table)} FROM {quoted}")
        for table, column in sorted(CLOSED_ONCE.items()):
            if table in present:
                cursor.execute(f"GRANT UPDATE ({name(column)}) ON {name(table)} TO {quoted}")
