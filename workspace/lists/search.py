"""One box for everything: the page of results, and the few under the box while typing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ui import digits
from workspace.lists import finding
from workspace.people import me

UNDER_THE_BOX = 4
ICONS = {"place": "map-pin", "case": "folder"}


@dataclass(frozen=True)
class Hit:
    """A result with what was typed marked in its words."""

    row: finding.Row
    title: SafeString
    subtitle: SafeString
    icon: str


@dataclass(frozen=True)
class Section:
    """A group of results as it is shown."""

    group: finding.Group
    hits: list[Hit]
    more_url: str
    all_url: str


def matches(word: str, wanted: list[str]) -> bool:
    """Say whether a word of a title is one that was typed: numbers whole, words from their beginning."""
    bare = digits.to_latin(word.lower()).strip("،,.:()")
    for one in wanted:
        if one[0].isdigit():
            if bare == one:
                return True
        elif re.match(rf"(?:ال)?{finding.pattern(one)}", bare):
            return True
    return False


def marked(text: str, wanted: list[str]) -> SafeString:
    """Return a text with the typed words marked."""
    parts = (
        (format_html("<mark>{}</mark>" if matches(word, wanted) else "{}", digits.shown(word)),)
        for word in text.split(" ")
    )
    return format_html_join(" ", "{}", parts)


def section(group: finding.Group, words: list[str], text: str, page: int, most: int | None) -> Section:
    """Return a group as it is shown."""
    icon = ICONS.get(group.kind, "file")
    hits = [Hit(row, marked(row.title, words), marked(row.subtitle, words), icon) for row in group.rows[:most]]
    next_page = "?" + urlencode({"q": text, "kind": group.kind, "page": page + 1})
    every = "/search/?" + urlencode({"q": text, "kind": group.kind})
    return Section(group, hits, next_page if group.more else "", every)


def page_of(request: HttpRequest) -> int:
    """Return the page asked for."""
    given = request.GET.get("page", "1")
    return min(max(int(given), 1), 500) if given.isascii() and given.isdigit() and len(given) < 5 else 1


def search(request: HttpRequest) -> HttpResponse:
    """Answer what is typed: a page, or for the box itself a few rows of each group."""
    user, text = me(request), request.GET.get("q", "").strip()[:200]
    kind, page = request.GET.get("kind", ""), page_of(request)
    typing = bool(request.headers.get("HX-Request"))
    words = finding.words_of(text)
    most = UNDER_THE_BOX if typing else None
    groups = finding.find(user, words, kind, page)
    return render(
        request,
        "workspace/parts/omni.html" if typing else "workspace/search.html",
        {
            "text": text,
            "kind": kind,
            "tokens": [{"label": "", "text": word} for word in words],
            "readings": [],
            "sections": [section(group, words, text, page, most) for group in groups],
        },
    )
