"""Signing in and out, the language, and a person's own account."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from authority import clock, selectors, services
from authority.forms import KeyForm, PasswordForm, PreferencesForm, SignInForm
from authority.models import User
from authority.policies import scope_of
from authority.refusal import NotFound, NotSignedIn, Refusal
from authority.signin import client_ip


class SignIn(LoginView):
    """The sign-in page; in sample mode it names the sample accounts."""

    template_name = "authority/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Let the person in and record it."""
        services.note_sign_in(by=form.get_user(), at=clock.now(), address=client_ip(self.request))
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sample accounts where there are some."""
        sample = sample_accounts() if settings.SAMPLE_MODE else []
        return super().get_context_data(sample_accounts=sample, **kwargs)


def sample_accounts() -> list[User]:
    """Return the accounts named by a role's code, in the order of the roles."""
    from authority.models import Role

    order = {code: number for number, code in enumerate(Role.values)}
    return sorted(User.objects.filter(username__in=order, is_active=True), key=lambda user: order[user.username])


def me(request: HttpRequest) -> User:
    """Return who is signed in; raises NotSignedIn."""
    if isinstance(request.user, User):
        return request.user
    raise NotSignedIn


@never_cache
@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        services.note_sign_out(by=request.user, at=clock.now())
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _account_page(request: HttpRequest, status: int = 200, token: str = "", **forms: BaseForm) -> HttpResponse:
    user = me(request)
    context = {
        "preferences_form": PreferencesForm(instance=user),
        "key_form": KeyForm(),
        "password_form": PasswordForm(user),
        "keys": selectors.keys_of(user),
        "holdings": user.roles.select_related("office__place").order_by("starts_on"),
        "roles_today": scope_of(user).roles,
        "now": clock.now(),
        "token": token,
    }
    return render(request, "authority/account.html", context | forms, status=status)


@never_cache
@require_http_methods(["GET"])
def account(request: HttpRequest) -> HttpResponse:
    """Show a person's own settings, roles and keys."""
    return _account_page(request)


@require_POST
def save_preferences(request: HttpRequest) -> HttpResponse:
    """Keep how the person wants to read."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _account_page(request, 400, preferences_form=form)
    services.set_preferences(by=me(request), at=clock.now(), **form.cleaned_data)
    messages.success(request, _("Your settings were saved."))
    return redirect("authority:account")


@never_cache
@require_POST
def make_key(request: HttpRequest) -> HttpResponse:
    """Make a personal key and show it once."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _account_page(request, 400, key_form=form)
    at, wanted = clock.now(), form.cleaned_data
    try:
        _key, token = services.issue_key(
            name=wanted["name"],
            scopes=wanted["scopes"],
            expires_at=at + dt.timedelta(days=wanted["days"]),
            by=me(request),
            at=at,
        )
    except Refusal as refusal:
        form.add_error(None, refusal.detail)
        return _account_page(request, refusal.status, key_form=form)
    return _account_page(request, token=token)


@require_POST
def revoke_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """End one of the person's own keys."""
    key = selectors.keys_of(me(request)).filter(prefix=prefix).first()
    if key is None:
        raise NotFound
    services.revoke_key(key=key, by=me(request), at=clock.now())
    messages.success(request, _("The key was revoked; programs that use it are refused from now on."))
    return redirect("authority:account")


@never_cache
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Set a new password and stay signed in here; other sessions end."""
    user = me(request)
    form = PasswordForm(user, request.POST)
    if not form.is_valid():
        return _account_page(request, 400, password_form=form)
    try:
        services.change_password(user=user, password=form.cleaned_data["new"], by=user, at=clock.now())
    except Refusal as refusal:
        form.add_error("new", [fault["message"] for fault in refusal.params["errors"]])
        return _account_page(request, refusal.status, password_form=form)
    auth.update_session_auth_hash(request, user)
    messages.success(request, _("The password was changed."))
    return redirect("authority:account")
