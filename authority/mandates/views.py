"""The page of delegations: what I gave and received, what waits for my word, when I am away."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from authority import clock
from authority.asking import asker as me
from authority.mandates import selectors, services
from authority.mandates.forms import AbsenceForm, DelegationForm
from authority.mandates.kinds import kinds
from authority.models import Delegation, User
from authority.policies import STAFF, require
from authority.refusal import Invalid, Refusal
from authority.services import may_keep_accounts

TONES = {"waiting": "warn", "running": "ok", "coming": "info", "over": "mute", "closed": "mute"}


def words() -> dict[str, str]:
    """Return where a delegation can stand, in the reader's language."""
    return {
        "waiting": _("waits for a second person"),
        "running": _("in force"),
        "coming": _("confirmed, not begun"),
        "over": _("over"),
        "closed": _("closed"),
    }


def row_of(held: Delegation, user: User) -> dict[str, Any]:
    """Return a delegation as a row."""
    state = selectors.state_of(held, clock.today())
    files = [str(kinds().get(kind, kind)) for kind in held.files]
    return {
        "held": held, "state": words()[state], "tone": TONES[state], "files": _(", ").join(files),
        "open": state in ("waiting", "running", "coming"), "mine": held.giver_id == user.pk,
    }  # fmt: skip


def _page(request: HttpRequest, refusal: Refusal | None = None, **known: forms.Form) -> HttpResponse:
    user, today = me(request), clock.today()
    keeper = may_keep_accounts(user)
    context: dict[str, Any] = {
        "rows": [row_of(held, user) for held in selectors.delegations_of(user)[: selectors.MOST]],
        "waiting": [row_of(held, user) for held in selectors.waiting_for(user, today)],
        "absences": selectors.absences_of(user, today),
        "form": DelegationForm(user, keeper, initial={"starts_on": today}),
        "absence_form": AbsenceForm(user, initial={"away_from": today}),
        "refusal": refusal,
        "today": today,
    }
    status = refusal.status if refusal else 200
    return render(request, "authority/mandates/delegations.html", context | known, status=status)


def _attempt(form: Any, act: Any) -> Refusal | None:
    """Do an act with a valid form; return what was refused, shown at the form."""
    if not form.is_valid():
        return Invalid("form_invalid", _("Some fields need another look."))
    try:
        act(by=form.user, at=clock.now(), **form.said())
    except Refusal as refusal:
        form.add_error(None, refusal.detail)
        return refusal
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """Show a person's delegations and absences; the form enters a delegation."""
    user = me(request)
    require(user, STAFF)
    if request.method != "POST":
        return _page(request)
    form = DelegationForm(user, may_keep_accounts(user), request.POST)
    refusal = _attempt(form, services.enter)
    if refusal is not None:
        return _page(request, refusal, form=form)
    messages.success(request, _("Entered. It counts once another person has confirmed it."))
    return redirect("authority:delegations")


@require_POST
def decide(request: HttpRequest, delegation_id: uuid.UUID) -> HttpResponse:
    """Confirm a delegation as the second person, or close it."""
    by, at, act = me(request), clock.now(), request.POST.get("act", "")
    if act == "confirm":
        services.confirm(delegation_id=delegation_id, by=by, at=at)
        messages.success(request, _("The delegation is confirmed."))
    elif act == "close":
        services.close(delegation_id=delegation_id, reason=request.POST.get("reason", ""), by=by, at=at)
        messages.success(request, _("The delegation is closed; nothing is done by it any more."))
    else:
        raise Invalid("unknown_act", _("Say whether to confirm or to close."))
    return redirect("authority:delegations")


@require_POST
def be_away(request: HttpRequest) -> HttpResponse:
    """Enter days on which an officer is away."""
    user = me(request)
    require(user, STAFF)
    form = AbsenceForm(user, request.POST)
    refusal = _attempt(form, services.be_away)
    if refusal is not None:
        return _page(request, refusal, absence_form=form)
    messages.success(request, _("The absence is entered; a confirmed deputy acts on these days."))
    return redirect("authority:delegations")


@require_POST
def be_back(request: HttpRequest, absence_id: int) -> HttpResponse:
    """End an absence today."""
    services.be_back(absence_id=absence_id, by=me(request), at=clock.now())
    messages.success(request, _("The absence is ended."))
    return redirect("authority:delegations")
