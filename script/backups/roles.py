"""A restored cluster becomes the private one of this machine: its roles get this machine's passwords."""

from __future__ import annotations

import os
from typing import Any

from psycopg2 import sql

from backups.cluster import Cluster
from backups.server import rows

# role → the variable that holds its password, and what it may do where it has to be made
ROLES = {
    "amlak_admin": ("PG_ADMIN_PASSWORD", "SUPERUSER"),
    "amlak_owner": ("PG_OWNER_PASSWORD", "CREATEDB"),
    "amlak_app": ("PG_APP_PASSWORD", ""),
}


def take_over(cluster: Cluster, manifest: dict[str, Any], database: str) -> None:
    """Give the roles their passwords and the database its name here; slots of the old server are forgotten."""
    connection = cluster.server(manifest["server"]["superuser"], "postgres").connect()
    try:
        with connection.cursor() as cursor:
            for role, (variable, may) in ROLES.items():
                known = rows(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = sql.SQL("ALTER ROLE {} LOGIN {} PASSWORD %s" if known else "CREATE ROLE {} LOGIN {} PASSWORD %s")
                cursor.execute(verb.format(sql.Identifier(role), sql.SQL(may)), [os.environ[variable]])
            cursor.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")
            if manifest["database"] != database:
                names = sql.Identifier(manifest["database"]), sql.Identifier(database)
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(names[1]))
                cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
    finally:
        connection.close()
