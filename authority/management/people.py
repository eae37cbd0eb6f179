"""People as commands name them."""

from __future__ import annotations

from authority.models import User
from authority.refusal import NotFound


def person(username: str) -> User:
    """Return the active person of this user name; raises NotFound."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise NotFound(username=username)
    return found
