"""Official holidays: entered by one person, put in force by another; open deadlines follow at once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import DateTimeField, F, Func, Value
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import DateTimeTZRange

from authority import audit
from authority.models import User
from authority.refusal import Conflict, Invalid, NotFound
from law.days import holidays, tell
from law.deciding import refuse, undecided
from law.models import Holiday
from law.policies import require_decider, require_proposer

PROPOSED, IN_FORCE, REFUSED = "law.holiday_proposed", "law.holiday_in_force", "law.holiday_refused"
NAME_MAX, SOURCE_MAX = 120, 300
YEARS = (1950, 2150)


@transaction.atomic
def propose_holiday(
    *,
    by: User,
    at: dt.datetime,
    day: dt.date,
    name_ar: str,
    source: str,
    name_en: str = "",
    replaces: int | None = None,
) -> Holiday:
    """Propose a day off, or that a holiday moves to this day (`replaces`); another person puts it in force.

    Raise NotAllowed, NotFound, Invalid `holiday_without_name`, `rule_without_source`, `day_out_of_range`, Conflict
    `holiday_stands`.
    """
    require_proposer(by)
    old = _standing(replaces) if replaces is not None else None
    if not name_ar.strip():
        raise Invalid("holiday_without_name", _("Write the holiday's name in Arabic."), field="name_ar")
    _require_source(source)
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise Invalid("day_out_of_range", _("The day lies too far away."), field="day")
    _refuse_standing(day)
    return _enter(Holiday(day=day, name_ar=name_ar.strip()[:NAME_MAX], name_en=name_en.strip()[:NAME_MAX],
                          source=source, replaces=old), by, at)  # fmt: skip


@transaction.atomic
def propose_cancelling(*, by: User, at: dt.datetime, holiday: int, source: str) -> Holiday:
    """Propose that a holiday is a working day after all. Raise as `propose_holiday`."""
    require_proposer(by)
    old = _standing(holiday)
    _require_source(source)
    new = Holiday(day=old.day, name_ar=old.name_ar, name_en=old.name_en, source=source, replaces=old, cancels=True)
    return _enter(new, by, at)


@transaction.atomic
def enforce_holiday(*, by: User, at: dt.datetime, holiday: Holiday) -> Holiday:
    """Put a proposal in force, close the row it replaces, move the open deadlines it touches.

    Raise NotAllowed `own_proposal`, Conflict `rule_decided`, `holiday_stands`, `holiday_gone`.
    """
    held = undecided(holiday)
    require_decider(by, held)
    days = {held.day}
    if held.replaces is not None:
        days.add(_close(held.replaces, at).day)
    if not held.cancels:
        _refuse_standing(held.day)
    held.state, held.decided_by, held.decided_at = Holiday.State.IN_FORCE, by, at
    held.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(IN_FORCE, by=by, at=at, obj=held, detail=_detail(held))
    tell(by, at, days)
    return held


@transaction.atomic
def refuse_holiday(*, by: User, at: dt.datetime, holiday: Holiday, reason: str) -> Holiday:
    """Refuse a proposal; it stays with its reason. Raise NotAllowed, Conflict `rule_decided`, Invalid."""
    held = refuse(holiday, by=by, at=at, reason=reason)
    audit.record(REFUSED, by=by, at=at, obj=held, detail=_detail(held))
    return held


def _enter(new: Holiday, by: User, at: dt.datetime) -> Holiday:
    new.source, new.proposed_by = new.source.strip()[:SOURCE_MAX], by
    new.recorded_range = DateTimeTZRange(at, None, "[)")
    new.save()
    audit.record(PROPOSED, by=by, at=at, obj=new, detail=_detail(new))
    return new


def _detail(row: Holiday) -> dict[str, object]:
    moved = row.replaces.day if row.replaces else None
    return {"day": row.day, "name": row.name_ar, "instead_of": moved, "cancels": row.cancels, "source": row.source}


def _require_source(source: str) -> None:
    if not source.strip():
        raise Invalid("rule_without_source", _("Name the decree and the gazette it stands in."), field="source")


def _standing(pk: int) -> Holiday:
    found = holidays().filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def _refuse_standing(day: dt.date) -> None:
    if holidays().filter(day=day).exists():
        raise Conflict("holiday_stands", _("%(day)s is a holiday already."), day=day, field="day")


def _close(old: Holiday, at: dt.datetime) -> Holiday:
    lower = Func(F("recorded_range"), function="lower", output_field=DateTimeField())
    until = Func(lower, Value(at, DateTimeField()), function="tstzrange", output_field=DateTimeField())
    if not holidays().filter(pk=old.pk, recorded_range__startswith__lt=at).update(recorded_range=until):
        raise Conflict("holiday_gone", _("The holiday this replaces does not stand any more."))
    return old
