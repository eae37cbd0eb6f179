"""The register's list: standing parcels by filters, counted exactly to 10,000."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authority.models import User
from authority.moments import Moment, asked
from authority.policies import STAFF_READ, scope_of
from parcels.models import Holding, ParcelVersion, Status
from parcels.policies import KEEPERS, versions_visible_to
from parcels.selectors import holdings_as_of
from search.models import SavedFilter
from workspace.lists import filters
from workspace.lists.saved import shelf
from workspace.parcel.rows import shown_m2
from workspace.past import plainly
from workspace.people import me

PAGE = 50
EXACT = 10_000


@dataclass(frozen=True)
class Found:
    """How many there are (exact to 10,000) and their area together."""

    count: int
    more: bool
    area_m2: Decimal | None


class Limited(Paginator[ParcelVersion]):
    """A paginator that never counts beyond what is said exactly."""

    count = 0

    def __init__(self, rows: Any, count: int) -> None:
        self.count = count
        super().__init__(rows, PAGE)


def found(user: User, query: QueryDict, moment: Moment) -> Any:
    """Return the versions of the moment that one may see today and asked for."""
    return versions_visible_to(user, filters.standing(moment)).filter(filters.condition(query, moment))


def in_order(rows: Any, sums: Found) -> Any:
    """Order as the register does: place, then number; beyond what can be sorted at once, by the internal code."""
    if sums.more:
        return rows.order_by("parcel__parcel_code")
    number = F("parcel_no_main").asc(nulls_last=True)
    return rows.order_by("parcel__place__path", number, "parcel_no_sub", "parcel__parcel_code")


def measured(rows: Any) -> Found:
    """Count and add up, both only as far as they are exact."""
    some = rows.order_by()[: EXACT + 1].values("survey_area_m2", "deed_area_m2", "geom_area_m2", "pk")
    count = some.count()
    if count > EXACT:
        return Found(EXACT, True, None)
    area = Coalesce("survey_area_m2", "deed_area_m2", "geom_area_m2")
    return Found(count, False, rows.order_by().aggregate(total=Sum(area))["total"])


def holders(parcels: list[uuid.UUID], moment: Moment) -> dict[uuid.UUID, Holding]:
    """Return the holding of each parcel at the moment; encroachments yield to tenure."""
    rows = holdings_as_of(**moment.times).filter(parcel_id__in=parcels).select_related("party")
    return {row.parcel_id: row for row in sorted(rows, key=lambda row: row.exclusive) if row.parcel_id}


def page_rows(versions: list[ParcelVersion], moment: Moment) -> list[dict[str, Any]]:
    """Return the rows of a page (with their status of then) and who held them."""
    held = holders([row.parcel_id for row in versions], moment)
    return [
        {
            "version": row,
            "area_m2": shown_m2(row),
            "holding": held.get(row.parcel_id),
            "status": Status(row.shown_status),  # type: ignore[attr-defined]  # annotated by with_status
        }
        for row in versions
    ]


@require_safe
def parcels(request: HttpRequest) -> HttpResponse:
    """List the parcels of the jurisdiction."""
    if plain := plainly(request):
        return plain
    user, moment = me(request), asked(request.GET)
    rows = found(user, request.GET, moment)
    sums = measured(rows)
    light = (
        in_order(rows, sums)
        .select_related("parcel", "place__parent")
        .defer("geom", "geom_3857", "source_geom", "source_attributes", "place__geom", "place__geom_3857")
    )
    page = Limited(light, sums.count).get_page(request.GET.get("page"))
    return render(
        request,
        "workspace/parcels.html",
        {
            "found": sums,
            "page": page,
            "rows": page_rows(list(page.object_list), moment),
            "moment": moment,
            "today_query": filters.without(request.GET, "on", "known")[1:],
            "chips": filters.chips(request.GET, scope_of(user).governorates(STAFF_READ)),
            "clear": filters.without(request.GET, *request.GET),
            "query": request.GET.urlencode(),
            "shelf": shelf(user, SavedFilter.Page.PARCELS, filters.without(request.GET)[1:]),
            "may_keep": moment.is_now and scope_of(user).holds(KEEPERS),
            "most": EXACT,
        },
    )
