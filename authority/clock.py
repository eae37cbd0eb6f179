"""What time it is: the one place where the clock is read, so that rules get their time as an argument."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

CAIRO = ZoneInfo("Africa/Cairo")


def now() -> dt.datetime:
    """Return this moment, with its time zone."""
    return timezone.now()


def day_of(at: dt.datetime) -> dt.date:
    """Return the day in Egypt on which a moment falls; summer time starts and ends at midnight there."""
    return at.astimezone(CAIRO).date()


def today() -> dt.date:
    """Return today's date in Egypt."""
    return day_of(now())
