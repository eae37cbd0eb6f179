"""Who asks: the page's own session or a personal key."""

from __future__ import annotations

from typing import Any

from rest_framework import authentication


class SessionAuthentication(authentication.SessionAuthentication):
    """The page's own session."""


class KeyAuthentication(authentication.BaseAuthentication):
    """A personal key as Bearer or as the password of HTTP Basic."""

    def authenticate(self, request: Any) -> None:
        """Not known."""
        return None
