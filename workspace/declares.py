"""What the workspace brings: its entries on the rail, and where the other rooms' entries stand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ui import rail

ENTRIES = (
    rail.Entry(_("Map"), "workspace:map", "map", order=10, key="M"),
    rail.Entry(_("Parcels"), "workspace:parcels", "vector", order=20, key="P"),
    rail.Entry(_("My work"), "workspace:inbox", "inbox", order=30, key="I"),
)


def declare() -> None:
    """Put the entries on the rail."""
    for entry in ENTRIES:
        rail.register(entry)
