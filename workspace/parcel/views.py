"""The parcel page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from authority import clock
from authority.models import User
from authority.moments import Moment, asked
from cases.registry import kind_of, state_title
from parcels.bitemporal import of_range
from parcels.policies import may_file, may_keep
from parcels.selectors import parcel_by_id
from parcels.selectors.family import family_of
from ui import digits, sections
from ui.templatetags.ui import in_reading_order, units
from workspace.parcel import acts, changes, descent, facts, issued, land, rows, sheet
from workspace.parcel.file import File, case_url, day_url, file_of
from workspace.past import plainly
from workspace.people import me

TABS = ("file", "land", "cases", "documents", "assets", "history")


@dataclass(frozen=True)
class Tab:
    """One part of the file."""

    title: str
    url: str
    on: bool
    count: int | None = None


@dataclass(frozen=True)
class Ledger:
    """An area with its three cells in reading order; a dash for zero, as deeds write it."""

    area: rows.AreaRow
    cells: tuple[str, str, str]


def tabs(file: File, chosen: str) -> list[Tab]:
    """Return the tabs with their counts."""
    said = {
        "file": (_("File"), None),
        "land": (_("Corners and custody"), None),
        "cases": (_("Leases and encroachments"), len(file.cases)),
        "documents": (_("Papers"), len(file.documents)),
        "assets": (_("Assets"), len(file.assets)),
        "history": (_("History"), len(file.versions)),
    }
    moment = file.moment.query
    return [
        Tab(
            said[name][0],
            f"?{urlencode(({'tab': name} if name != 'file' else {}) | moment)}",
            name == chosen,
            said[name][1],
        )
        for name in TABS
    ]


def ledger(area: rows.AreaRow) -> Ledger:
    """Split an area into its cells."""
    if area.split is None:
        return Ledger(area, ("", "", ""))
    words = tuple(digits.figure(part) if part else "–" for part in area.split)
    return Ledger(area, in_reading_order((words[0], words[1], words[2])))


def case_rows(file: File) -> list[dict[str, Any]]:
    """Return the cases of the parcel in words."""
    return [
        {
            "case": case,
            "url": case_url(case.pk),
            "kind": kind_of(case.kind).title,
            "stage": state_title(case.kind, case.state),
        }
        for case in file.cases
    ]


def version_rows(file: File) -> list[dict[str, Any]]:
    """Return the versions, the newest first, with the days they are true."""
    changed = changes.of_all(file.versions)
    return [
        {
            "changes": changed.get(version.pk, []),
            "version": version,
            "first": version.legal_range.lower,
            "last": rows.last_day(version),
            "area_m2": rows.shown_m2(version),
            "on": version is file.version,
            "url": day_url(version.legal_range.lower),
            "entered": file.registered.get(of_range(version.legal_range).start),
        }
        for version in reversed(file.versions)
    ]


def page_of(file: File, chosen: str, request: HttpRequest) -> dict[str, Any]:
    """Return what the chosen tab needs."""
    return {
        "file": file,
        "tabs": tabs(file, chosen),
        "tab_template": f"workspace/parcel/{chosen}.html",
        "now": clock.now(),
        "today": clock.today(),
        "units": in_reading_order(units()),
        "area_rows": [ledger(area) for area in file.areas],
        "facts": facts.of(file),
        "acts": acts.offers(file, me(request)),
        "may_file": may_file(me(request), file.parcel),
        "case_rows": case_rows(file),
        "version_rows": version_rows(file),
    } | more(file, chosen, me(request))


def more(file: File, chosen: str, user: User) -> dict[str, Any]:
    """Return what only the chosen tab reads."""
    if chosen == "land":
        return land.of(file, user)
    if chosen == "history":
        return {"tree": descent.tree_of(family_of(file.parcel, user), file.parcel)}
    if chosen == "assets":
        return {"may_keep": may_keep(user, file.parcel)}
    if chosen == "documents":
        return issued.of(file, user) | {"sections": sections.of("parcel", file.parcel, user)}
    return {}


@require_safe
def offline(request: HttpRequest, parcel_id: uuid.UUID) -> HttpResponse:
    """Give the parcel's sheet as one file that opens without a network."""
    return carried(parcel_id, me(request), asked(request.GET))


def carried(parcel_id: uuid.UUID, user: User, moment: Moment) -> HttpResponse:
    """Return the sheet of a parcel as it stood, as an attachment; the same for pages and programs."""
    file = file_of(parcel_by_id(parcel_id, user), user, moment, clock.today())
    made = HttpResponse(sheet.hand_out(file, by=user, at=clock.now()), content_type="text/html; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="{file.parcel.parcel_code}.html"'
    return made


@require_safe
def parcel(request: HttpRequest, parcel_id: uuid.UUID) -> HttpResponse:
    """Show a parcel's file, today's or as it stood (`?on=`, `?known=`)."""
    if plain := plainly(request):
        return plain
    user = me(request)
    moment = asked(request.GET)
    file = file_of(parcel_by_id(parcel_id, user), user, moment, clock.today())
    chosen = request.GET.get("tab", "file")
    chosen = chosen if chosen in TABS else "file"
    return render(request, "workspace/parcel.html", page_of(file, chosen, request))
