"""The list beside the map: the same land as words, page by page, narrowed by the same filters as the tiles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.refusal import Invalid
from parcels.models import ParcelVersion
from parcels.policies import versions_visible_to
from parcels.selectors import versions_as_of
from ui.digits import to_latin
from workspace.lists import filters
from workspace.lists.register import Found, in_order, measured, page_rows
from workspace.parcel.moment import asked

PAGE = 40
CORNERS = 500
NUMBER = r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?"
OUTLINE = re.compile(rf"POLYGON\(\({NUMBER} {NUMBER}(?:,{NUMBER} {NUMBER}){{3,{CORNERS}}}\)\)", re.ASCII)
HEAVY = ("geom", "geom_3857", "source_geom", "source_attributes", "place__geom", "place__geom_3857")


@dataclass(frozen=True)
class Listed:
    """One page of the list: rows, how many in all, where the next page begins ("" at the end)."""

    rows: list[dict[str, Any]]
    found: Found
    following: str


def outline(text: str) -> GEOSGeometry:
    """Read a drawn outline, POLYGON((lon lat,…)) in degrees; raises Invalid."""
    refusal = Invalid("outline_unreadable", _("The outline cannot be read; draw it again."))
    if not OUTLINE.fullmatch(text):
        raise refusal
    try:
        shape = GEOSGeometry(f"SRID=4326;{text}")
    except (GEOSException, ValueError) as error:
        raise refusal from error
    west, south, east, north = shape.extent
    if not shape.valid or not (-180 <= west <= east <= 180 and -85 <= south <= north <= 85):
        raise refusal
    return shape


def drawn_within(text: str) -> Q:
    """Within or touching a drawn outline."""
    return Q(geom_3857__intersects=outline(text)) if text else Q()


def worded(text: str) -> Q:
    """Every word is a number of a parcel, part of a place's name or an internal code."""
    rule = Q()
    for word in to_latin(text).split()[:8]:
        named = Q(place__name_ar__contains=word) | Q(place__name_en__icontains=word)
        rule &= Q(parcel_no_norm__startswith=word) | Q(parcel__parcel_code=word) | named
    return rule


def rows_of(user: User, query: QueryDict) -> QuerySet[ParcelVersion]:
    """Return the versions one may see and asked for, as of the day asked."""
    moment = asked(query)
    known = None if moment.is_now else moment.known_at
    rows = versions_visible_to(user, versions_as_of(on=moment.on, known_at=known))
    rule = filters.condition(query) & drawn_within(query.get("within", "")) & worded(query.get("q", ""))
    return rows.filter(rule)


def page(user: User, query: QueryDict) -> Listed:
    """Return a page of the list in the register's order."""
    rows = rows_of(user, query)
    total = measured(rows)
    ordered = in_order(rows, total).select_related("parcel", "place").defer(*HEAVY)
    after = start(query.get("after", ""))
    some = list(ordered[after : after + PAGE + 1])
    listed = page_rows(some[:PAGE])
    boxes = boxes_of([row["version"].pk for row in listed])
    for row in listed:
        row["bounds"] = boxes.get(row["version"].pk, "")
    return Listed(listed, total, str(after + PAGE) if len(some) > PAGE else "")


def start(text: str) -> int:
    """Read where a page begins; anything else is the beginning."""
    return min(int(text), 100_000) if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) else 0


def boxes_of(keys: list[int]) -> dict[int, str]:
    """Return "west,south,east,north" in degrees of each version that has a shape."""
    rows = ParcelVersion.objects.filter(pk__in=keys, geom__isnull=False).order_by().values("pk")
    return {row["pk"]: written(row["box"]) for row in rows.annotate(box=Extent("geom"))}


def written(box: tuple[float, float, float, float] | None) -> str:
    """Return a box as the scripts read it; nothing where there is none."""
    return ",".join(f"{edge:.7f}" for edge in box) if box else ""
