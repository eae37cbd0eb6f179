"""What is found while a place or a body is typed."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authority.models import Place
from authority.policies import STAFF_READ, require
from parties.models import Party
from parties.selectors import parties
from search.registry import find
from search.selectors import ask, page
from workspace.people import me

MOST, LEAST, LONGEST = 8, 2, 100
NAME = re.compile(r"[a-z_]{1,30}")


def asked(request: HttpRequest) -> tuple[str, str]:
    """Return the field that asks, and the words typed."""
    name = request.GET.get("name", "")
    name = name if NAME.fullmatch(name) else "place"
    words = request.GET.get(f"{name}_q", "")[:LONGEST].replace("\x00", "").strip()
    return name, words


def answer(request: HttpRequest, name: str, words: str, found: list[dict[str, Any]]) -> HttpResponse:
    """Show what was found, to choose one."""
    context = {"name": name, "found": found, "searched": len(words) >= LEAST}
    return render(request, "workspace/book/found.html", context)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Answer the places of these words, with all they lie in."""
    user = me(request)
    require(user, STAFF_READ)
    name, words = asked(request)
    kind = find("place")
    if kind is None or len(words) < LEAST:
        return answer(request, name, words, [])
    hits = page(ask(user, words), kind, size=MOST).hits
    above = dict(Place.objects.filter(pk__in=[hit.id for hit in hits]).values_list("pk", "code"))
    rows = [
        {"value": above[int(hit.id)], "title": hit.title, "note": hit.subtitle} for hit in hits if int(hit.id) in above
    ]
    return answer(request, name, words, rows)


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Answer the public bodies of these words."""
    user = me(request)
    require(user, STAFF_READ)
    name, words = asked(request)
    if len(words) < LEAST:
        return answer(request, name, words, [])
    found = parties(user, name=words, kind=Party.Kind.PUBLIC_BODY).order_by("name_ar")[:MOST]
    return answer(request, name, words, [{"value": one.pk, "title": str(one), "note": ""} for one in found])
