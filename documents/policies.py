"""Who may read which file: whoever owns it says so; what nobody owns, nobody reads."""

from __future__ import annotations

from collections.abc import Callable

from authority.models import User
from documents import scanning
from documents.models import Document

# Asked (user, document): True when the document belongs to something of the owner's that this user may read.
Owner = Callable[[User, Document], bool]

_owners: list[Owner] = []
_keepers: list[Owner] = []


def register_owner(owner: Owner) -> Owner:
    """Let a room say of its documents who may read them."""
    if owner not in _owners:
        _owners.append(owner)
    return owner


def register_keeper(keeper: Owner) -> Owner:
    """Let a room say of its documents who may put a better scan in their place."""
    if keeper not in _keepers:
        _keepers.append(keeper)
    return keeper


def may_keep(user: User, document: Document) -> bool:
    """Say whether the user may put a better scan in the place of this one."""
    return may_know(user, document) and any(keeper(user, one) for one in both(document) for keeper in _keepers)


def both(document: Document) -> list[Document]:
    """Return a version and the first one of its paper, on which everything hangs."""
    return [document] if document.first is None else [document.first, document]


def released(document: Document) -> bool:
    """Say whether a file may leave: by the scanner's word, or without one only where no scanner is set."""
    if document.state == Document.State.UNSCANNED:
        return not scanning.wanted()
    return document.state == Document.State.CLEAN


def may_read(user: User, document: Document) -> bool:
    """Say whether the user may read this file."""
    return released(document) and may_know(user, document)


def may_know(user: User, document: Document) -> bool:
    """Say whether the user may read what is recorded of this file, be it released or not.

    A later version belongs where the first one hangs.
    """
    if not user.is_active or document.copy_of_id is not None:
        return False
    return any(owner(user, one) for one in both(document) for owner in _owners)
