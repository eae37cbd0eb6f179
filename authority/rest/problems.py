"""What a refusal looks like."""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler


def as_problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer with a problem document (RFC 9457)."""
    if isinstance(exc, exceptions.APIException):
        return exception_handler(exc, context)
    return None
