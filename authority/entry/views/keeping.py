"""What administrators do about other people's ways in: sessions, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from authority import clock, services
from authority.asking import asker as me
from authority.entry import recovery, sessions
from authority.entry.forms import RecoveryForm
from authority.entry.views.own import account_events, rows
from authority.refusal import Invalid, NotAllowed, Refusal


@never_cache
@require_http_methods(["GET", "POST"])
def account_sessions(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show where a colleague is signed in; the form ends all of it."""
    by, at = me(request), clock.now()
    account = recovery.account_of(by, pk=account_id)
    if request.method == "POST":
        ended = sessions.end_all(user=account, by=by, at=at, ending=sessions.Ending.ADMINISTRATOR)
        messages.success(request, _("Sessions ended: %(count)s.") % {"count": ended})
        return redirect("authority:account_sessions", account_id=account_id)
    context = {
        "account": account,
        "mine": False,
        "living": rows(sessions.open_sessions(account, at)),
        "past": rows(sessions.past_sessions(account, at)),
        "events": account_events(account),
    }
    return render(request, "authority/entry/sessions.html", context)


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    by, at = me(request), clock.now()
    waiting = [
        {"recovery": one, "may_confirm": one.needs_second and one.confirmed_by_id is None and one.asked_by_id != by.pk}
        for one in recovery.open_requests(by, at)
        if one.user_id != by.pk
    ]
    form = RecoveryForm(initial={"username": request.GET.get("user", "")[:64]})
    context: dict[str, Any] = {"form": form, "waiting": waiting}
    return render(request, "authority/entry/recoveries.html", context | more, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def recoveries(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second person, and ask for a colleague's way back; a code is shown this once."""
    if not services.may_keep_accounts(me(request)):
        raise NotAllowed
    if request.method == "GET":
        return _page(request)
    form = RecoveryForm(request.POST)
    if not form.is_valid():
        return _page(request, 400, form=form)
    said = form.cleaned_data
    try:
        user = recovery.account_of(me(request), username=said["username"])
        made, code = recovery.ask(user=user, kind=said["kind"], reason=said["reason"], by=me(request), at=clock.now())
    except Refusal as refusal:
        form.add_error(None, refusal.detail)
        return _page(request, refusal.status, form=form)
    return _page(request, made=made, code=code)


@never_cache
@require_POST
def decide(request: HttpRequest, recovery_id: str) -> HttpResponse:
    """Confirm a colleague's request as the second person, or withdraw it."""
    by, at, act = me(request), clock.now(), request.POST.get("act", "")
    if act == "confirm":
        made, code = recovery.confirm(recovery_id=recovery_id, by=by, at=at)
        if code:
            return _page(request, made=made, code=code)
        messages.success(
            request, _("The second factor was taken off; the person sets up a new one at the next sign-in.")
        )
    elif act == "withdraw":
        recovery.withdraw(recovery_id=recovery_id, by=by, at=at)
        messages.success(request, _("The request was withdrawn."))
    else:
        raise Invalid("unknown_act", _("Say whether to confirm or to withdraw."))
    return redirect("authority:recoveries")
