"""Who may ask for a file and who may have it: the one who asked, with the rights under which it was made."""

from __future__ import annotations

from django.db.models import QuerySet

from authority.models import User
from authority.policies import STAFF_READ, scope_of
from documents.models import Document
from exports.models import Export


def may_request(user: User) -> bool:
    """Say whether the person may carry data away at all; which, the layers say."""
    return scope_of(user).holds(STAFF_READ)


def may_see_export(user: User, export: Export) -> bool:
    """Say whether the request is the person's own."""
    return user.is_active and user.pk is not None and export.created_by_id == user.pk


def exports_visible_to(user: User, exports: QuerySet[Export]) -> QuerySet[Export]:
    """Return those of the requests that are the person's own."""
    if not user.is_active or user.pk is None:
        return exports.none()
    return exports.filter(created_by=user)


def rights_unchanged(user: User, export: Export) -> bool:
    """Say whether the person's rights are still those with which the file was written."""
    return export.rights == scope_of(user).key()


def reads_file(user: User, document: Document) -> bool:
    """Say whether a stored file is an export that the person may have today."""
    mine = exports_visible_to(user, Export.objects.filter(document=document, state=Export.State.READY))
    return may_request(user) and any(rights_unchanged(user, export) for export in mine)
