"""The calendar of a year: twelve months with days off; holidays proposed, moved, cancelled and decided."""

from __future__ import annotations

import calendar as months
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dates import MONTHS_ALT, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authority import clock
from authority.models import User
from authority.policies import STAFF, require
from authority.refusal import Invalid, NotFound
from law import days, holidays
from law.calendar import Calendar
from law.models import Holiday
from law.policies import may_decide, may_propose
from ui.digits import to_latin
from workspace.people import me
from workspace.reference.forms import HolidayForm
from workspace.reference.views import answer, attempt

SUNDAY = 6
YEARS = (1950, 2150)


@dataclass(frozen=True)
class Cell:
    """A day of the table; None outside the month."""

    day: dt.date | None
    tone: str = ""
    name: str = ""


def cell(day: dt.date, month: int, known: Calendar, named: dict[dt.date, str], today: dt.date) -> Cell:
    """Return a day as the table shows it."""
    if day.month != month:
        return Cell(None)
    off = "feast" if day in named else "" if known.is_working(day) else "off"
    return Cell(day, f"{off} today".strip() if day == today else off, named.get(day, ""))


def table(year: int, rows: list[Holiday], today: dt.date) -> list[dict[str, Any]]:
    """Return the months with their weeks from Sunday to Saturday."""
    known, named = days.calendar(), {row.day: str(row) for row in rows}
    weeks = months.Calendar(SUNDAY)
    return [
        {
            "name": MONTHS_ALT[month],  # the plain name of May is a word of other pages as well
            "weeks": [
                [cell(day, month, known, named, today) for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
            "holidays": [row for row in rows if row.day.month == month],
        }
        for month in range(1, 13)
    ]


def asked_year(request: HttpRequest, today: dt.date) -> int:
    """Return the year asked for, this one where none is."""
    text = to_latin(request.GET.get("year", ""))[:8]
    year = int(text) if text.isascii() and text.isdigit() else today.year
    return year if YEARS[0] <= year <= YEARS[1] else today.year


@require_http_methods(["GET", "HEAD", "POST"])
def year(request: HttpRequest) -> HttpResponse:
    """Show a year, and propose a holiday."""
    user = me(request)
    require(user, STAFF)
    sent = request.method == "POST"
    form = HolidayForm(request.POST) if sent else HolidayForm()
    refusal = attempt(form, lambda: proposed(form, user)) if sent else None
    if sent and refusal is None:
        messages.success(request, _("It is proposed; another person puts it in force."))
        return redirect("workspace:calendar")
    return answer(request, "calendar", context_of(request, user) | {"form": form}, refusal)


def context_of(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return what the page shows."""
    today = clock.today()
    shown = asked_year(request, today)
    waiting = [{"row": row, "may": may_decide(user, row)} for row in days.waiting_holidays()]
    rows = list(days.holidays().filter(day__year=shown))
    return {
        "year": shown, "before": shown - 1, "after": shown + 1, "months": table(shown, rows, today),
        "weekdays": [WEEKDAYS_ABBR[(n + SUNDAY) % 7] for n in range(7)], "waiting": waiting, "count": len(rows),
        "fiscal": days.fiscal_year(today), "agricultural": days.agricultural_year(today),
        "may_propose": may_propose(user),
    }  # fmt: skip


def proposed(form: HolidayForm, user: User) -> Holiday:
    """Propose what the form says: a holiday, its move, or its end."""
    said = form.cleaned_data
    old = int(said["replaces"]) if said["replaces"] else None
    if said["day"] is None:
        if old is None:
            raise Invalid("day_missing", _("Name the day, or the holiday that is cancelled."), field="day")
        return holidays.propose_cancelling(by=user, at=clock.now(), holiday=old, source=said["source"])
    names = {name: said[name] for name in ("day", "name_ar", "name_en", "source")}
    return holidays.propose_holiday(by=user, at=clock.now(), replaces=old, **names)


@require_http_methods(["POST"])
def decide(request: HttpRequest, holiday_id: int) -> HttpResponse:
    """Put a proposal in force, or refuse it with a reason."""
    user = me(request)
    require(user, STAFF)
    found = days.waiting_holidays().filter(pk=holiday_id).first()
    if found is None:
        raise NotFound()
    if request.POST.get("act") == "enforce":
        holidays.enforce_holiday(by=user, at=clock.now(), holiday=found)
        messages.success(request, _("It is in force; open deadlines are counted anew."))
    else:
        holidays.refuse_holiday(by=user, at=clock.now(), holiday=found, reason=request.POST.get("reason", ""))
        messages.success(request, _("The proposal is refused."))
    return redirect("workspace:calendar")
