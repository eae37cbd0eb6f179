"""Pages of the register of suits."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from authority import clock
from authority.asking import asker as me
from authority.models import User
from authority.policies import STAFF_READ, require, scope_of
from authority.refusal import Invalid, NotAllowed, NotFound, Refusal, Stale
from authority.showing import show_refusal
from litigation import report, selectors, services
from litigation.acts import ACTS, Ask, SuitAct
from litigation.forms import SuitForm
from litigation.locking import barred_by, params_today
from litigation.models import Judgment, Suit
from litigation.policies import KEEPERS, may_keep
from parcels.locks import Lockable
from ui import sheets
from ui.digits import to_latin
from ui.rail import stand_under

PAGE = 50
LIST = "/suits/"
SOON_DAYS = 14
MOST_ROWS = 50_000  # of a workbook


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the suits, with what is urgent above them."""
    user, today = me(request), clock.today()
    require(user, STAFF_READ)
    rows = asked(selectors.suits(user), request.GET).prefetch_related("parties")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "states": Suit.State.choices,
        "subjects": Suit.Subject.choices,
        "state": request.GET.get("state", ""),
        "subject": request.GET.get("subject", ""),
        "soon": selectors.hearings_between(user, today, today + dt.timedelta(days=SOON_DAYS))[:20],
        "untold": selectors.hearings_untold(user, today)[:20],
        "appeals": selectors.appeals_running(user, today)[:20],
        "unconfirmed": selectors.unconfirmed(user)[:20],
        "may": scope_of(user).holds(KEEPERS),
        "today": today,
    }
    return render(request, "litigation/list.html", context)


@require_safe
def report_file(request: HttpRequest) -> HttpResponse:
    """Hand out the list, narrowed as on the page, as a workbook."""
    user = me(request)
    require(user, STAFF_READ)
    rows = report.rows(asked(selectors.suits(user), request.GET)[:MOST_ROWS])
    return sheets.answer("amlak-suits.xlsx", _("Suits"), report.HEADS, rows)


def asked(rows: Any, query: QueryDict) -> Any:
    """Narrow the list by what the address asks."""
    if query.get("state") in Suit.State.values:
        rows = rows.filter(state=query["state"])
    if query.get("subject") in Suit.Subject.values:
        rows = rows.filter(subject=query["subject"])
    return rows


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the hearings of a month, day by day."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, LIST)
    first = month_of(request.GET.get("month", ""), clock.today())
    after = (first + dt.timedelta(days=32)).replace(day=1)
    before = (first - dt.timedelta(days=1)).replace(day=1)
    rows = selectors.hearings_between(user, first, after - dt.timedelta(days=1))
    context = {"rows": rows, "first": first, "before": before, "after": after, "today": clock.today()}
    return render(request, "litigation/calendar.html", context)


def month_of(text: str, today: dt.date) -> dt.date:
    """Read a month (2026-11) in either digits; anything else is this month."""
    try:
        found = dt.datetime.strptime(to_latin(text), "%Y-%m").date()
    except ValueError:
        return today.replace(day=1)
    return found if 1950 <= found.year <= 2150 else today.replace(day=1)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a suit."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, LIST)
    sent = request.method == "POST"
    form = SuitForm(request.POST) if sent else SuitForm(initial={"lands": request.GET.get("parcel", "")[:48]})
    refusal: Refusal | None = None
    if sent:
        try:
            made = registered(form, user)
        except Refusal as fault:
            refusal = fault
            show_refusal(fault, form)
        else:
            messages.success(request, _("The suit is in the register; what it bars is barred from now on."))
            return redirect("litigation:suit", made.pk)
    context = {"form": form, "refusal": refusal, "may": scope_of(user).holds(KEEPERS)}
    return render(request, "litigation/new.html", context, status=refusal.status if refusal else 200)


def registered(form: SuitForm, user: User) -> Suit:
    """Register what was typed; raises what the form or the service refuses."""
    if not form.is_valid():
        raise Invalid("form_invalid", gettext_lazy("Some fields need another look."))
    return services.register_suit(by=user, at=clock.now(), **form.said(user))


@require_safe
def suit(request: HttpRequest, suit_id: uuid.UUID) -> HttpResponse:
    """Show a suit: what it is about, what it bars, its hearings, judgments and their execution."""
    user = me(request)
    stand_under(request, LIST)
    return render(request, "litigation/suit.html", page_of(selectors.suit_by_id(suit_id, user), user))


def page_of(found: Suit, user: User) -> dict[str, Any]:
    """Return what the page shows."""
    today = clock.today()
    judgments = list(
        found.judgments.select_related("entered_by", "confirmed_by")
        .prefetch_related("steps")
        .order_by("ruled_on", "pk")
    )
    return {
        "suit": found,
        "parties": found.parties.select_related("party"),
        "lands": found.lands.select_related("parcel", "asset"),
        "cases": found.cases.select_related("case"),
        "hearings": found.hearings.select_related("told_by").order_by("held_on"),
        "judgments": [judgment_row(one, user, today) for one in judgments],
        "bars": [Lockable(act).label for act in sorted(barred_by(found, params_today()))],
        "later": found.later.all(),
        "may": may_keep(user, found.place),
        "acts": [row for row in ACTS.values() if row.listed],
        "standing": found.state in Suit.STANDING,
        "today": today,
    }


def judgment_row(one: Judgment, user: User, today: dt.date) -> dict[str, Any]:
    """Return a judgment with what can be done with it."""
    waits = one.confirmed_at is None and one.set_aside_at is None
    left = (one.appeal_until - today).days if one.appeal_until else None
    return {
        "judgment": one,
        "waits": waits,
        "may_confirm": waits and one.entered_by_id != user.pk and ACTS["confirm"].may(user, one.suit.place),
        "left": left if left is not None and left >= 0 else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, suit_id: uuid.UUID, name: str) -> HttpResponse:
    """Show an act on a suit with its form, and do it; a refusal keeps what was typed."""
    user = me(request)
    stand_under(request, LIST)
    found, row = selectors.suit_by_id(suit_id, user), ACTS.get(name)
    if row is None:
        raise NotFound()
    form = row.form(request.POST) if request.method == "POST" else row.form()
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            done(row, form, request, found)
        except NotFound:
            raise
        except Refusal as fault:
            refusal = fault
            show_refusal(fault, form)
        else:
            messages.success(request, _("Done: %(act)s.") % {"act": row.title})
            return redirect("litigation:suit", found.pk)
    context = {"row": row, "suit": found, "form": form, "refusal": refusal, "may": row.may(user, found.place)}
    return render(request, "litigation/act.html", context, status=refusal.status if refusal else 200)


@transaction.atomic
def done(row: SuitAct, form: Any, request: HttpRequest, found: Suit) -> None:
    """Do the act; raises what stands against it."""
    user = me(request)
    if not row.may(user, found.place):
        raise NotAllowed
    if not form.is_valid():
        raise Invalid("form_invalid", gettext_lazy("Some fields need another look."))
    version = number_of(request.POST.get("row_version", ""))
    if version is None:
        raise Stale
    said = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    row.do(Ask(user, clock.now(), found, said, number_of(request.GET.get("of", "")) or 0, version))


def number_of(text: str) -> int | None:
    """Read a number of an address or a form."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
