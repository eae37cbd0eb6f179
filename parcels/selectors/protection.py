"""The protection layers somebody may look at."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from authority.models import User
from authority.policies import STAFF_READ, scope_of
from parcels.models import ProtectionLayer


def layers_seen(user: User) -> QuerySet[ProtectionLayer]:
    """Return the country's layers and those of the person's governorates, with the number of their zones."""
    codes = scope_of(user).governorates(STAFF_READ)
    rows = ProtectionLayer.objects.annotate(zone_count=Count("zones")).select_related("covers", "loaded_by")
    seen = rows if "" in codes else rows.filter(Q(covers=None) | Q(covers__code__in=codes))
    return seen.defer("covers__geom", "covers__geom_3857").order_by("code", "covers__code")
