"""Whether the process lives and whether it can serve."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from documents import sandbox
from jobs import heartbeat

# Rooms add what they need to be ready (a sandbox, a queue): name → check that returns a reason or None.
CHECKS: dict[str, Callable[[], str | None]] = {}


def database_answers() -> str | None:
    """Return why the database does not answer, or None."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "database_unavailable"
    return None


class Migrated:
    """Whether the tables are as this program knows them; once they are, they stay so while the process lives."""

    done = False

    def __call__(self) -> str | None:
        """Return why the tables are not ready, or None."""
        if self.done:
            return None
        try:
            executor = MigrationExecutor(connection)
            self.done = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError:
            return "database_unavailable"
        return None if self.done else "migrations_missing"


CHECKS["database"] = database_answers
CHECKS["migrations"] = Migrated()
CHECKS["worker"] = heartbeat.silence
CHECKS["sandbox"] = sandbox.available


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer that the process lives; asks nothing of the database."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part is ready, else 503 with a reason for each part."""
    parts = {name: check() for name, check in CHECKS.items()}
    ready = not any(parts.values())
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)
