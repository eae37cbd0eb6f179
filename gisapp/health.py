"""Whether the process lives and whether it can serve."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from documents import sandbox

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


CHECKS["database"] = database_answers
CHECKS["sandbox"] = sandbox.available


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer that the process lives; asks nothing of the database."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part is ready, else 503 with a reason for each part."""
    parts = {name: check() for name, check in CHECKS.items()}
    ready = not any(parts.values())
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)
