"""Reads of edits on the map, within the reader's rights."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from authority.models import User
from authority.policies import STAFF_READ, scope_of
from authority.refusal import NotFound
from parcels.models import EditProposal, EditShape


def edits_visible_to(user: User, rows: QuerySet[EditProposal]) -> QuerySet[EditProposal]:
    """Return the edits all of whose parcels are in the person's sight, and his own."""
    seen = scope_of(user).places_q("parcel__place", "parcel__custodian", STAFF_READ)
    hidden = EditShape.objects.filter(proposal=OuterRef("pk"), parcel__isnull=False).exclude(seen)
    return rows.filter(Q(proposed_by=user) | ~Exists(hidden))


def edits(user: User, state: str = "") -> QuerySet[EditProposal]:
    """Return the edits in the person's sight, the newest first."""
    rows = edits_visible_to(user, EditProposal.objects.all()).select_related("place", "proposed_by", "decided_by")
    return (rows.filter(state=state) if state else rows).order_by("-proposed_at", "pk")


def edit_by_id(edit_id: UUID, user: User) -> EditProposal:
    """Return an edit; raises NotFound."""
    rows = edits_visible_to(user, EditProposal.objects.filter(pk=edit_id))
    found = rows.select_related("place", "proposed_by", "decided_by", "undone_by").first()
    if found is None:
        raise NotFound()
    return found
