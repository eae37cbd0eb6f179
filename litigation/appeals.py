"""Until which day a judgment can be attacked: days of law from `legal_rule`, counted by the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Q

from authority import audit
from authority.models import User
from law.calendar import Calendar, last_day
from law.days import calendar
from law.models import LegalRule
from law.selectors import find_rule
from litigation.models import Judgment, Suit
from litigation.rules import days_to_appeal

APPEAL = "litigation.appeal"
MOVED = "litigation.appeal_moved"
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
    return last_day(start, count, calendar()), rule.pk


def calendar_changed(by: User, at: dt.datetime, changed: Collection[dt.date] | None) -> None:
    """Count anew the days of appeal that are still open, by the rule they were read from.

    What was appealed, became final or was set aside stays as it was.
    """
    running = Q(suit__state__in=[Suit.State.OPEN, Suit.State.JUDGED], suit__later=None)
    rows = Judgment.objects.filter(running, is_final=False, set_aside_at=None, appeal_until__isnull=False)
    if changed is not None:
        rows = rows.filter(ruled_on__lt=max(changed), appeal_until__gte=min(changed))
    rules = {rule.pk: rule for rule in LegalRule.objects.filter(pk__in=rows.values("rule_id"))}
    known = calendar()
    for judgment in rows.select_related("suit").select_for_update(of=("self",)).order_by("pk"):
        if (rule := rules.get(judgment.rule_id or 0)) is not None:
            move(judgment, rule, known, by, at)


def move(judgment: Judgment, rule: LegalRule, known: Calendar, by: User, at: dt.datetime) -> None:
    """Write the last day of appeal that the calendar gives now, with its record."""
    count = days_to_appeal(judgment.suit.court_kind, rule.params)
    if count is None:
        return
    before, after = judgment.appeal_until, last_day(judgment.notified_on or judgment.ruled_on, count, known)
    if before == after:
        return
    judgment.appeal_until = after
    judgment.save(update_fields=["appeal_until"])
    detail = {"judgment": judgment.pk, "before": before, "after": after}
    audit.record(MOVED, by=by, at=at, obj=judgment.suit, detail=detail)
