"""Reads of `exports`: a person's own requests."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from authority.models import User
from exports import policies, refusals
from exports.models import Export


def exports_for(user: User) -> QuerySet[Export]:
    """Return the person's requests, newest first."""
    return policies.exports_visible_to(user, Export.objects.select_related("document"))


def export_by_id(export_id: UUID, user: User) -> Export:
    """Return one of the person's requests; raises ExportUnknown for another's, as for none."""
    found = exports_for(user).filter(pk=export_id).first()
    if found is None:
        raise refusals.ExportUnknown
    return found
