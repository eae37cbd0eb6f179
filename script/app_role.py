"""Make the application's role beside the owner in a given database; print its connection string, or why not.

usage: app_role.py OWNER_URL PASSWORD
"""

from __future__ import annotations

import os
import sys
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql


def with_user(url: str, user: str, password: str) -> str:
    """Return the same database as another user."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(user)}:{quote(password)}@{place}"))


def main() -> int:
    """Make the role where it is missing; the extensions must be there or allowed."""
    url, password = sys.argv[1:3]
    role = os.environ.get("AMLAK_DB_APP_ROLE", "amlak_app")
    plain = "postgresql" + url[url.index("://") :]
    try:
        with psycopg2.connect(plain) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            verb = "ALTER" if cursor.fetchone() else "CREATE"
            cursor.execute(sql.SQL(verb + " ROLE {} LOGIN PASSWORD %s").format(sql.Identifier(role)), [password])
            for extension in ("postgis", "btree_gist", "btree_gin", "pg_trgm"):
                cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    except psycopg2.Error as error:
        reason = str(error).strip().splitlines()[0]
        print(  # noqa: T201 - a command's answer
            f"the database in DATABASE_URL is not ready ({reason}): as its administrator run "
            f"CREATE ROLE {role} LOGIN; CREATE EXTENSION postgis; CREATE EXTENSION btree_gist; "
            "CREATE EXTENSION btree_gin; CREATE EXTENSION pg_trgm; and set AMLAK_OWNER_DATABASE_URL beside DATABASE_URL"
        )
        return 1
    print(with_user(url, role, password))  # noqa: T201 - a command's answer
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
