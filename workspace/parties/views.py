"""Pages of the book of persons."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from authority import clock
from authority.models import User
from authority.policies import STAFF_READ, require, scope_of
from authority.refusal import Invalid, NotAllowed, NotFound, Refusal
from authority.showing import show_refusal
from parties import services
from parties.models import Party, Succession
from parties.policies import MAY_ENTER
from parties.selectors import parties, party_by_id
from ui.rail import stand_under
from workspace.book.picking import LEAST, MOST, answer, asked
from workspace.parties import reading
from workspace.parties.acts import ACTS, Ask, PartyAct
from workspace.parties.forms import ContactForm, NewPartyForm
from workspace.people import me
from workspace.reference.views import attempt

LIST = "/parties/"
PAGE = 50


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the parties by name and kind."""
    user = me(request)
    require(user, STAFF_READ)
    name, kind = request.GET.get("q", "")[:100].replace("\x00", "").strip(), request.GET.get("kind", "")
    rows = parties(user, name=name, kind=kind if kind in Party.Kind.values else "")
    page = Paginator(rows.order_by("name_ar", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "q": name, "kind": kind, "kinds": Party.Kind.choices,
        "may_enter": scope_of(user).holds(MAY_ENTER),
    }  # fmt: skip
    return render(request, "workspace/parties/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a party."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, LIST)
    sent = request.method == "POST"
    form = NewPartyForm(request.POST) if sent else NewPartyForm()
    made: list[Party] = []
    refusal = attempt(form, lambda: made.append(entered(form, user))) if sent else None
    if made:
        for warning in services.warnings_for(form.cleaned_data["national_id"], clock.now()):
            messages.warning(request, warning)
        messages.success(request, _("The party is entered."))
        return redirect("workspace:party", made[0].pk)
    context = {"form": form, "refusal": refusal}
    return render(request, "workspace/parties/new.html", context, status=refusal.status if refusal else 200)


def entered(form: NewPartyForm, user: User) -> Party:
    """Enter the party of the form, for the governorate in which the person enters parties."""
    said = dict(form.cleaned_data)
    codes = sorted(scope_of(user).governorates(MAY_ENTER))
    if not codes or not codes[0]:
        raise NotAllowed("may_not_enter_parties")
    number = said.pop("national_id")
    return services.register_party(**said, national_id_text=number, governorate=codes[0], by=user, at=clock.now())


@require_safe
def party(request: HttpRequest, party_id: uuid.UUID) -> HttpResponse:
    """Show everything a party holds, owes and disputes."""
    user = me(request)
    stand_under(request, LIST)
    found = party_by_id(party_id, user=user)
    return render(request, "workspace/parties/party.html", page_of(found, user))


def page_of(found: Party, user: User) -> dict[str, Any]:
    """Return what the page shows."""
    today = clock.today()
    held, files = reading.holdings_of(found, user, today), reading.files_of(found, user)
    return {
        "party": found,
        "held": [one for one in held if one.holding.kind not in reading.AGAINST],
        "against": [one for one in held if one.holding.kind in reading.AGAINST],
        "files": files,
        "suits": reading.suits_of(found, user),
        "dues": reading.dues_of(files, today),
        "doubles": reading.doubles_offered(found, user),
        "merged": list(found.doubles.all()),
        "shares": reading.shares_of(found),
        "groups": reading.groups_of(found),
        "agencies": reading.agencies_of(found, today),
        "succession": Succession.objects.filter(deceased=found).select_related("heirs").first(),
        "inherited": Succession.objects.filter(heirs=found).select_related("deceased").first(),
        "acts": [(row, row.may(user, found)) for row in ACTS.values() if row.listed(found)],
        "today": today,
        "now": clock.now(),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, party_id: uuid.UUID, name: str) -> HttpResponse:
    """Show an act on a party with its form, and do it."""
    user = me(request)
    stand_under(request, LIST)
    found = party_by_id(party_id, user=user)
    row = ACTS.get(name)
    if row is None:
        raise NotFound()
    form = form_of(row, found, request)
    refusal: Refusal | None = None
    shown: Any = None
    if request.method == "POST":
        try:
            shown = done(row, Ask(user, clock.now(), found, form, request.GET.get("of", "")))
        except NotFound:
            raise
        except Refusal as fault:
            refusal = fault
            show_refusal(fault, form)
        else:
            if not row.shows:
                messages.success(request, _("Done: %(act)s.") % {"act": row.title})
                return redirect("workspace:party", found.pk)
    context = {
        "row": row, "party": found, "form": form, "refusal": refusal, "shown": shown, "may": row.may(user, found),
    }  # fmt: skip
    return render(request, "workspace/parties/act.html", context, status=refusal.status if refusal else 200)


def form_of(row: PartyAct, found: Party, request: HttpRequest) -> Any:
    """Return the act's form, with what is known in it."""
    if request.method == "POST":
        return row.form(request.POST)
    known = {"phone": found.phone, "address": found.address, "tax_no": found.tax_no}
    return row.form(initial=known if row.form is ContactForm else {"other": request.GET.get("other", "")[:40]})


@transaction.atomic
def done(row: PartyAct, ask: Ask) -> Any:
    """Do the act; raises what stands against it."""
    if not row.may(ask.user, ask.party):
        raise NotAllowed
    if not ask.form.is_valid():
        raise Invalid("form_invalid", gettext_lazy("Some fields need another look."))
    return row.do(ask)


@require_safe
def pick(request: HttpRequest) -> HttpResponse:
    """Answer the parties of these words, while they are typed."""
    user = me(request)
    require(user, STAFF_READ)
    name, words = asked(request)
    if len(words) < LEAST:
        return answer(request, name, words, [])
    found = parties(user, name=words).order_by("name_ar")[:MOST]
    rows = [
        {"value": one.pk, "title": str(one), "note": one.national_id_mask or one.get_kind_display()} for one in found
    ]
    return answer(request, name, words, rows)
