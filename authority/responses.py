"""One refusal, said as its reader needs it: page, note inside a page, or problem document."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.cache import patch_vary_headers

from authority.refusal import Refusal

log = logging.getLogger("amlak.refusals")
CONTENT_TYPE = "application/problem+json"
PAUSE_S = 30  # after which a program may ask a part again that did not work
DATA_PATHS = ("/api/", "/tiles/")


def wants_data(request: HttpRequest) -> bool:
    """Say whether a program is asking rather than a person."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith(DATA_PATHS) or ("json" in accept and "text/html" not in accept)


def is_fragment(request: HttpRequest) -> bool:
    """Say whether the answer will stand inside a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def headers_of(refusal: Refusal) -> dict[str, str]:
    """Return what HTTP wants beside the status: how to sign in, how long to wait."""
    if refusal.status == 401:
        return {"WWW-Authenticate": 'Bearer realm="Amlak"'}
    wait = refusal.params.get("wait_s") or (PAUSE_S if refusal.status == 503 else None)
    return {"Retry-After": str(wait)} if wait else {}


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the answer to a refused request."""
    response = _body(request, refusal)
    response["Cache-Control"] = "no-store"
    for name, value in headers_of(refusal).items():
        response[name] = value
    patch_vary_headers(response, ("Accept", "HX-Request", "Accept-Language", "Cookie"))
    return response


def _body(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if wants_data(request):
        return JsonResponse(refusal.as_problem(), status=refusal.status, content_type=CONTENT_TYPE)
    if is_fragment(request):
        note = loader.render_to_string("authority/_refusal_note.html", {"refusal": refusal})
        return HttpResponse(note, status=refusal.status)
    return _page(request, refusal)


def _page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the page in the site's shell; a plain one where the fault may lie in the shell itself."""
    try:
        return render(request, "ui/refusal.html", {"problem": refusal.as_problem()}, status=refusal.status)
    except Exception:  # the last resort must answer whatever is broken
        log.exception("the refusal page does not render")
    page = loader.render_to_string("authority/refusal_plain.html", {"refusal": refusal})
    return HttpResponse(page, status=refusal.status)
