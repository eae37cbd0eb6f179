"""How much one person, key or address may ask in a while: counted in the database, so that all processes count alike.

A bucket is a fixed window; its row lives in an unlogged table, for after a crash everybody may start afresh.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from authority.refusal import Refusal, TooMany
from authority.signin import client_ip

SECONDS = {"s": 1, "sec": 1, "min": 60, "m": 60, "hour": 3600, "h": 3600, "day": 86400, "d": 86400}
RATE = re.compile(r"([0-9]{1,9})/([a-z]+)")

SPEND = """
    INSERT INTO authority_bucket AS b (name, began, spent) VALUES (%(name)s, clock_timestamp(), 1)
    ON CONFLICT (name) DO UPDATE SET
        spent = CASE WHEN b.began + %(window)s * interval '1 second' <= clock_timestamp() THEN 1 ELSE b.spent + 1 END,
        began = CASE WHEN b.began + %(window)s * interval '1 second' <= clock_timestamp()
                     THEN clock_timestamp() ELSE b.began END
    RETURNING spent, extract(epoch FROM began + %(window)s * interval '1 second' - clock_timestamp())
"""
SWEEP = """
    DELETE FROM authority_bucket WHERE name IN (
        SELECT name FROM authority_bucket WHERE began < clock_timestamp() - interval '1 day'
         LIMIT 20 FOR UPDATE SKIP LOCKED)
"""


class RateReached(TooMany):
    """The window's requests are spent."""

    code = "rate_limit"
    message = _("Too many requests: wait %(wait_s)d seconds.")


@dataclass(frozen=True)
class Rate:
    """So many requests in so many seconds."""

    count: int
    seconds: int


def rate_of(text: str) -> Rate:
    """Return a rate written as 1200/min; raises ValueError."""
    found = RATE.fullmatch(text.strip().lower())
    if found is None or found[2] not in SECONDS:
        raise ValueError(f"not a rate: {text!r} (write it as 1200/min)")
    return Rate(int(found[1]), SECONDS[found[2]])


def spend(bucket: str, rate: Rate) -> int | None:
    """Count one request; return None, or how many seconds to wait where the bucket is empty."""
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"name": bucket[:120], "window": rate.seconds})
        spent, left = cursor.fetchone()
        if spent == 1:
            cursor.execute(SWEEP)
    return None if spent <= rate.count else max(1, math.ceil(left))


def patience(request: HttpRequest, refusal: Refusal) -> Refusal:
    """Return what a request without a valid sign-in is told: its refusal, or RateReached after too many of them."""
    if refusal.status != 401:
        return refusal
    wait = spend(f"ip:{client_ip(request)}", rate_of(settings.API_RATES["stranger"]))
    return refusal if wait is None else RateReached(wait_s=wait)
