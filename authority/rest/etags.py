"""Versions of a record in the API: strong ETags, and `If-Match` on whatever changes one."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter

from authority.refusal import PreconditionRequired, Stale

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="the ETag you read")
IF_MATCH_MAY = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="the ETag you read: refused with 412 if it moved on since"
)


def etag_of(*parts: Any) -> str:
    """Return the strong ETag of what identifies a version (`row_version`, `updated_at`, a scope's key …)."""
    told = "\x1f".join(str(part) for part in parts)
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def check_if_match(request: HttpRequest | Any, etag: str) -> None:
    """Raise PreconditionRequired without If-Match (`*` names no version), Stale when it names another one."""
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        raise PreconditionRequired
    if etag not in parse_etags(header):
        raise Stale(etag=etag)
