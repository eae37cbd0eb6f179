"""The page of files: choose, follow, download."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from authority import clock
from authority.models import User
from authority.refusal import Refusal
from exports import policies, presenting, selectors, services
from exports.files import attachment
from exports.formats import FORMATS, SYSTEMS
from exports.models import Export

PER_PAGE = 20
OWN = frozenset({"layers", "layer", "format", "srid", "encoding", "csrfmiddlewaretoken", "page"})
# Names of filters on other pages that differ from the layers'.
RENAMED = {"land_use": "use", "ownership_class": "ownership"}


def user_of(request: HttpRequest) -> User:
    """Return who asks; the site answers nobody else."""
    return cast(User, request.user)


def filters_of(query: QueryDict) -> dict[str, str]:
    """Return what is not the form's own as filters: the address of a list or of the map, as it is."""
    found: dict[str, str] = {}
    for name in query:
        values = [value for value in query.getlist(name) if value]
        if name not in OWN and values:
            found[RENAMED.get(name, name)] = ",".join(values)
    return found


def given_by(query: QueryDict) -> dict[str, Any]:
    """Return the request that a form makes."""
    return {
        "layers": query.getlist("layers"),
        "format": query.get("format", ""),
        "srid": "" if not takes_system(query.get("format", "")) else query.get("srid", ""),
        "encoding": query.get("encoding", ""),
        "filters": filters_of(query),
    }


def takes_system(name: str) -> bool:
    """Say whether a format leaves the choice of system open."""
    return name in FORMATS and FORMATS[name].systems is None


@require_http_methods(["GET", "POST"])
@login_required
def exports(request: HttpRequest) -> HttpResponse:
    """Show the form and my files; take a request in."""
    user, refusal = user_of(request), None
    if request.method == "POST":
        try:
            services.request_export(given=given_by(request.POST), by=user, at=clock.now())
            return redirect("exports:list")
        except Refusal as error:
            refusal = error
    query = request.POST if request.method == "POST" else request.GET
    context = {**form_of(user, query), **listed(request), "refusal": refusal}
    return render(request, "exports/list.html", context, status=refusal.status if refusal else 200)


def form_of(user: User, query: QueryDict) -> dict[str, Any]:
    """Return what the form offers and what is chosen in it."""
    filters = filters_of(query)
    layers = presenting.choices(user, filters)
    names = {one.layer.name for one in layers if not one.lacks}
    chosen = [name for name in (*query.getlist("layers"), *query.getlist("layer")) if name in names]
    return {
        "may_request": policies.may_request(user),
        "layers": layers,
        "chosen": chosen or sorted(names, key=lambda name: name != "parcels")[:1],
        "formats": FORMATS.values(),
        "format": query.get("format") if query.get("format") in FORMATS else "qgz",
        "systems": SYSTEMS.items(),
        "srid": query.get("srid", "4326"),
        "encoding": query.get("encoding", ""),
        "filters": filters,
        "said": presenting.said(filters),
    }


def listed(request: HttpRequest) -> Mapping[str, Any]:
    """Return my requests, and whether one of them is still in the making."""
    rows = selectors.exports_for(user_of(request))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = [presenting.line(export) for export in page.object_list]
    return {"page": page, "lines": lines, "waits": any(one.export.state == Export.State.QUEUED for one in lines)}


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show my files alone: what the page asks for while one is in the making."""
    return render(request, "exports/mine.html", listed(request))


@require_safe
@login_required
def download(request: HttpRequest, export_id: UUID) -> FileResponse:
    """Send one of my files."""
    export, path = services.hand_out(export_id, by=user_of(request), at=clock.now())
    return attachment(export, path)
