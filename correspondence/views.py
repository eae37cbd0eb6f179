"""Pages of the register of letters."""

from __future__ import annotations

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
from authority.models import Office, User
from authority.policies import STAFF_READ, require, scope_of
from authority.refusal import Invalid, NotAllowed, NotFound, Refusal, Stale
from authority.showing import show_refusal
from correspondence import policies, selectors, services
from correspondence.acts import ACTS, Ask, LetterAct, open_acts
from correspondence.forms import IncomingForm, LetterForm, OutgoingForm, fitted
from correspondence.models import Letter
from correspondence.register import MOST_PRINTED, Book, line_of, titles, workbook
from ui import sheets
from ui.digits import to_latin
from ui.rail import stand_under

PAGE = 50
LIST = "/letters/"
Direction, State = Letter.Direction, Letter.State


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the letters, with what waits for an answer above them."""
    user, today = me(request), clock.today()
    require(user, STAFF_READ)
    offices = list(policies.offices_of(user, STAFF_READ).order_by("code"))
    rows = asked(selectors.letters(user), request.GET, user)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "offices": offices,
        "directions": Direction.choices,
        "states": State.choices,
        "chosen": {name: request.GET.get(name, "") for name in ("office", "direction", "year", "state", "only")},
        "late": selectors.late(user, today)[:20],
        "drafts": selectors.letters(user).filter(state=State.DRAFT)[:20],
        "may": scope_of(user).holds(policies.KEEPERS),
        "may_draft": scope_of(user).holds(policies.DIRECTORS),
        "book": request.GET.urlencode(),
        "today": today,
    }
    return render(request, "correspondence/list.html", context)


def asked(rows: Any, query: QueryDict, user: User) -> Any:
    """Narrow the list by what the address asks; what it cannot mean narrows nothing."""
    year = number_of(to_latin(query.get("year", "")))
    if query.get("direction") in Direction.values:
        rows = rows.filter(direction=query["direction"])
    if query.get("state") in State.values:
        rows = rows.filter(state=query["state"])
    if office := str(query.get("office", "")).replace("\x00", "")[:48]:
        rows = rows.filter(office__code=office)
    if year is not None and year < 10_000:
        rows = rows.filter(year=year)
    if query.get("only") == "mine":
        rows = rows.filter(assigned_to=user, state__in=selectors.OPEN)
    elif query.get("only") == "waiting":
        rows = rows.filter(state__in=selectors.OPEN, due_on__isnull=False).order_by("due_on", "pk")
    return rows


def book_of(request: HttpRequest, user: User) -> Book:
    """Return the register that the address names; without an office, the first in sight. Raises NotFound."""
    offices = policies.offices_of(user, STAFF_READ).order_by("code")
    code = request.GET.get("office", "").replace("\x00", "")[:48]
    office: Office | None = (offices.filter(code=code) if code else offices).first()
    if office is None:
        raise NotFound()
    direction = request.GET.get("direction", "")
    year = number_of(to_latin(request.GET.get("year", "")))
    known = year if year is not None and 1900 <= year <= 2200 else clock.today().year
    return Book(office, direction if direction in Direction.values else Direction.IN, known)


@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """Show a register as a page to print, as the paper book has it."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, LIST)
    book = book_of(request, user)
    first = number_of(to_latin(request.GET.get("from", ""))) or 1
    rows = list(book.rows(user).select_related("signed_by").filter(serial__gte=first)[: MOST_PRINTED + 1])
    more = rows[MOST_PRINTED].serial if len(rows) > MOST_PRINTED else None
    lines = [(one, line_of(one)) for one in rows[:MOST_PRINTED]]
    context = {"book": book, "titles": titles(book.direction), "lines": lines, "more": more, "now": clock.now()}
    return render(request, "correspondence/print.html", context)


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """Give a register as an Excel workbook."""
    user = me(request)
    require(user, STAFF_READ)
    book = book_of(request, user)
    answer = HttpResponse(workbook(book, by=user, at=clock.now()), content_type=sheets.TYPE)
    name = f"letters-{book.direction.lower()}-{book.office.code}-{book.year}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def new_incoming(request: HttpRequest) -> HttpResponse:
    """Register an incoming letter."""
    return new(request, IncomingForm, policies.KEEPERS)


@require_http_methods(["GET", "HEAD", "POST"])
def new_outgoing(request: HttpRequest) -> HttpResponse:
    """Draft an outgoing letter."""
    return new(request, OutgoingForm, policies.DIRECTORS)


def new(request: HttpRequest, made: type[LetterForm], roles: frozenset[str]) -> HttpResponse:
    """Show the form of a new letter, and enter it; a refusal keeps what was typed."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, LIST)
    sent = request.method == "POST"
    form = made(user, request.POST, request.FILES) if sent else made(user, initial=initial_of(request, user))
    refusal: Refusal | None = None
    if sent:
        try:
            letter = entered(form, user)
        except Refusal as fault:
            refusal = fault
            show_refusal(fault, form)
        else:
            messages.success(request, done_words(letter))
            return redirect("correspondence:letter", letter.pk)
    context = {"form": form, "refusal": refusal, "may": scope_of(user).holds(roles), "coming": made is IncomingForm}
    return render(request, "correspondence/new.html", context, status=refusal.status if refusal else 200)


def done_words(letter: Letter) -> str:
    """Say what was done."""
    if not letter.serial:
        return _("The draft is kept; it takes its number when another person signs it.")
    return _("Registered under the number %(number)s.") % {"number": letter.number}


def initial_of(request: HttpRequest, user: User) -> dict[str, Any]:
    """Begin with what another page hands on: a file, a parcel, the letter to be answered."""
    given: dict[str, Any] = {"parcels": request.GET.get("parcel", "")[:48], "about": request.GET.get("case", "")[:36]}
    try:
        letter = selectors.letter_by_id(uuid.UUID(request.GET.get("answers", "")), user)
    except (ValueError, NotFound):
        return given
    told = {"office": letter.office.code, "correspondent": letter.correspondent, "answers": letter.number}
    codes = [row.parcel.parcel_code for row in letter.parcels.select_related("parcel")]
    return given | told | {"parcels": ", ".join(codes)}


def entered(form: LetterForm, user: User) -> Letter:
    """Enter what was typed; raises what the form or the service refuses."""
    if not form.is_valid():
        raise Invalid("form_invalid", gettext_lazy("Some fields need another look."))
    enter = services.register_incoming if isinstance(form, IncomingForm) else services.draft_outgoing
    return enter(by=user, at=clock.now(), **form.said())


@require_safe
def letter(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """Show a letter: what it says, what it is about, its chain, its history."""
    user = me(request)
    stand_under(request, LIST)
    found = selectors.letter_by_id(letter_id, user)
    return render(request, "correspondence/letter.html", page_of(found, user))


def page_of(found: Letter, user: User) -> dict[str, Any]:
    """Return what the page shows."""
    waits = found.state in selectors.OPEN and found.due_on is not None
    replies = found.state in (*selectors.OPEN, State.ANSWERED)
    return {
        "letter": found,
        "cases": found.cases.select_related("case"),
        "parcels": found.parcels.select_related("parcel"),
        "files": found.files.select_related("document", "added_by").order_by("pk"),
        "events": found.events.select_related("by").order_by("-pk"),
        "chain": selectors.chain(found, user),
        "acts": open_acts(found, user),
        "may_reply": replies and policies.may_direct(user, found.place),
        "own_hand": found.state == State.DRAFT and user.pk in (found.entered_by_id, found.drafted_by_id),
        "late": waits and found.due_on is not None and found.due_on < clock.today(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, letter_id: uuid.UUID, name: str) -> HttpResponse:
    """Show an act on a letter with its form, and do it; a refusal keeps what was typed."""
    user = me(request)
    stand_under(request, LIST)
    found, row = selectors.letter_by_id(letter_id, user), ACTS.get(name)
    if row is None:
        raise NotFound()
    form = row.form(request.POST, request.FILES) if request.method == "POST" else row.form()
    fitted(form, found)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            done(row, form, request, found)
        except NotFound as missing:
            if "field" not in missing.params:
                raise
            refusal = missing
            show_refusal(missing, form)
        except Refusal as fault:
            refusal = fault
            show_refusal(fault, form)
        else:
            messages.success(request, _("Done: %(act)s.") % {"act": row.title})
            return redirect("correspondence:letter", found.pk)
    context = {"row": row, "letter": found, "form": form, "refusal": refusal, "may": row.may_do(user, found)}
    return render(request, "correspondence/act.html", context, status=refusal.status if refusal else 200)


@transaction.atomic
def done(row: LetterAct, form: Any, request: HttpRequest, found: Letter) -> None:
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
    row.do(Ask(user, clock.now(), found, said, version))


def number_of(text: str) -> int | None:
    """Read a number of an address or a form."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
