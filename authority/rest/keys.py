"""Who asks: the page's own session or a personal key."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.request import Request

from authority import keys
from authority.models import ApiKey, User


class SessionAuthentication(authentication.SessionAuthentication):
    """The page's own session, with its CSRF token on whatever changes something."""

    def authenticate_header(self, request: Request) -> str:
        """Answer 401, not 403, where nobody is signed in."""
        return 'Bearer realm="Amlak"'


class KeyAuthentication(authentication.BaseAuthentication):
    """A personal key as Bearer or as the password of HTTP Basic."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """Return who the key belongs to; raises what `authority.keys` raises."""
        key = keys.key_of(request._request)
        if key is None:
            return None
        keys.check_scope(key, keys.needed_scope(request.method))
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        """Name the way to sign in; browsers are spared their own password window."""
        return 'Bearer realm="Amlak"'


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema tells of keys."""

    target_class = "authority.rest.keys.KeyAuthentication"
    name = ["bearerKey", "basicKey"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        """Return both ways of carrying a key."""
        return [{"type": "http", "scheme": "bearer"}, {"type": "http", "scheme": "basic"}]


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema tells of the session."""

    target_class = "authority.rest.keys.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the session's cookie."""
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
