"""What a refusal looks like in the API: problem documents (RFC 9457), never a 500 for bad input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from authority import problems
from authority.refusal import Invalid, NotAllowed, NotFound, NotSignedIn, Refusal, TooMany

CONTENT_TYPE = "application/problem+json"
KINDS: tuple[tuple[type[exceptions.APIException], type[Refusal]], ...] = (
    (exceptions.NotAuthenticated, NotSignedIn),
    (exceptions.AuthenticationFailed, NotSignedIn),
    (exceptions.PermissionDenied, NotAllowed),
    (exceptions.NotFound, NotFound),
    (exceptions.Throttled, TooMany),
)


def as_problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer with a problem document; None for a fault of the program, which is a 500."""
    refusal = from_rest(exc) if isinstance(exc, exceptions.APIException) else problems.as_refusal(exc)
    if refusal is None:
        return None
    set_rollback()
    return Response(
        refusal.as_problem(), status=refusal.status, content_type=CONTENT_TYPE, headers=_headers(exc, refusal)
    )


def _headers(exc: Exception, refusal: Refusal) -> dict[str, str]:
    """Return what HTTP wants beside the status."""
    if refusal.status == 401:
        return {"WWW-Authenticate": 'Bearer realm="Amlak"'}
    wait = getattr(exc, "wait", None)
    return {"Retry-After": str(int(wait))} if wait else {}


def from_rest(exc: exceptions.APIException) -> Refusal:
    """Return the refusal that one of the framework's own exceptions amounts to."""
    if isinstance(exc, exceptions.ValidationError):
        return Invalid(errors=list(faults(exc.detail)))
    for kind, refusal in KINDS:
        if isinstance(exc, kind):
            return refusal()
    code = exc.get_codes()
    return Invalid(str(code) if isinstance(code, str) else None, str(exc.detail), status=exc.status_code)


def faults(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """Yield each fault of a nested detail as field, code and message."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from faults(inner, f"{field}.{name}" if field else str(name))
    elif isinstance(detail, (list, tuple)):
        for inner in detail:
            yield from faults(inner, field)
    else:
        yield {"field": field, "code": getattr(detail, "code", "invalid"), "message": str(detail)}
