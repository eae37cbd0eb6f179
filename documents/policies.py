"""Who may read which file: whoever owns it says so; what nobody owns, nobody reads."""

from __future__ import annotations

from collections.abc import Callable

from authority.models import User
from documents.models import Document

# Asked (user, document): True when the document belongs to something of the owner's that this user may read.
Owner = Callable[[User, Document], bool]

_owners: list[Owner] = []


def register_owner(owner: Owner) -> Owner:
    """Let a room say of its documents who may read them."""
    if owner not in _owners:
        _owners.append(owner)
    return owner


def may_read(user: User, document: Document) -> bool:
    """Say whether the user may read this file."""
    if not user.is_active or document.state != Document.State.CLEAN:
        return False
    return any(owner(user, document) for owner in _owners)
