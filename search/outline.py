"""A part of the ground as it stands in an address: POLYGON((lon lat,…)) or a box, in degrees of WGS 84."""

from __future__ import annotations

import re

from django.contrib.gis.geos import GEOSException, GEOSGeometry, Polygon
from django.utils.translation import gettext_lazy as _

from authority.refusal import Invalid

CORNERS = 500
NUMBER = r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?"
OUTLINE = re.compile(rf"POLYGON\(\({NUMBER} {NUMBER}(?:,{NUMBER} {NUMBER}){{3,{CORNERS}}}\)\)", re.ASCII)


class OutlineUnreadable(Invalid):
    """Not an outline, one that crosses itself, or one outside the world."""

    code = "outline_unreadable"
    message = _("The outline cannot be read; draw it again.")


def box(text: str) -> Polygon:
    """Return west,south,east,north in degrees as a box, EPSG:4326; raises ValueError."""
    west, south, east, north = (float(part) for part in text.split(","))
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError(text)
    found = Polygon.from_bbox((west, south, east, north))
    found.srid = 4326
    return found


def read(text: str) -> GEOSGeometry:
    """Return the outline, EPSG:4326; raises OutlineUnreadable. At most 500 corners."""
    if not OUTLINE.fullmatch(text):
        raise OutlineUnreadable
    try:
        shape = GEOSGeometry(f"SRID=4326;{text}")
    except (GEOSException, ValueError) as error:
        raise OutlineUnreadable from error
    west, south, east, north = shape.extent
    if not shape.valid or not (-180 <= west <= east <= 180 and -85 <= south <= north <= 85):
        raise OutlineUnreadable
    return shape
