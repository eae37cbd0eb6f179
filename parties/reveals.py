"""Who looked at whose national number in full, when and why (ar: سجل كشف الأرقام القومية), from the audit trail."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authority import audit
from authority.clock import CAIRO
from authority.models import AuditEvent, Role, User
from authority.policies import scope_of
from parties.models import Party
from parties.services import ID_REVEALED

# Who watches over personal data: the internal audit and the secretary general, each in his jurisdiction.
MAY_WATCH: Final[frozenset[str]] = frozenset({Role.AUDITOR, Role.SECRETARY_GENERAL})
MOST: Final = 10_000
EXPORTED = audit.declare("parties.reveals_exported", gettext_lazy("Log of numbers shown in full taken out"))
# A cell that begins like this is a formula to a spreadsheet.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Reveal:
    """One look at one number."""

    at: dt.datetime
    by: User
    party_id: str
    party: str
    mask: str
    reason: str


def may_watch(user: User) -> bool:
    """Say whether a person reads other people's looks too."""
    return scope_of(user).holds(MAY_WATCH)


def reveals_visible_to(user: User) -> QuerySet[AuditEvent]:
    """Return a person's own looks; to who watches, those of his governorates too."""
    seen = Q(actor_id=user.pk)
    codes = scope_of(user).governorates(MAY_WATCH)
    if codes:
        seen |= Q() if "" in codes else Q(governorate__in=sorted(codes))
    if "" in codes:
        return AuditEvent.objects.filter(action=ID_REVEALED)
    return AuditEvent.objects.filter(seen, action=ID_REVEALED)


def found(
    user: User, *, who: str = "", since: dt.date | None = None, until: dt.date | None = None, text: str = ""
) -> QuerySet[AuditEvent]:
    """Return the looks that fit, the latest first: by whom, from day to day (both included), words."""
    rows = reveals_visible_to(user).select_related("actor").order_by("-id")
    if who:
        rows = rows.filter(
            Q(actor__username__icontains=who) | Q(actor__name_ar__icontains=who) | Q(actor__name_en__icontains=who)
        )
    if since:
        rows = rows.filter(at__gte=dt.datetime.combine(since, dt.time.min, CAIRO))
    if until:
        rows = rows.filter(at__lt=dt.datetime.combine(until, dt.time.max, CAIRO))
    return rows.filter(detail__reason__icontains=text) if text else rows


def told(events: Iterable[AuditEvent]) -> list[Reveal]:
    """Return looks with the names of the parties, which are read together."""
    rows = list(events)
    parties = {str(party.pk): party for party in Party.objects.filter(pk__in={row.object_id for row in rows})}
    return [
        Reveal(
            at=row.at,
            by=row.actor,
            party_id=row.object_id,
            party=str(parties.get(row.object_id, "")),
            mask=parties[row.object_id].national_id_mask if row.object_id in parties else "",
            reason=str(row.detail.get("reason", "")),
        )
        for row in rows
    ]


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet reckons with."""
    return f"'{text}" if text.startswith(FORMULA) else text


@transaction.atomic
def take_out(*, by: User, at: dt.datetime, rows: QuerySet[AuditEvent], target: IO[str]) -> int:
    """Write looks as CSV, the latest ten thousand; that it was taken out is recorded. Returns how many there are."""
    found_rows = told(rows[:MOST])
    table = csv.writer(target)
    table.writerow([_("When"), _("User name"), _("Who"), _("Party"), _("National ID"), _("Reason")])
    for row in found_rows:
        moment = f"{row.at.astimezone(CAIRO):%Y-%m-%d %H:%M:%S}"
        cells = (moment, row.by.username, str(row.by), row.party, row.mask, row.reason)
        table.writerow([safe_cell(cell) for cell in cells])
    audit.record(EXPORTED, by=by, at=at, obj=by, detail={"rows": len(found_rows)})
    return len(found_rows)
