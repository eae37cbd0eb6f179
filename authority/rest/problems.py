"""What a refusal looks like in the API: problem documents (RFC 9457), never a 500 for bad input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from authority import problems
from authority.limits import patience
from authority.refusal import (
    Invalid,
    MethodNotAllowed,
    NotAcceptable,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refusal,
    TooMany,
    UnsupportedMedia,
)
from authority.responses import CONTENT_TYPE, headers_of

KINDS: tuple[tuple[type[exceptions.APIException], type[Refusal]], ...] = (
    (exceptions.NotAuthenticated, NotSignedIn),
    (exceptions.AuthenticationFailed, NotSignedIn),
    (exceptions.PermissionDenied, NotAllowed),
    (exceptions.NotFound, NotFound),
    (exceptions.NotAcceptable, NotAcceptable),
    (exceptions.Throttled, TooMany),
)


def as_problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer with a problem document; None for a fault of the program, which is a 500."""
    request = context["request"]
    refusal = from_rest(exc, request) if isinstance(exc, exceptions.APIException) else problems.as_refusal(exc)
    if refusal is None:
        return None
    set_rollback()
    refusal = patience(request._request, refusal)
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), CONTENT_TYPE  # whatever the view gives
    return Response(refusal.as_problem(), status=refusal.status, content_type=CONTENT_TYPE, headers=headers_of(refusal))


def from_rest(exc: exceptions.APIException, request: Request | None = None) -> Refusal:
    """Return the refusal that one of the framework's own exceptions amounts to."""
    if isinstance(exc, exceptions.ValidationError):
        return Invalid(errors=list(faults(exc.detail)))
    if isinstance(exc, exceptions.MethodNotAllowed):
        return MethodNotAllowed(method=request.method if request else "")
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return UnsupportedMedia(media_type=request.content_type[:80] if request else "")
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
