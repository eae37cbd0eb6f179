"""What the workspace brings: its entries on the rail, and where the other rooms' entries stand."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.keeping.access import REVIEWERS
from authority.policies import STAFF_READ, scope_of
from parcels.areas import m2_to_fqs
from ui import account, areas, rail


def split(area_m2: Decimal) -> areas.Split:
    """Split m² into feddan, qirat and whole sahm for the ledger."""
    found = m2_to_fqs(area_m2, 0)
    return found.feddan, found.qirat, int(found.sahm)


def waiting(user: Any) -> int:
    """Count the files that wait for this person."""
    from workspace.lists import inbox

    return inbox.waiting(user)


ENTRIES = (
    rail.Entry(_("Map"), "workspace:map", "map", order=10, key="M"),
    rail.Entry(_("Parcels"), "workspace:parcels", "vector", order=20, key="P"),
    rail.Entry(_("Reference"), "workspace:reference", "address-book", order=80, key="R"),
    rail.Entry(_("Persons"), "workspace:parties", "users", order=35, key="H"),
    rail.Entry(_("Worklist"), "workspace:worklist", "list-check", order=70, key="W"),
    rail.Entry(_("My work"), "workspace:inbox", "inbox", order=30, key="I", count=waiting),
)


def reads(user: Any) -> bool:
    """Say whether a person works on land."""
    return scope_of(user).holds(STAFF_READ)


def reviews(user: Any) -> bool:
    """Say whether a person looks through the rights of others."""
    return scope_of(user).holds(REVIEWERS)


def declare() -> None:
    """Put the entries on the rail; lend the ledger the register's arithmetic."""
    from jobs import schedule, signs
    from workspace import training
    from workspace.lists import papers

    papers.declare()
    areas.register(split)
    account.register(account.Way(_("Numbers I looked at"), "workspace:reveals", "eye", reads))
    account.register(account.Way(_("Who may see and do what"), "workspace:access", "shield-check", reviews))
    audit.declare("workspace.access_exported", _("List of access taken out"))
    audit.declare("workspace.sheet", _("Parcel's sheet carried away"))
    audit.declare(training.RESET, _("reset the training data"))
    signs.register("training", _("Mark for training"), training.look)
    if settings.TRAINING:
        schedule.daily(training.TASK, not_before=time(3, 0))
    for entry in ENTRIES:
        rail.register(entry)
