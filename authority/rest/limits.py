"""Rates of the API: for each person with all of his keys, and for each key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from authority.limits import RateReached, rate_of, spend
from authority.models import ApiKey


class PersonAndKeyRate(BaseThrottle):
    """Counts a request against its key and its person; who is nobody is counted where he is refused."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Return True; raises RateReached."""
        for bucket, rate in buckets(request):
            wait = spend(bucket, rate_of(rate))
            if wait is not None:
                raise RateReached(wait_s=wait)
        return True


def buckets(request: Request) -> list[tuple[str, str]]:
    """Return what a request is counted against, each with its rate."""
    if request.user.pk is None:
        return []
    found = [(f"user:{request.user.pk}", settings.API_RATES["user"])]
    if isinstance(request.auth, ApiKey):
        found.insert(0, (f"key:{request.auth.prefix}", settings.API_RATES["key"]))
    return found
