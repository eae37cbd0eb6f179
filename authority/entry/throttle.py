"""Guessing is made slow before a password is looked at, so that many guesses at once gain nothing.

One name from one address: five in half an hour. One name from addresses where nobody of that name has signed in: five
in five minutes and fifty a day, so that a guesser with many addresses is as slow as one with one, and the person at
his own desk still gets in.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.limits import Rate, spend
from authority.models import Bucket, UserSession
from authority.refusal import TooMany

HERE = Rate(5, 1800)
ELSEWHERE = (Rate(5, 300), Rate(50, 86400))
CODES = Rate(10, 900)  # codes of a second factor
OPENINGS = Rate(10, 600)  # codes of a recovery, by address
KNOWN_FOR = dt.timedelta(days=60)


class Locked(TooMany):
    """Five wrong passwords; the same is said for names that do not exist."""

    code = "sign_in_locked"
    title = _("Signing in is paused")
    message = _("Signing in under this name is paused for half an hour after five wrong attempts.")
    advice = _("Wait, or ask the administrator to set a new password.")


def short(text: str) -> str:
    """Return what stands for a name in the name of a bucket: bounded, and no list of attempted names."""
    return hashlib.sha256(text.casefold().encode("utf-8", "replace")).hexdigest()[:24]


def _buckets(username: str, address: str) -> list[tuple[str, Rate]]:
    found = [(f"sign-in {short(username)} {short(address)}", HERE)]
    if not _at_home(username, address):
        found += [(f"sign-in {short(username)} /{rate.seconds}", rate) for rate in ELSEWHERE]
    return found


def _at_home(username: str, address: str) -> bool:
    """Say whether somebody of this name has signed in from the address lately."""
    return UserSession.objects.filter(
        user__username=username, address=address, signed_in_at__gte=clock.now() - KNOWN_FOR
    ).exists()


def before_password(username: str, address: str) -> None:
    """Count an attempt before the password is looked at; raises Locked."""
    waits = [spend(bucket, rate) for bucket, rate in _buckets(username, address)]
    wait = max((left for left in waits if left is not None), default=None)
    if wait is not None:
        raise Locked(wait_s=wait)


def forget(username: str, address: str) -> None:
    """Start afresh after a right password."""
    Bucket.objects.filter(name__in=[bucket for bucket, _rate in _buckets(username, address)]).delete()


def before_code(user_id: int) -> None:
    """Count an attempt at a second factor; raises Locked."""
    _count(f"code {user_id}", CODES)


def before_opening(address: str) -> None:
    """Count an attempt at a recovery's code; raises Locked."""
    _count(f"recovery {short(address)}", OPENINGS)


def _count(bucket: str, rate: Rate) -> None:
    wait = spend(bucket, rate)
    if wait is not None:
        raise Locked(wait_s=wait)
