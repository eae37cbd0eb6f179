"""Until which day a judgment can be attacked: days of law from `legal_rule`, counted by the calendar."""

from __future__ import annotations

import datetime as dt

from cases import days
from cases.deadlines import holidays
from cases.workflow import Within
from law.selectors import find_rule
from litigation.models import Judgment, Suit
from litigation.rules import days_to_appeal

APPEAL = "litigation.appeal"
NOT_ATTACKED = frozenset({Judgment.Ruling.INTERIM, Judgment.Ruling.ENDED})


def appeal_of(suit: Suit, ruling: str, start: dt.date) -> tuple[dt.date | None, int | None]:
    """Return the last day of appeal and the rule it was read from; None where no way leads on or no rule speaks.

    A period that ends on a day off runs on to the next working day (domain.md T-32).
    """
    if ruling in NOT_ATTACKED:
        return None, None
    rule = find_rule(APPEAL, start)
    count = days_to_appeal(suit.court_kind, rule.params) if rule else None
    if rule is None or count is None:
        return None, rule.pk if rule else None
    return days.due(start, Within(days=count, working=False), holidays()), rule.pk
