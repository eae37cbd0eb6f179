"""Who asks, and what a locked account is told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def client_ip(request: HttpRequest) -> str:
    """Return the address the request came from; X-Forwarded-For is believed for exactly our own proxies."""
    direct: str = request.META.get("REMOTE_ADDR", "")
    proxies: int = settings.PROXY_COUNT
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return told[-proxies] if proxies and len(told) >= proxies else direct


def locked(request: HttpRequest, response: Any = None, credentials: Any = None, **_kwargs: Any) -> HttpResponse:
    """Answer a sign-in that is paused."""
    from authority.entry.throttle import Locked
    from authority.responses import refuse

    return refuse(request, Locked())
