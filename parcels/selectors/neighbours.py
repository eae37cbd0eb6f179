"""Who lies around a parcel."""

from __future__ import annotations

from django.contrib.gis.measure import D
from django.db.models import QuerySet

from authority.models import User
from parcels.models import Parcel, ParcelVersion
from parcels.policies import versions_visible_to
from parcels.selectors.book import standing_version, versions_as_of, with_status

MOST = 80
METRES = 1.0  # neighbours are said to touch when this near: files in two belts leave slivers (T-14)


def neighbours(parcel: Parcel, user: User, *, within_m: float = METRES) -> QuerySet[ParcelVersion]:
    """Return the standing versions of the parcels that lie within some metres, in the user's sight, at most 80."""
    version = standing_version(parcel)
    rows = with_status(versions_as_of().exclude(parcel=parcel))
    if version.geom is None:
        return rows.none()
    # Web-Mercator stretches lengths by up to 1 / cos 32° = 1.18 in Egypt: a little too wide, never too narrow.
    near = rows.filter(geom_3857__dwithin=(version.geom_3857, D(m=within_m * 1.19)))
    return versions_visible_to(user, near).select_related("parcel", "place")[:MOST]
