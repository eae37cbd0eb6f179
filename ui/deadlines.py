"""A deadline in words and as a share of its period (language.md §2): pure but for the language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import ngettext, pgettext

SOON_DAYS = 3
SOON_SHARE = 0.7


@dataclass(frozen=True)
class Ring:
    """What the ring shows: tone (ok, soon, late, pause), share used (0 to 1), words."""

    tone: str
    share: float
    words: str


def left(days: int) -> str:
    """Say how many days are left or passed."""
    if days == 0:
        return pgettext("deadline", "today")
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}


def share_used(starts_on: dt.date | None, due_on: dt.date, today: dt.date) -> float:
    """Return the used share of the period; half of it where the start is not known."""
    if starts_on is None or due_on <= starts_on:
        return 1.0 if today >= due_on else 0.5
    return min(max((today - starts_on).days / (due_on - starts_on).days, 0.0), 1.0)


def ring(due_on: dt.date, *, today: dt.date, starts_on: dt.date | None = None, stopped: bool = False) -> Ring:
    """Return the ring of a deadline."""
    share = share_used(starts_on, due_on, today)
    if stopped:
        return Ring("pause", share, pgettext("deadline", "stopped"))
    days = (due_on - today).days
    if days < 0:
        return Ring("late", 1.0, left(days))
    soon = days <= SOON_DAYS or share >= SOON_SHARE
    return Ring("soon" if soon else "ok", share, left(days))
