"""What is checked of the background when the site starts: a file that cannot be served is said before anybody looks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from tiles import pmtiles


@register()
def background_can_be_served(**_: Any) -> list[CheckMessage]:
    """Refuse a background file that is missing, damaged or not a picture."""
    if not settings.BASEMAP_PMTILES:
        return []
    try:
        pmtiles.open_archive(Path(settings.BASEMAP_PMTILES))
    except pmtiles.PmtilesError as error:
        return [Error(f"AMLAK_BASEMAP_PMTILES: {error}", id="tiles.E001")]
    return []
