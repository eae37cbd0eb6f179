"""Filters that are kept: named on the list, opened from its menu."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from authority import clock
from authority.models import Office, User
from authority.refusal import NotFound, Refusal
from search.models import SavedFilter
from search.saved import close_filter, offices_to_share, save_filter, saved_for
from workspace.people import me

LISTS: Mapping[str, str] = {SavedFilter.Page.PARCELS: "workspace:parcels", SavedFilter.Page.SEARCH: "workspace:search"}


@dataclass(frozen=True)
class Shelf:
    """What the menu of a list shows: which filters there are, whether one can be kept now, with whom."""

    page: str
    filters: list[SavedFilter]
    query: str
    offices: list[Office]
    user: User


def shelf(user: User, page: str, query: str) -> Shelf:
    """Return the menu of kept filters of a list."""
    return Shelf(page, saved_for(user, page), query, list(offices_to_share(user)), user)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filter of a list under a name."""
    user, said = me(request), request.POST
    page, query = said.get("page", ""), said.get("query", "")
    try:
        made = save_filter(
            by=user, at=clock.now(), page=page, name=said.get("name", ""), query=query,
            office=office_of(user, said.get("office", "")),
        )  # fmt: skip
    except Refusal as fault:
        if fault.status in (403, 404):
            raise
        messages.error(request, str(fault.detail))
        return back(page, "")
    messages.success(request, _("The filter is kept as “%(name)s”.") % {"name": made.name})
    return back(page, made.query)


def office_of(user: User, code: str) -> Office | None:
    """Return the office to share with; raises NotFound for one that is not the person's."""
    if not code:
        return None
    found = next((one for one in offices_to_share(user) if one.code == code), None)
    if found is None:
        raise NotFound()
    return found


def back(page: str, query: str) -> HttpResponse:
    """Go back to the list."""
    address = reverse(LISTS.get(page, "workspace:parcels"))
    return redirect(f"{address}?{query}" if query else address)


@require_POST
def close(request: HttpRequest, saved_id: uuid.UUID) -> HttpResponse:
    """Keep it no longer."""
    closed = close_filter(by=me(request), at=clock.now(), saved=saved_id)
    messages.success(request, _("The filter “%(name)s” is kept no longer.") % {"name": closed.name})
    return back(closed.page, "")
