"""What changed between two days in a place: counted by kind, listed with before and after, shown on the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from authority.models import User
from authority.moments import Moment, end_of, moment, typed_day
from authority.policies import STAFF_READ, require, scope_of
from parcels.differences import Change, changed_rows, in_words, told
from parcels.findable_past import bounded
from parcels.models import LandUse, Status
from ui import digits
from workspace.lists.filters import places_below, switched, without
from workspace.people import me

PAGE = 50


@dataclass(frozen=True)
class Fact:
    """What a parcel said and says."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Compared:
    """The two moments and the place that an address names."""

    since: Moment
    until: Moment
    place: str
    change: str

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Compared | None:
        """Return what is compared; None where a day or the place is missing. Raise the refusals of a day."""
        if not (query.get("since") and query.get("place")):
            return None
        book = query.get("ask") == "book"
        since, until = side(query, "since", "since_known", book), side(query, "on", "known", book)
        change = query.get("change", "")
        return cls(since, until, query["place"][:24], change if change in Change.values else "")

    @property
    def query(self) -> dict[str, str]:
        """How an address, a tile and an export ask for the same."""
        said = {"since": self.since.on.isoformat()}
        if self.since.asked_book:
            said["since_known"] = self.since.known_on.isoformat()
        more = {"place": self.place, "change": self.change}
        return said | self.until.query | {name: value for name, value in more.items() if value}

    @property
    def filters(self) -> dict[str, Any]:
        """The same as the layer takes it, without the kind of change."""
        found: dict[str, Any] = {"since": self.since.on, "place": self.place}
        if self.since.asked_book:
            found["since_known"] = self.since.known_at
        times = {"on": self.until.times["on"], "known": self.until.times["known_at"]}
        return found | {name: value for name, value in times.items() if value}


def side(query: Mapping[str, str], day: str, known: str, book: bool) -> Moment:
    """Return one of the two moments; `book` asks what the register said on that very day."""
    on = typed_day(query[day]) if query.get(day) else None
    if query.get(known):
        return moment(on, end_of(typed_day(query[known])))
    return moment(on, end_of(on)) if book and on else moment(on)


def facts_of(row: Any) -> list[Fact]:
    """Return what differs in words, before and after."""
    changes = row.changes.split()
    found = [
        Fact(_("Number"), row.was_number or "", row.parcel_no_raw) if row.was_number != row.parcel_no_raw else None,
        Fact(_("Custodian"), row.was_custodian_name or "", row.custodian.name_ar)
        if Change.CUSTODIAN in changes
        else None,
        Fact(_("Status"), status(row.was_status), status(row.shown_status)) if Change.STATUS in changes else None,
        Fact(_("Area, m²"), area(row.was_area), area(row.governing)) if Change.AREA in changes else None,
        Fact(_("Land use"), use(row.was_use), use(row.land_use)) if row.was_use != row.land_use else None,
    ]
    return [] if row.ended or row.was_id is None else [fact for fact in found if fact]


def status(code: str) -> str:
    """Return a status in words."""
    return str(Status(code).label) if code else ""


def use(code: str | None) -> str:
    """Return a land use in words."""
    return str(LandUse(code).label) if code else ""


def area(value: Any) -> str:
    """Return an area as it is read."""
    return "—" if value is None else digits.figure(value, 2)


def listed(user: User, asked: Compared, page: int) -> dict[str, Any]:
    """Return one page of the list with the counts of each kind."""
    with bounded():
        every = changed_rows(user, asked.filters)
        kinds = {one.value: Count("pk", filter=Q(**{f"change_{one.lower()}": True})) for one in Change}
        counts = every.order_by().aggregate(total=Count("pk"), **kinds)
        rows = told(changed_rows(user, asked.filters | ({"change": asked.change} if asked.change else {})))
        some = list(rows.order_by("place__path", "parcel_no_main", "pk")[(page - 1) * PAGE : page * PAGE + 1])
    shown = [{"row": row, "changes": in_words(row.changes), "facts": facts_of(row)} for row in some[:PAGE]]
    return {"counts": counts, "total": counts["total"], "rows": shown, "more": len(some) > PAGE}


def page_of(text: str) -> int:
    """Return the page asked for; anything else is the first."""
    return min(int(text), 200) if text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text) else 1


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Compare the register of two days in a place."""
    user = me(request)
    require(user, STAFF_READ)
    asked = Compared.read(request.GET.dict())
    if asked and "ask" in request.GET:
        return HttpResponseRedirect(f"{request.path}?{urlencode(asked.query)}")
    page = page_of(request.GET.get("page", "1"))
    context: dict[str, Any] = {
        "asked": asked, "places": places_below(request.GET, scope_of(user).governorates(STAFF_READ)), "page": page,
        "place": request.GET.get("place", ""),
    }  # fmt: skip
    if asked:
        found = listed(user, asked, page)
        query = urlencode({name: value for name, value in asked.query.items() if name != "change"})
        context |= found | {
            "kinds": [
                (one, found["counts"][one.value], switched(request.GET, "change", one.value, many=False))
                for one in Change
            ],
            "next": f"?{urlencode({**asked.query, 'page': page + 1})}" if found["more"] else "",
            "previous": f"?{urlencode({**asked.query, 'page': page - 1})}" if page > 1 else "",
            "all": without(request.GET, "change"),
            "export_query": urlencode(asked.query), "map_query": query,
        }  # fmt: skip
    return render(request, "workspace/changes.html", context)
