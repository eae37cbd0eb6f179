"""What the map page's editing panel needs: addresses and words, for those who keep the book."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from authority.models import User
from authority.policies import scope_of
from parcels.policies import KEEPERS
from ui.templatetags.ui import short_units

BLANK = uuid.UUID(int=0)


def settings_of(user: User) -> dict[str, Any] | None:
    """Return the panel's settings; None for whoever keeps no book."""
    if not scope_of(user).holds(KEEPERS):
        return None
    feddan, qirat, sahm = short_units()
    return {
        "parcels": "/api/v1/parcels/",
        "preview": "/api/v1/edits/preview/",
        "trace": "/api/v1/edits/trace/",
        "edits": "/api/v1/edits/",
        "page": reverse("workspace:edit", args=[BLANK]),
        "blank": str(BLANK),
        "words": {
            "feddan": feddan,
            "qirat": qirat,
            "sahm": sahm,
            "ends": _("ends"),
            "number": _("Number of the new parcel"),
            "drop": _("Take out parcel"),
            "worked": _("Worked out. Nothing is written before it is proposed and accepted."),
            "trace": _("Set two points on the neighbour's outline and pick the neighbour first."),
            "told": told_words(),
        },
    }


def told_words() -> dict[str, str]:
    """Return what a preview can tell, with the places of its figures."""
    return {
        "corner_on_neighbour": _("A new corner lies on the outline of %(parcel)s; that parcel stays as it is."),
        "held": _("%(parcel)s is held: %(reference)s."),
        "holes_made": _("The new parcel encloses land that is not its own."),
        "gap_closed": _("A gap of %(area)s m² between the parcels is closed."),
    }
