"""Which acts suits bar on land today: asked by the land book for every door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from authority import clock
from law.selectors import find_rule
from litigation.models import Judgment, Suit, SuitLand
from litigation.rules import RULINGS_ON_A_STAY, Told, acts_barred
from parcels.locks import Lock

LOCKS = "litigation.locks"


def stayed(suit: Suit) -> bool:
    """Say whether the last confirmed word on execution is a stay."""
    told = [one for one in suit.judgments.all() if one.ruling in RULINGS_ON_A_STAY and one.confirmed_at]
    standing = [one for one in told if one.set_aside_at is None]
    last = max(standing, key=lambda one: (one.ruled_on, one.pk), default=None)
    return last is not None and last.ruling == Judgment.Ruling.STAY_GRANTED


def params_today() -> Mapping[str, Any]:
    """Return the rule in force; without one nothing is barred, and the page of rules says so."""
    rule = find_rule(LOCKS, clock.today())
    return rule.params if rule else {}


def barred_by(suit: Suit, params: Mapping[str, Any]) -> frozenset[str]:
    """Return the acts a suit bars today."""
    return acts_barred(Told(suit.subject, suit.state in Suit.STANDING, stayed(suit)), params)


def locks_of_suits(parcels: Collection[UUID]) -> Mapping[UUID, list[Lock]]:
    """Return what suits bar on these parcels."""
    lands = SuitLand.objects.filter(parcel_id__in=parcels, suit__state__in=Suit.STANDING).select_related("suit")
    rows = list(lands.prefetch_related("suit__judgments"))
    params = params_today() if rows else {}
    found: defaultdict[UUID, list[Lock]] = defaultdict(list)
    for row in rows:
        acts = barred_by(row.suit, params)
        if acts and row.parcel_id is not None:
            found[row.parcel_id].append(Lock(acts, why(row.suit), f"/suits/{row.suit_id}/"))
    return found


def why(suit: Suit) -> str:
    """Say which suit bars it, as every greyed act says it."""
    return _("Suit %(number)s of %(year)s, %(court)s (%(subject)s), is not settled.") % {
        "number": suit.number, "year": suit.year, "court": suit.court, "subject": suit.get_subject_display(),
    }  # fmt: skip
