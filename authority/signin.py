"""Guessing passwords is made slow: who asks, and what a locked account is told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from authority.refusal import TooMany
from authority.responses import refuse


class Locked(TooMany):
    """Five wrong passwords; the same is said for names that do not exist."""

    code = "sign_in_locked"
    title = _("Signing in is paused")
    message = _("Signing in under this name is paused for half an hour after five wrong attempts.")
    advice = _("Wait, or ask the administrator to set a new password.")


def client_ip(request: HttpRequest) -> str:
    """Return the address the request came from; X-Forwarded-For is believed for exactly our own proxies."""
    direct: str = request.META.get("REMOTE_ADDR", "")
    proxies: int = settings.PROXY_COUNT
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return told[-proxies] if proxies and len(told) >= proxies else direct


def locked(request: HttpRequest, response: Any = None, credentials: Any = None, **_kwargs: Any) -> HttpResponse:
    """Answer a sign-in that is paused."""
    return refuse(request, Locked())
