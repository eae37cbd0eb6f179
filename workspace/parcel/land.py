"""The tab of corners, custody and allocations."""

from __future__ import annotations

from typing import Any

from authority.models import User
from parcels.corners import corners_of
from parcels.models import Monument, SurveyMethod
from parcels.policies import may_keep, may_mark
from parcels.selectors import custody_history
from parcels.selectors.allocation import allocations_of
from workspace.parcel.file import File

MOST_CORNERS = 500


def of(file: File, user: User) -> dict[str, Any]:
    """Return what the tab shows: corners of the version looked at, custody and allocations as the book says today."""
    points = corners_of(file.version) if file.version else []
    return {
        "corners": [(point, monument(point.monument), method(point.method)) for point in points[:MOST_CORNERS]],
        "corners_left": max(0, len(points) - MOST_CORNERS),
        "custody": custody_history(file.parcel),
        "allocations": allocations_of(file.parcel),
        "may_keep": may_keep(user, file.parcel),
        "may_mark": may_mark(user, file.parcel),
    }


def monument(code: str) -> str:
    """Return the words of a mark."""
    return str(Monument(code).label)


def method(code: str) -> str:
    """Return the words of a survey method; "" where none is said."""
    return str(SurveyMethod(code).label) if code else ""
