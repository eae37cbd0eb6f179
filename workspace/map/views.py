"""Doors of the map page: the page, its list, its card."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from authority import clock
from authority.models import User
from authority.moments import asked
from authority.policies import STAFF_READ, require, scope_of
from authority.refusal import NotFound
from exports.policies import may_request
from parcels.differences import Change
from parcels.models import EditProposal
from parcels.selectors import parcel_by_id, versions_as_of
from tiles import registry, summaries
from tiles.registry import Theme
from tiles.selectors import home_of
from ui.addresses import address_of
from ui.templatetags.ui import in_reading_order, units
from workspace.lists.register import Found
from workspace.map import card, editing, results
from workspace.people import me

BLANK = uuid.UUID(int=0)
VIEWS = ("", "ENCROACHED", "REGULARIZING", "DISPUTED", "FREE")


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Show the map; its state stands in the address and is read by the page's script."""
    user = me(request)
    require(user, STAFF_READ)
    parcels = registry.find("parcels")
    found = {
        "page": page_settings(user) | {"picked": picked_box(user, request.GET), "editing": editing.settings_of(user)},
        "edit_kinds": EditProposal.Kind.choices,
        "edit_belts": words()["belts"].items(),
        "themes": parcels.themes if parcels else (),
        "views": saved_views(user, request.GET.get("status", "")),
        "export_url": address_of("exports:list") if may_request(user) else "",
        "may_report": bool(address_of("encroachments:new")),
        "today": clock.today(),
        "now": clock.now(),
        "units": in_reading_order(ledger()),
    }
    return render(request, "workspace/map.html", found)


def ledger() -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
    """Return the three columns of the area ledger: how the script names them, and their heads."""
    feddan, qirat, sahm = units()
    return ("feddan", feddan), ("qirat", qirat), ("sahm", sahm)


def page_settings(user: User) -> dict[str, Any]:
    """Return what the page's script needs: addresses, where to begin, words."""
    return {
        "bounds": home_of(user, "parcels"),
        "blank": str(BLANK),
        "urls": {"card": reverse("workspace:card", args=[BLANK]), "report": address_of("encroachments:new")},
        "words": words(),
    }


def picked_box(user: User, query: QueryDict) -> str:
    """Return the box of the parcel the address names; nothing where it names none that one may see."""
    try:
        parcel = parcel_by_id(uuid.UUID(query.get("sel") or query.get("parcel", "")), user)
    except (ValueError, NotFound):
        return ""
    version = versions_as_of(**asked(query).times).filter(parcel=parcel).first()
    return next(iter(results.boxes_of([version.pk]).values()), "") if version else ""


def words() -> dict[str, Any]:
    """Return what the page's script says."""
    return {
        "today": _("today"),
        "other": _("other"),
        "past": {
            "truth": _("You are looking at what was true on %(day)s, as the register knows it today"),
            "book": _("You are looking at what the register said on %(day)s"),
            "changes": {one.value: str(one.label) for one in Change},
            "since": _("Outlined in colour: what changed between %(since)s and %(day)s"),
            "both": _("You are looking at %(day)s, as the register stood on %(known)s"),
        },
        "map": _("Map"),
        "picture": _("Picture"),
        "belts": {
            "22991": _("Blue belt"),
            "22992": _("Red belt"),
            "22993": _("Purple belt"),
            "22994": _("Extended purple belt"),
        },
        "draw": {
            "m2": _("m²"),
            "m": _("m"),
            "crossing": _("The outline crosses itself; take a corner back."),
            "begin": {
                "polygon": _("Click the corners one by one."),
                "line": _("Click where the measurement begins."),
                "point": _("Click the place of the encroachment."),
            },
            "going": {
                "polygon": _("Click the next corner; a double click closes the outline."),
                "line": _("Click the next point; a double click ends."),
                "point": "",
            },
            "done": {
                "polygon": _("The outline is closed; its area is for reading only."),
                "line": _("The length is measured on the map."),
                "point": _("The place is set."),
            },
        },
    }


def saved_views(user: User, chosen: str) -> list[dict[str, Any]]:
    """Return the views above the map with how many parcels each holds."""
    layer = registry.find("parcels")
    totals = summaries.totals(layer, scope_of(user), clock.now()) if layer else {}
    theme = layer.themes[0] if layer else None
    rows = []
    for code in VIEWS:
        count = totals.get(code, 0) if code else sum(totals.values())
        title = title_of(theme, code) if code else _("All parcels")
        rows.append({"code": code, "title": title, "count": count, "on": code == chosen})
    return rows


def title_of(theme: Theme | None, code: str) -> str:
    """Return the words of a category."""
    return next((str(line.title) for line in theme.lines() if code in line.values), code) if theme else code


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Answer a page of the list as a fragment."""
    user = me(request)
    require(user, STAFF_READ)
    found = results.page(user, request.GET)
    query = request.GET.copy()
    query["after"] = found.following
    more = f"{reverse('workspace:map_results')}?{query.urlencode()}" if found.following else ""
    chosen = {"status": request.GET.get("status", ""), "within": request.GET.get("within", "")}
    theme = registry.find("parcels")
    return render(
        request,
        "workspace/map/results.html",
        {
            "listed": found,
            "more": more,
            "further": bool(request.GET.get("after")),
            "chosen": chosen,
            "said": said(found.found),
            "moment": asked(request.GET),
            "status_title": title_of(theme.themes[0] if theme else None, chosen["status"]),
        },
    )


def said(found: Found) -> str:
    """Return how many were found, for those who hear the page."""
    if found.more:
        return _("More than %(count)s parcels") % {"count": found.count}
    return ngettext("%(count)s parcel", "%(count)s parcels", found.count) % {"count": found.count}


@require_safe
def parcel_card(request: HttpRequest, parcel_id: uuid.UUID) -> HttpResponse:
    """Answer the card of a parcel as a fragment; ?on= shows it as it stood."""
    found = card.card(parcel_id, me(request), asked(request.GET))
    return render(request, "workspace/map/card.html", {"card": found, "file": found.file, "today": clock.today()})
