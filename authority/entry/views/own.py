"""One's own second factor and sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from authority import audit, clock
from authority.asking import asker as me
from authority.entry import factors, sessions
from authority.entry.forms import CodeForm
from authority.models import AuditEvent, User, UserSession
from authority.refusal import NotFound, Refusal

OFFERED = "factor_offered"  # where the session keeps a secret that is not yet in force
EVENTS_SHOWN = 15


def _required(request: HttpRequest) -> User:
    """Return who is signed in; the pages are there only where the site knows a second factor."""
    if not factors.asked_at_all():
        raise NotFound
    return me(request)


def _offer(request: HttpRequest, user: User) -> factors.Enrolment:
    """Return the secret this session offers to a phone; the same on every look until it is in force."""
    key = request.session.get(OFFERED)
    if not key:
        key = request.session[OFFERED] = factors.new_enrolment(user).key
    return factors.Enrolment(key, user.username)


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    user = me(request)
    phone = factors.phone_of(user)
    context: dict[str, Any] = {
        "phone": phone,
        "offer": None if phone else _offer(request, user),
        "left": factors.codes_left(user),
        "compulsory": factors.compulsory_for(user),
        "form": CodeForm(),
    }
    return render(request, "authority/entry/factor.html", context | more, status=status)


@never_cache
@require_GET
def factor(request: HttpRequest) -> HttpResponse:
    """Show the second factor: how to set it up, or what there is."""
    _required(request)
    return _page(request)


@never_cache
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Put the offered secret into force by the phone's first code, and show the recovery codes once."""
    user = _required(request)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, 400, form=form)
    offer = _offer(request, user)
    try:
        codes = factors.enrol(by=user, at=clock.now(), enrolment=offer, code=form.cleaned_data["code"])
    except factors.WrongCode as refusal:
        form.add_error("code", refusal.detail)
        return _page(request, refusal.status, form=form)
    request.session.pop(OFFERED, None)
    _prove_session(request)
    return _page(request, codes=codes)


def _prove_session(request: HttpRequest) -> None:
    """Give the session a new number and note that the second factor was given in it."""
    before = request.session.session_key
    request.session.cycle_key()
    sessions.moved(before, request.session.session_key)
    sessions.passed(key=request.session.session_key, at=clock.now(), factor=True)


def _with_code(request: HttpRequest) -> HttpResponse | None:
    """Ask for a code of the second factor; return the page that says what is wrong, or None."""
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            factors.check(user=_required(request), at=clock.now(), code=form.cleaned_data["code"])
        except factors.WrongCode as refusal:
            form.add_error("code", refusal.detail)
        else:
            return None
    return _page(request, 400, form=form)


@never_cache
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes; a code of the phone is wanted."""
    user = _required(request)
    if (wrong := _with_code(request)) is not None:
        return wrong
    return _page(request, codes=factors.new_codes(by=user, at=clock.now()))


@never_cache
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take the second factor off, to set up another phone; a code is wanted."""
    user = _required(request)
    if (wrong := _with_code(request)) is not None:
        return wrong
    factors.remove(user=user, by=user, at=clock.now(), keep=request.session.session_key)
    UserSession.objects.filter(key=request.session.session_key).update(second_factor_at=None)
    messages.success(request, _("The second factor was taken off; your other sessions have ended."))
    return redirect("authority:factor")


def rows(found: Any) -> list[dict[str, Any]]:
    """Return sessions with their devices in words."""
    return [{"session": row, "device": sessions.device_words(row.agent)} for row in found]


@never_cache
@require_GET
def my_sessions(request: HttpRequest) -> HttpResponse:
    """Show where the person is signed in, where he was, and what happened to his account."""
    user, at = me(request), clock.now()
    context = {
        "account": user,
        "mine": True,
        "here": request.session.session_key,
        "living": rows(sessions.open_sessions(user, at)),
        "past": rows(sessions.past_sessions(user, at)),
        "events": account_events(user),
    }
    return render(request, "authority/entry/sessions.html", context)


def account_events(user: User) -> list[dict[str, Any]]:
    """Return what was done to an account lately: sign-ins, passwords, factors, keys, roles."""
    told = AuditEvent.objects.filter(object_type="authority.user", object_id=str(user.pk)).select_related("actor")
    found = told.exclude(action="authority.preferences_set").order_by("-id")[:EVENTS_SHOWN]
    return [{"event": event, "title": audit.title_of(event.action)} for event in found]


@require_POST
def end_session(request: HttpRequest, session_id: str) -> HttpResponse:
    """End one of the person's own sessions."""
    try:
        sessions.end_one(user=me(request), session_id=session_id, by=me(request), at=clock.now())
    except Refusal:
        if not me(request).entries.filter(pk=session_id).exists():
            raise
    messages.success(request, _("The session was ended."))
    return redirect("authority:sessions")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of the person's sessions but this one."""
    ended = sessions.end_all(
        user=me(request),
        by=me(request),
        at=clock.now(),
        ending=sessions.Ending.OWNER,
        but=request.session.session_key,
    )
    messages.success(request, _("Other sessions ended: %(count)s.") % {"count": ended})
    return redirect("authority:sessions")
