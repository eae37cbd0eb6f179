"""Signing in: password, second step, proving it again, signing out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from authority import clock, services
from authority.asking import asker as me
from authority.entry import factors, oidc, sessions, throttle
from authority.entry.forms import CodeForm, ProofForm
from authority.forms import SignInForm
from authority.models import Role, User, UserSession
from authority.signin import client_ip

PENDING, PENDING_FOR = "second_step", dt.timedelta(minutes=5)
BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignIn(LoginView):
    """The sign-in page; in sample mode it names the sample accounts."""

    template_name = "authority/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the attempt before the password is looked at."""
        throttle.before_password(request.POST.get("username", ""), client_ip(request))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Let the person in, or lead to the second step."""
        user = form.get_user()
        throttle.forget(user.username, client_ip(self.request))
        return second_step_or_in(self.request, user, self.get_success_url(), way=UserSession.Way.PASSWORD)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sample accounts and the provider where there are some."""
        sample = sample_accounts() if settings.SAMPLE_MODE else []
        return super().get_context_data(sample_accounts=sample, single_sign_on=oidc.is_on(), **kwargs)


def sample_accounts() -> list[User]:
    """Return the accounts named by a role's code, in the order of the roles."""
    order = {code: number for number, code in enumerate(Role.values)}
    return sorted(User.objects.filter(username__in=order, is_active=True), key=lambda user: order[user.username])


def ours(request: HttpRequest, wanted: str | None) -> str:
    """Return an address to go on to if it is ours, else the first page."""
    good = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and good else resolve_url(settings.LOGIN_REDIRECT_URL)


def second_step_or_in(
    request: HttpRequest, user: User, after: str | None, *, way: str, factor: bool = False
) -> HttpResponse:
    """Let a person in whose first proof was right; who has a phone is asked for its code first."""
    target = ours(request, after)
    if factor or not factors.is_enrolled(user):
        return _let_in(request, user, way=way, factor=factor, target=target)
    request.session.flush()
    request.session[PENDING] = {
        "user": user.pk,
        "proof": user.get_session_auth_hash(),
        "way": way,
        "next": target,
        "until": (clock.now() + PENDING_FOR).isoformat(),
    }
    return redirect("authority:second_step")


def _let_in(request: HttpRequest, user: User, *, way: str, factor: bool, target: str) -> HttpResponse:
    """Begin the session under a new number and record it."""
    at = clock.now()
    auth.login(request, user, backend=BACKEND)
    sessions.passed(key=request.session.session_key, at=at, factor=factor, way=way)
    services.note_sign_in(by=user, at=at, address=client_ip(request))
    return HttpResponseRedirect(target)


def _pending(request: HttpRequest) -> tuple[User, dict[str, str]] | None:
    """Return who has given the first proof in this browser a short while ago and has not changed it since."""
    kept = request.session.get(PENDING)
    if not kept or dt.datetime.fromisoformat(kept["until"]) <= clock.now():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return (user, kept) if user and user.get_session_auth_hash() == kept["proof"] else None


@never_cache
@require_http_methods(["GET", "POST"])
@login_not_required
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the phone, or one of the paper."""
    found = _pending(request)
    if found is None:
        return redirect("authority:login")
    user, kept = found
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            factors.check(user=user, at=clock.now(), code=form.cleaned_data["code"])
        except factors.WrongCode as refusal:
            form.add_error("code", refusal.detail)
        else:
            del request.session[PENDING]
            return _let_in(request, user, way=kept["way"], factor=True, target=kept["next"])
    status = 400 if request.method == "POST" else 200
    return render(request, "authority/entry/second_step.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Take a password or a code again, for what is delicate."""
    user = me(request)
    enrolled = factors.is_enrolled(user)
    form = ProofForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if _proved(request, user, form.cleaned_data["proof"], enrolled):
            sessions.passed(key=request.session.session_key, at=clock.now(), factor=enrolled)
            messages.success(request, _("Thank you; repeat now what you were doing."))
            return HttpResponseRedirect(ours(request, request.POST.get("next")))
        form.add_error("proof", factors.WrongCode().detail if enrolled else _("The password is not right."))
    context = {"form": form, "enrolled": enrolled, "next": ours(request, request.GET.get("next"))}
    return render(request, "authority/entry/prove.html", context, status=400 if form.is_bound else 200)


def _proved(request: HttpRequest, user: User, given: str, enrolled: bool) -> bool:
    """Try a proof: a code from who has a phone, the password from who has none."""
    if not enrolled:
        throttle.before_password(user.username, client_ip(request))
        right = user.check_password(given)
        if right:
            throttle.forget(user.username, client_ip(request))
        return right
    try:
        factors.check(user=user, at=clock.now(), code=given)
    except factors.WrongCode:
        return False
    return True


@never_cache
@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and the provider's where it began there."""
    if not isinstance(request.user, User):
        return redirect(settings.LOGOUT_REDIRECT_URL)
    way = request.user.entries.filter(key=request.session.session_key).values_list("way", flat=True).first()
    services.note_sign_out(by=request.user, at=clock.now())
    back = f"{request.scheme}://{request.get_host()}"
    auth.logout(request)
    return oidc.to_provider(oidc.farewell(way or "", back))
