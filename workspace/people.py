"""Who is signed in, as a person of the register."""

from __future__ import annotations

from django.http import HttpRequest

from authority.models import User
from authority.refusal import NotAllowed


def me(request: HttpRequest) -> User:
    """Return the person who asks; pages of the workspace are for signed-in people only."""
    if isinstance(request.user, User):
        return request.user
    raise NotAllowed
