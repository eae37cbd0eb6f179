"""The log of national numbers that were shown in full."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from authority import clock
from authority.policies import STAFF_READ, require
from parties import reveals
from ui.forms import DayField
from ui.rail import stand_under
from workspace.people import me

PAGE = 50


class RevealFilter(forms.Form):
    """By whom, when, and words of the reason."""

    who = forms.CharField(label=_("Who"), max_length=80, required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    text = forms.CharField(label=_("Words of the reason"), max_length=80, required=False)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """List the looks a person may see; the form takes them out as a table, which is recorded."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, "/parties/")
    form = RevealFilter(request.GET)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    rows = reveals.found(user, **wanted)
    if request.method == "POST" and form.is_valid():
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="national-numbers-shown.csv"'
        answer.write("\ufeff")
        reveals.take_out(by=user, at=clock.now(), rows=rows, target=answer)  # type: ignore[arg-type]  # it has write()
        return answer
    page = Paginator(rows if form.is_valid() else rows.none(), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": reveals.told(page.object_list),
        "watches": reveals.may_watch(user),
        "query": request.GET.urlencode(),
    }
    return render(request, "workspace/parties/reveals.html", context, status=200 if form.is_valid() else 400)
