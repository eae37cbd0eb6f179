"""What one party holds, owes and disputes, as far as the reader may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Any

from django.utils.translation import gettext as _

from authority.models import User
from cases.models import Case
from cases.policies import cases_visible_to
from cases.registry import kind_of, state_title
from leases.models import Lease
from leases.rent import schedule
from litigation.models import Suit
from litigation.selectors import suits_on
from parcels.models import Holding, ParcelVersion
from parcels.policies import holdings_visible_to
from parties.models import Agency, Membership, Party
from parties.relations import same_as
from parties.selectors import parties
from search.normalise import keys
from workspace.parcel.rows import last_day

AGAINST = {Holding.Kind.ENCROACHMENT, Holding.Kind.DISPUTE}
MOST, MOST_DOUBLES, MOST_PERIODS = 500, 8, 2400


@dataclass(frozen=True)
class Held:
    """A holding with the number of the land and whether it runs today."""

    holding: Holding
    number: str
    last_day: dt.date | None
    runs: bool


@dataclass(frozen=True)
class Due:
    """What a contract brought due to this day; payments stand in the ledger."""

    lease: Lease
    periods: int
    amount: Decimal


def holdings_of(party: Party, user: User, today: dt.date) -> list[Held]:
    """Return what the party (and its doubles) holds and held, running first."""
    rows = holdings_visible_to(user, Holding.objects.filter(party_id__in=same_as(party), in_book=True))
    light = rows.select_related("parcel__place", "asset__place").defer(
        "parcel__place__geom", "parcel__place__geom_3857", "asset__place__geom", "asset__place__geom_3857", "part",
        "asset__geom", "asset__geom_3857",
    )  # fmt: skip
    found = list(light.order_by("-legal_range")[:MOST])
    numbers = numbers_of([row.parcel_id for row in found if row.parcel_id])
    told = [Held(row, numbers.get(row.parcel_id, ""), last_day(row), runs(row, today)) for row in found]
    return sorted(told, key=lambda one: not one.runs)


def runs(row: Holding, today: dt.date) -> bool:
    """Say whether a holding is in force today."""
    lower, upper = row.legal_range.lower, row.legal_range.upper
    return (lower is None or lower <= today) and (upper is None or today < upper)


def numbers_of(keys_of: list[Any]) -> dict[Any, str]:
    """Return the numbers of parcels as the book writes them today."""
    rows = ParcelVersion.objects.filter(parcel_id__in=keys_of, in_book=True).order_by("legal_range")
    return dict(rows.values_list("parcel_id", "parcel_no_raw"))


def files_of(party: Party, user: User) -> list[dict[str, Any]]:
    """Return the files in which the party stands, open ones first."""
    rows = cases_visible_to(user, Case.objects.filter(party_id__in=same_as(party))).order_by("-opened_at")[:MOST]
    told = [{"case": one, "kind": kind_of(one.kind).title, "stage": state_title(one.kind, one.state)} for one in rows]
    return sorted(told, key=lambda row: row["case"].closed_at is not None)


def suits_of(party: Party, user: User) -> list[Suit]:
    """Return the suits in which the party stands, the newest first."""
    rows = suits_on(user, parties=same_as(party)).prefetch_related("parties")
    return list(rows[:MOST])


def dues_of(files: list[dict[str, Any]], today: dt.date) -> list[Due]:
    """Return for each contract what fell due to this day."""
    keys_of = [row["case"].pk for row in files if row["case"].kind == "lease"]
    leases = Lease.objects.filter(pk__in=keys_of, rent__isnull=False, starts_on__isnull=False, ends_on__isnull=False)
    return [due for lease in leases.order_by("-starts_on") if (due := due_of(lease, today))]


def due_of(lease: Lease, today: dt.date) -> Due | None:
    """Return what one contract brought due; None before its first period."""
    assert lease.rent is not None and lease.starts_on and lease.ends_on  # noqa: S101, PT018 - asked for above
    term = schedule(rent=lease.rent, first=lease.starts_on, last=lease.ends_on, period=lease.rent_period)
    fallen = list(takewhile(lambda row: row.first <= today, term))[:MOST_PERIODS]
    if not fallen:
        return None
    return Due(lease, len(fallen), sum((row.amount for row in fallen), Decimal(0)))


def doubles_offered(party: Party, user: User) -> list[Party]:
    """Return other entries that look like the same party: the same name however it is spelled, phone or register."""
    if party.merged_into_id or party.kind == Party.Kind.GROUP:
        return []
    own = set(keys(party.name_ar))
    words = sorted(own, key=len, reverse=True)[:1]
    near = parties(user, kind=party.kind).exclude(pk=party.pk)
    found: dict[Any, Party] = {}
    for one in list(alike(party, near)) + list(spelled_alike(own, words, near, user)):
        if not (one.national_id_hash and party.national_id_hash):
            found.setdefault(one.pk, one)
    return list(found.values())[:MOST_DOUBLES]


def alike(party: Party, near: Any) -> Iterator[Party]:
    """Yield those with the same telephone or commercial register."""
    for name in ("phone", "commercial_register", "tax_no"):
        if value := getattr(party, name):
            yield from near.filter(**{name: value})[:MOST_DOUBLES]


def spelled_alike(own: set[str], words: list[str], near: Any, user: User) -> Iterator[Party]:
    """Yield those whose name has the same words, spelled alike or not: found by the index, compared here."""
    from search.registry import find
    from search.selectors import ask, page

    kind = find("party")
    if kind is None or not words:
        return
    hits = page(ask(user, " ".join(sorted(own))), kind, size=50).hits
    for one in near.filter(pk__in=[hit.id for hit in hits]):
        if set(keys(one.name_ar)) == own:
            yield one


def shares_of(party: Party) -> list[Membership]:
    """Return the members of a group with their shares."""
    return list(party.members.select_related("member").order_by("pk"))


def groups_of(party: Party) -> list[Membership]:
    """Return the groups in which the party has a share."""
    return list(Membership.objects.filter(member_id__in=same_as(party)).select_related("group"))


def agencies_of(party: Party, today: dt.date) -> list[tuple[Agency, bool, str]]:
    """Return who acts for the party and for whom it acts, with whether that stands today."""
    keys_of = same_as(party)
    rows = Agency.objects.filter(principal_id__in=keys_of) | Agency.objects.filter(agent_id__in=keys_of)
    told = []
    for one in rows.select_related("principal", "agent").order_by("-starts_on"):
        words = _("agent of the party") if one.principal_id in keys_of else _("the party is the agent")
        told.append((one, one.stands(today), words))
    return told
