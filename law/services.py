"""A rule is proposed by one person and put in force by another; what it replaces is closed, never overwritten."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, F, Func, Value
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import DateRange, DateTimeTZRange

from authority import audit
from authority.models import User
from authority.refusal import Invalid
from law.calendar_rules import WEEK
from law.days import tell
from law.deciding import REASON_MAX, refuse, undecided
from law.models import LegalRule
from law.policies import require_decider, require_proposer
from law.registry import kind_of

PROPOSED, IN_FORCE, REFUSED = "law.rule_proposed", "law.rule_in_force", "law.rule_refused"
SOURCE_MAX = 300
MICROSECOND = dt.timedelta(microseconds=1)


@transaction.atomic
def propose_rule(
    *,
    by: User,
    at: dt.datetime,
    code: str,
    params: Any,
    starts_on: dt.date,
    source: str,
    last_day: dt.date | None = None,
    regime: str = "",
    reason: str = "",
) -> LegalRule:
    """Propose what a rule says from a day on; another person puts it in force.

    Raise NotAllowed, NotFound `rule_unknown`, Invalid `rule_unreadable`, `rule_without_source` and
    `ends_before_it_starts`.
    """
    require_proposer(by)
    kind = kind_of(code)
    try:
        kind.check(params)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise Invalid("rule_unreadable", _("The rule cannot be read: %(fault)s."), fault=str(fault)[:200]) from None
    if not source.strip():
        raise Invalid("rule_without_source", _("Name the law, article and gazette the rule stands in."))
    if last_day is not None and last_day < starts_on:
        raise Invalid("ends_before_it_starts", _("The last day lies before the first."))
    end = None if last_day is None else last_day + dt.timedelta(days=1)
    rule = LegalRule.objects.create(
        code=code,
        regime=regime,
        params=params,
        effective_range=DateRange(starts_on, end, "[)"),
        recorded_range=DateTimeTZRange(at, None, "[)"),
        source=source.strip()[:SOURCE_MAX],
        reason=reason.strip()[:REASON_MAX],
        proposed_by=by,
    )
    audit.record(PROPOSED, by=by, at=at, obj=rule, detail={"code": code, "params": params, "starts_on": starts_on})
    return rule


@transaction.atomic
def enforce_rule(*, by: User, at: dt.datetime, rule: LegalRule) -> LegalRule:
    """Put a proposal in force: rules of the same days give way to it. Raise NotAllowed, Conflict `rule_decided`."""
    held = undecided(rule)
    require_decider(by, held)
    moment = _make_room(held, at)
    held.state, held.decided_by, held.decided_at = LegalRule.State.IN_FORCE, by, at
    held.recorded_range = DateTimeTZRange(moment, None, "[)")
    held.save(update_fields=["state", "decided_by", "decided_at", "recorded_range"])
    detail = {"code": held.code, "params": held.params, "starts_on": held.effective_range.lower}
    audit.record(IN_FORCE, by=by, at=at, obj=held, detail=detail)
    if held.code == WEEK:
        tell(by, at, None)
    return held


@transaction.atomic
def refuse_rule(*, by: User, at: dt.datetime, rule: LegalRule, reason: str) -> LegalRule:
    """Refuse a proposal; it stays with its reason. Raise NotAllowed, Conflict `rule_decided`, Invalid."""
    held = refuse(rule, by=by, at=at, reason=reason)
    audit.record(REFUSED, by=by, at=at, obj=held, detail={"code": held.code, "reason": held.reason})
    return held


def _make_room(new: LegalRule, at: dt.datetime) -> dt.datetime:
    """Close the rows whose days the new rule takes, keep the days that are left; return the moment of record."""
    same = LegalRule.objects.select_for_update(of=("self",)).filter(
        code=new.code, regime=new.regime, state=LegalRule.State.IN_FORCE, in_book=True
    )
    touched = list(same.filter(effective_range__overlap=new.effective_range))
    written = [_began(row) + MICROSECOND for row in touched]
    moment = max([at, *written])
    lower = Func(F("recorded_range"), function="lower", output_field=DateTimeField())
    until = Func(lower, Value(moment, DateTimeField()), function="tstzrange", output_field=DateTimeField())
    LegalRule.objects.filter(pk__in=[row.pk for row in touched]).update(recorded_range=until)
    for row in touched:
        for left in _left(row.effective_range, new.effective_range):
            _twin(row, left, moment)
    return moment


def _began(row: LegalRule) -> dt.datetime:
    """Return when a row came into the book."""
    began: dt.datetime = row.recorded_range.lower  # type: ignore[assignment]  # the database holds that there is one
    return began


def _left(old: Any, new: Any) -> list[DateRange]:
    """Return what is left of a range of days beside another."""
    left = []
    if old.lower is None or (new.lower is not None and old.lower < new.lower):
        left.append(DateRange(old.lower, new.lower, "[)"))
    if new.upper is not None and (old.upper is None or new.upper < old.upper):
        left.append(DateRange(new.upper, old.upper, "[)"))
    return left


def _twin(row: LegalRule, days: DateRange, at: dt.datetime) -> None:
    LegalRule.objects.create(
        code=row.code,
        regime=row.regime,
        params=row.params,
        effective_range=days,
        recorded_range=DateTimeTZRange(at, None, "[)"),
        source=row.source,
        reason=row.reason,
        state=row.state,
        proposed_by=row.proposed_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
