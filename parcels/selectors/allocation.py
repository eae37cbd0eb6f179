"""To whom land was allocated."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from authority.models import User
from authority.refusal import NotFound
from parcels.models import Allocation, Parcel
from parcels.policies import may_see


def allocations_of(parcel: Parcel) -> QuerySet[Allocation]:
    """Return the allocations of a parcel, the latest first."""
    return parcel.allocations.select_related("body", "holding").order_by("-decree_on", "-recorded_at")


def allocation_by_id(allocation_id: UUID, user: User) -> Allocation:
    """Return an allocation of a parcel in the person's jurisdiction; raises NotFound."""
    rows = Allocation.objects.select_related("parcel__place", "body", "holding")
    found = rows.filter(pk=allocation_id).first()
    if found is None or not may_see(user, found.parcel):
        raise NotFound()
    return found
