"""A governorate with one thing of every kind and one person of every role, in which acts are done and undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.test import Client

from authority.models import AuditEvent
from tests.gisapp.rights import Row
from tests.gisapp.world import Things


@dataclass
class Done:
    """What an act left."""

    status: int
    actions: list[str]
    changed: list[str]


def newest() -> int:
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def changed_since(mark: int) -> list[str]:
    """Return the tables that hold rows written by this transaction after a mark and not undone."""
    tables = [t for t in connection.introspection.table_names() if t not in NOT_OURS]
    parts = [f"SELECT '{t}' WHERE EXISTS (SELECT FROM \"{t}\" WHERE xmin::text::bigint >= {mark})" for t in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return sorted(row[0] for row in cursor.fetchall())


# What belongs to a session or a rate, not to an act; views have no xmin.
NOT_OURS = {
    "django_session", "authority_bucket", "amlak_cache", "authority_auditpending", "authority_auditlink",
    "geography_columns", "geometry_columns", "spatial_ref_sys", "axes_accesslog",
}  # fmt: skip


def subtransaction() -> int:
    """Begin a savepoint that has a number of its own, and return it: whatever is written later has a higher one."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS mark (n int); INSERT INTO mark VALUES (1)")
        cursor.execute("SELECT max(xmin::text::bigint) FROM mark")
        return int(cursor.fetchone()[0])


@dataclass
class House:
    """A governorate with one thing of every kind and one person of every role."""

    things: Things
    clients: dict[str, Client]

    def act(self, row: Row, look: Callable[[bytes], None] = lambda _content: None) -> Done:
        """Let somebody do it who may, look at what it left, and undo it."""
        client = self.clients[sorted(row.may)[0]]
        body = row.body(self.things) if row.body else None
        more: dict[str, Any] = {"headers": row.headers(self.things)} if row.headers else {}
        if row.method != "get":
            more |= {"data": body} if row.form else {"data": json.dumps(body), "content_type": "application/json"}
        cookies, before, last = dict(client.cookies), transaction.savepoint(), newest()
        mark = subtransaction()
        transaction.savepoint()
        answer = getattr(client, row.method)(self.things.fill(row.route, *row.ids) + row.query, **more)
        actions = AuditEvent.objects.filter(pk__gt=last).order_by("pk").values_list("action", flat=True)
        done = Done(int(answer.status_code), list(actions), changed_since(mark + 1))
        look(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        transaction.savepoint_rollback(before)
        client.cookies.clear()
        client.cookies.update(cookies)
        return done
