"""Filters that an officer keeps for his office go to a colleague when he leaves; his own are closed."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.keeping import belongings
from authority.models import User
from search.models import SavedFilter

PASSED_ON = audit.declare("search.filters_passed_on", _("Filters of an office handed over to a colleague"))


def shared(user: User) -> list[str]:
    """Return the names of the filters that an officer keeps for an office."""
    rows = SavedFilter.objects.filter(owner=user, closed_at=None, office__isnull=False)
    return list(rows.order_by("name").values_list("name", flat=True))


def pass_on(user: User, heir: User, by: User, at: dt.datetime) -> int:
    """Hand the office's filters over, under a name that the colleague has free."""
    names = set(SavedFilter.objects.filter(owner=heir, closed_at=None).values_list("page", "name"))
    rows = SavedFilter.objects.select_for_update().filter(owner=user, closed_at=None, office__isnull=False)
    count = 0
    for row in rows:
        while (row.page, row.name) in names:
            row.name = f"{row.name[:76]} (2)" if not row.name.endswith("(2)") else f"{row.name[:70]} {row.pk.hex[:6]}"
        names.add((row.page, row.name))
        row.owner = heir
        row.save(update_fields=["owner", "name"])
        count += 1
    audit.record(PASSED_ON, by=by, at=at, obj=user, detail={"to": heir.username, "filters": count})
    return count


def declare() -> None:
    """Hand it to who keeps accounts."""
    belongings.register(belongings.Belonging("filters", _("Filters kept for the office"), shared, pass_on))
