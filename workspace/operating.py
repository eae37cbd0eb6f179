"""The page on which an administrator puts training data back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authority import clock
from jobs.policies import require_all_jobs
from ui.rail import stand_under
from workspace import training
from workspace.people import me


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def training_page(request: HttpRequest) -> HttpResponse:
    """Show what a reset does; with the word typed, queue it."""
    require_all_jobs(me(request))
    stand_under(request, "/operations/")
    if request.method != "POST":
        sign = training.look(clock.now())
        return render(
            request, "workspace/training.html", {"sign": sign, "word": _("training"), "open": training.may_reset()}
        )
    training.ask_reset(by=me(request), at=clock.now(), word=request.POST.get("word", ""))
    messages.success(request, _("The data is being reset; sign in again in a minute."))
    return redirect("jobs:operations")
