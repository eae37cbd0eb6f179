"""A person's own account: settings, roles, keys, password."""

from __future__ import annotations

import datetime as dt

from django.contrib import auth, messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from authority import clock, selectors, services
from authority.asking import asker as me
from authority.entry import factors, sessions
from authority.forms import KeyForm, PasswordForm, PreferencesForm
from authority.policies import scope_of
from authority.refusal import NotFound, Refusal
from ui import account as account_ways


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
        "factor_known": factors.asked_at_all(),
        "enrolled": factors.is_enrolled(user),
        "ways": account_ways.ways_of(user),
        "keeper": services.may_keep_accounts(user),
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
        services.change_password(
            user=user, password=form.cleaned_data["new"], by=user, at=clock.now(), keep=request.session.session_key
        )
    except Refusal as refusal:
        form.add_error("new", [fault["message"] for fault in refusal.params["errors"]])
        return _account_page(request, refusal.status, password_form=form)
    before = request.session.session_key
    auth.update_session_auth_hash(request, user)
    sessions.moved(before, request.session.session_key)
    messages.success(request, _("The password was changed."))
    return redirect("authority:account")
