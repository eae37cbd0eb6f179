"""Reads of the land book; they raise NotFound, never return None for it."""

from parcels.selectors.book import (
    as_of,
    holdings_as_of,
    latest_versions,
    lineage,
    parcel_by_id,
    parcel_of,
    standing_version,
    stood_at,
    versions_as_of,
    with_status,
)
from parcels.selectors.card import Card, card
from parcels.selectors.custody import Custody, custody_history
from parcels.selectors.neighbours import neighbours
from parcels.timeline import timeline

__all__ = [
    "Card",
    "Custody",
    "as_of",
    "card",
    "custody_history",
    "holdings_as_of",
    "latest_versions",
    "lineage",
    "neighbours",
    "parcel_by_id",
    "parcel_of",
    "standing_version",
    "stood_at",
    "timeline",
    "versions_as_of",
    "with_status",
]
