"""What the law says of suits, pure: which acts a subject bars, how many days are left to appeal.

Both are rows of `legal_rule`; what is here reads them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Which court's judgment is attacked by what: names of the days in the rule `litigation.appeal`.
DAYS_OF: Mapping[str, str] = {
    "SUMMARY": "appeal",
    "FIRST_INSTANCE": "appeal",
    "APPEAL": "cassation",
    "URGENT": "urgent",
    "ADMINISTRATIVE": "state_council",
    "ADMINISTRATIVE_JUSTICE": "state_council",
}
# No way leads on from these.
LAST: frozenset[str] = frozenset({"CASSATION", "SUPREME_ADMINISTRATIVE"})
DAY_NAMES = ("appeal", "cassation", "urgent", "state_council")
RULINGS_ON_A_STAY: frozenset[str] = frozenset({"STAY_GRANTED", "STAY_REFUSED"})
RULINGS_THAT_END: frozenset[str] = frozenset({"FOR_US", "AGAINST_US", "PARTIAL"})


@dataclass(frozen=True)
class Told:
    """What a lock is decided from: the suit's subject, whether it stands, whether a stay stands."""

    subject: str
    standing: bool
    stayed: bool


def days_to_appeal(court_kind: str, params: Mapping[str, Any]) -> int | None:
    """Return the days in which a judgment of this court can be attacked; None where it is the last word."""
    if court_kind in LAST:
        return None
    return int(params[DAYS_OF[court_kind]])


def acts_barred(told: Told, params: Mapping[str, Any]) -> frozenset[str]:
    """Return the acts that a suit bars today; execution of a decision is barred only while it is stayed."""
    if not told.standing:
        return frozenset()
    always = frozenset(params.get("standing", {}).get(told.subject, ()))
    stayed = frozenset(params.get("stayed", ())) if told.stayed else frozenset()
    return always | stayed


def is_final(*, court_kind: str, until: dt.date | None, today: dt.date, appealed: bool) -> bool:
    """Say whether a judgment has become final: the last court's at once, others when the days are over unused."""
    if appealed:
        return False
    return court_kind in LAST or (until is not None and until < today)
