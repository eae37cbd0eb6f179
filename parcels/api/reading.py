"""Who reads."""

from __future__ import annotations

from rest_framework.request import Request

from authority.models import User
from authority.refusal import NotSignedIn


def reader(request: Request) -> User:
    """Return who asks; raise NotSignedIn."""
    if not isinstance(request.user, User):
        raise NotSignedIn
    return request.user
