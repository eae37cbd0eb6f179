"""One box for everything: the page of results, and the few under the box while typing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from authority.moments import asked as moment_asked
from search.models import SavedFilter
from search.selectors import Asked, asked_for
from search.typed import About, Word
from ui import digits
from workspace.lists import finding
from workspace.lists.filters import without
from workspace.lists.saved import shelf
from workspace.past import WORDS, plainly
from workspace.people import me

UNDER_THE_BOX = 4
ICONS = {"place": "map-pin", "case": "folder", "party": "user", "asset": "building", "document": "file-text"}
EXPORTED = {"parcel": "parcels", "asset": "assets", "case": "cases"}  # kinds whose rows a layer carries away
LABELS = {About.NUMBER: _("parcel"), About.HOD: _("hod"), About.STREET: _("street")}


@dataclass(frozen=True)
class Hit:
    """A result with what was typed marked in its words."""

    row: finding.Row
    title: SafeString
    subtitle: SafeString
    icon: str
    quote: SafeString | str = ""


@dataclass(frozen=True)
class Section:
    """A group of results as it is shown."""

    group: finding.Group
    hits: list[Hit]
    more_url: str
    all_url: str
    export_url: str = ""


def marked(text: str, wanted: Sequence[Word]) -> SafeString:
    """Return a text with the typed words marked."""
    parts = (
        (format_html("<mark>{}</mark>" if asked_for(word, wanted) else "{}", digits.shown(word)),)
        for word in text.split(" ")
    )
    return format_html_join(" ", "{}", parts)


def section(group: finding.Group, asked: Asked, query: QueryDict, page: int, most: int | None) -> Section:
    """Return a group as it is shown."""
    icon = ICONS.get(group.kind, "file")
    words = asked.typed.words
    hits = [
        Hit(row, marked(row.title, words), marked(row.subtitle, words), icon, marked(row.quote, words))
        for row in group.rows[:most]
    ]
    every = {**query.dict(), "kind": group.kind} | {"page": ""}
    following = "?" + urlencode(every | {"page": page + 1})
    layer = EXPORTED.get(group.kind)
    ids = ",".join(row.id for row in group.rows)
    away = f"{reverse('exports:list')}?{urlencode({'layer': layer, 'ids': ids})}" if layer else ""
    return Section(group, hits, following if group.more else "", "/search/?" + urlencode(every), away)


def page_of(request: HttpRequest) -> int:
    """Return the page asked for."""
    given = request.GET.get("page", "1")
    return min(max(int(given), 1), 500) if given.isascii() and given.isdigit() and len(given) < 5 else 1


def tokens(asked: Asked) -> list[dict[str, object]]:
    """Return the words as they were understood."""
    return [{"label": LABELS.get(word.about, ""), "text": word.shown} for word in asked.typed.words]


def kept_of(query: QueryDict) -> str:
    """Return the address of a question as it can be kept."""
    told = query.copy()
    told.pop("page", None)
    return told.urlencode()


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answer what is typed: a page, or for the box itself a few rows of each group."""
    if plain := plainly(request):
        return plain
    user, text = me(request), request.GET.get("q", "").strip()[:200]
    kind, page = request.GET.get("kind", ""), page_of(request)
    typing = bool(request.headers.get("HX-Request"))
    asked = finding.asked(user, text, request.GET)
    moment = moment_asked(request.GET)
    groups = (
        finding.find(asked, kind, page, counted=not typing)
        if moment.is_now
        else finding.find_then(asked, moment, kind, page)
    )
    readings = finding.positions_of(text)
    return render(
        request,
        "workspace/parts/omni.html" if typing else "workspace/search.html",
        {
            "text": text,
            "kind": kind,
            "tokens": [] if readings else tokens(asked),
            "withheld": asked.typed.withheld,
            "shelf": None if typing else shelf(user, SavedFilter.Page.SEARCH, kept_of(request.GET)),
            "readings": readings,
            "moment": moment,
            "kept": [(name, values) for name, values in request.GET.lists() if name not in (*WORDS, "page")],
            "today_query": without(request.GET, "on", "known")[1:],
            "sections": [
                section(group, asked, request.GET, page, UNDER_THE_BOX if typing else None) for group in groups
            ],
        },
    )
