"""The public page on which a code that was handed over sets a new password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from authority import clock, services
from authority.entry import recovery, throttle
from authority.entry.forms import NewPasswordForm, OpeningForm
from authority.signin import client_ip


@never_cache
@require_http_methods(["GET", "POST"])
@login_not_required
def opening(request: HttpRequest) -> HttpResponse:
    """Take the code as it stands on the slip of paper."""
    form = OpeningForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        letters = "".join(c for c in form.cleaned_data["code"].casefold() if c.isascii() and c.isalnum())
        return redirect("authority:recover", code=letters or "-")
    return render(request, "authority/entry/opening.html", {"form": form}, status=400 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@login_not_required
def recover(request: HttpRequest, code: str) -> HttpResponse:
    """Set the password; the same answer for a wrong, a used and an old code."""
    throttle.before_opening(client_ip(request))
    opened = recovery.opened_by(code, clock.now())
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            recovery.set_password(code=code, password=form.cleaned_data["new"], at=clock.now())
        except services.WeakPassword as refusal:
            form.add_error("new", [fault["message"] for fault in refusal.params["errors"]])
        else:
            messages.success(request, _("The password was set; sign in with it now."))
            return redirect("authority:login")
    context = {"form": form, "account": opened.user}
    return render(request, "authority/entry/recover.html", context, status=400 if form.is_bound else 200)
