"""Which rule applied on a day, as the book knew it then."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from authority.refusal import NotFound
from law.models import LegalRule


def rules(code: str, known_at: dt.datetime | None = None) -> QuerySet[LegalRule]:
    """Return the rules of a code that stand in the book (or stood, at a moment), latest first."""
    rows = LegalRule.objects.filter(code=code, state=LegalRule.State.IN_FORCE)
    rows = rows.filter(in_book=True) if known_at is None else rows.filter(recorded_range__contains=known_at)
    return rows.order_by("-effective_range", "regime")


def find_rule(code: str, on: dt.date, *, regime: str = "", known_at: dt.datetime | None = None) -> LegalRule | None:
    """Return the rule that applied on a day, None where nothing is in force then."""
    return rules(code, known_at).filter(regime=regime, effective_range__contains=on).first()


def rule_on(code: str, on: dt.date, *, regime: str = "", known_at: dt.datetime | None = None) -> LegalRule:
    """Return the rule that applied on a day; raises NotFound `rule_missing`: nothing is counted with a guess."""
    found = find_rule(code, on, regime=regime, known_at=known_at)
    if found is None:
        raise NotFound("rule_missing", _("No rule “%(rule)s” is in force on %(on)s."), rule=code, on=on, regime=regime)
    return found


def waiting() -> QuerySet[LegalRule]:
    """Return what was proposed and not decided."""
    return LegalRule.objects.filter(state=LegalRule.State.PROPOSED, in_book=True).order_by("pk")
