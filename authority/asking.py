"""Who asks: a signed-in person, or nobody is answered."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.request import Request

from authority.models import User
from authority.refusal import NotSignedIn


def asker(request: HttpRequest | Request) -> User:
    """Return who asks; raises NotSignedIn."""
    if not isinstance(request.user, User):
        raise NotSignedIn
    return request.user
