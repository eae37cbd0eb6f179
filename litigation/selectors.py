"""Reads of the register of suits, within the reader's rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from authority.models import User
from authority.refusal import NotFound
from litigation.models import Hearing, Judgment, Suit
from litigation.policies import hearings_visible_to, judgments_visible_to, suits_visible_to
from litigation.rules import RULINGS_THAT_END


def suits(user: User) -> QuerySet[Suit]:
    """Return the suits in sight, the newest first."""
    rows = suits_visible_to(user, Suit.objects.all()).select_related("place", "earlier")
    return rows.defer("place__geom", "place__geom_3857").order_by("-filed_on", "pk")


def suit_by_id(suit_id: UUID, user: User) -> Suit:
    """Return a suit; raises NotFound."""
    found = suits(user).filter(pk=suit_id).first()
    if found is None:
        raise NotFound()
    return found


def hearing_of(suit: Suit, hearing_id: int) -> Hearing:
    """Return a hearing of a suit; raises NotFound."""
    found = suit.hearings.filter(pk=hearing_id).select_related("suit").first()
    if found is None:
        raise NotFound()
    return found


def judgment_of(suit: Suit, judgment_id: int) -> Judgment:
    """Return a judgment of a suit; raises NotFound."""
    found = suit.judgments.filter(pk=judgment_id).select_related("suit").first()
    if found is None:
        raise NotFound()
    return found


def hearings_between(user: User, first: dt.date, last: dt.date) -> QuerySet[Hearing]:
    """Return the hearings of standing suits from one day to another, both included."""
    rows = hearings_visible_to(
        user, Hearing.objects.filter(held_on__range=(first, last), suit__state__in=Suit.STANDING)
    )
    return rows.select_related("suit").order_by("held_on", "suit__court", "pk")


def hearings_untold(user: User, today: dt.date) -> QuerySet[Hearing]:
    """Return the hearings that are over and of which nobody has written what was decided."""
    rows = Hearing.objects.filter(held_on__lt=today, told_at=None, suit__state__in=Suit.STANDING)
    return hearings_visible_to(user, rows).select_related("suit").order_by("held_on", "pk")


def appeals_running(user: User, today: dt.date, days: int = 30) -> QuerySet[Judgment]:
    """Return the judgments against us whose last day of appeal comes soon and that nobody has appealed."""
    rows = Judgment.objects.filter(
        appeal_until__range=(today, today + dt.timedelta(days=days)), set_aside_at=None, suit__later=None,
        ruling__in=RULINGS_THAT_END - {Judgment.Ruling.FOR_US}, suit__state__in=Suit.STANDING,
    )  # fmt: skip
    return judgments_visible_to(user, rows).select_related("suit").order_by("appeal_until", "pk")


def unconfirmed(user: User) -> QuerySet[Judgment]:
    """Return the judgments that wait for a second person."""
    rows = Judgment.objects.filter(confirmed_at=None, set_aside_at=None, suit__state__in=Suit.STANDING)
    return judgments_visible_to(user, rows).select_related("suit", "entered_by").order_by("pk")


def suits_on(
    user: User, *, parcel: UUID | None = None, asset: UUID | None = None, parties: Collection[UUID] = ()
) -> QuerySet[Suit]:
    """Return the suits on a parcel or an asset, or in which one of the parties stands."""
    rule = Q(lands__parcel=parcel) if parcel else Q(lands__asset=asset) if asset else Q(parties__party__in=parties)
    return suits(user).filter(rule).distinct()
