"""The gate behind every session: it must be begun by a sign-in of ours, living, and proved as the site wants.

What is asked is the session itself and not the door it came through, so the administration's door or a forgotten one
opens nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.entry import factors, proof, sessions
from authority.models import User, UserSession
from authority.refusal import NotAllowed
from authority.responses import is_fragment, refuse, wants_data
from authority.signin import client_ip

GetResponse = Callable[[HttpRequest], HttpResponse]
# What a person who has to enrol first still reaches; `authority:` is left out.
OPEN = ("factor", "enrol", "logout", "language")


class FactorNeeded(NotAllowed):
    """The site wants a second factor of all staff, and this person has none yet."""

    code = "second_factor_needed"
    title = _("A second factor is needed")
    message = _("Set up your second factor first; until then nothing else is open.")
    advice = _("Open the page “Second factor” and scan the picture with your phone.")


class GateMiddleware:
    """Ends what is over, leads to enrolment who has to enrol, and remembers when the session was proved."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        session = _still_open(request, user)
        if session is None:
            return self.get_response(request)
        if not session["enrolled"] and factors.compulsory_for(user) and not session["second_factor_at"]:
            answer = _lead_to_enrolment(request)
            if answer is not None:
                return answer
        with proof.proved(session["proved_at"]):
            return self.get_response(request)


def _still_open(request: HttpRequest, user: User) -> sessions.Living | None:
    """Return the request's living session; a dead one is left at once, and the person is nobody from here on."""
    at, key = clock.now(), request.session.session_key
    session = sessions.living(key, user.pk)
    over = sessions.expired(session, at) if session else "unknown"
    if session and not over and factors.asked_at_all() and session["enrolled"] and not session["second_factor_at"]:
        over = sessions.Ending.CREDENTIALS
    if session and not over:
        sessions.seen(session, at)
        return session
    if session:
        sessions.close(UserSession.objects.filter(pk=session["pk"]), at=at, ending=over)
    auth.logout(request)
    return None


def _lead_to_enrolment(request: HttpRequest) -> HttpResponse | None:
    page = reverse("authority:factor")
    if request.path in {reverse(f"authority:{name}") for name in OPEN} | {reverse("ui:preferences")}:
        return None
    if wants_data(request):
        return refuse(request, FactorNeeded())
    if is_fragment(request):
        answer = HttpResponse(status=403)
        answer["HX-Redirect"] = page
        return answer
    return HttpResponseRedirect(page)


def begun(sender: Any, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Note each session that Django begins, whichever door it came through (`user_logged_in`)."""
    key = request.session.session_key
    if key is None:
        request.session.create()
        key = request.session.session_key
    sessions.begin(
        user=user,
        key=str(key),
        at=clock.now(),
        address=client_ip(request),
        agent=request.META.get("HTTP_USER_AGENT", ""),
    )


def left(sender: Any, request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    """Note each session that Django ends (`user_logged_out`)."""
    key = request.session.session_key
    if key:
        rows = UserSession.objects.filter(key=key)
        sessions.close(rows, at=clock.now(), ending=sessions.Ending.SIGNED_OUT)
