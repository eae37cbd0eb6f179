"""The list beside the map: the same land as words, page by page, narrowed by the same filters as the tiles."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import Extent
from django.db.models import Q, QuerySet
from django.http import QueryDict

from authority.models import User
from authority.moments import Moment, asked
from parcels import findable_past
from parcels.models import ParcelVersion
from search import outline, registry, selectors
from workspace.lists.register import Found, found, in_order, measured, page_rows

PAGE = 40
HEAVY = ("geom", "geom_3857", "source_geom", "source_attributes", "place__geom", "place__geom_3857")


@dataclass(frozen=True)
class Listed:
    """One page of the list: rows, how many in all, where the next page begins ("" at the end)."""

    rows: list[dict[str, Any]]
    found: Found
    following: str


def drawn_within(text: str) -> Q:
    """Within or touching a drawn outline."""
    return Q(geom_3857__intersects=outline.read(text)) if text else Q()


def worded(user: User, text: str, moment: Moment) -> Q:
    """What the one box finds by these words: today through its index, of another day by what was written then."""
    kind = registry.find("parcel")
    if not text.strip() or kind is None:
        return Q()
    question = selectors.ask(user, text)
    if not moment.is_now:
        return findable_past.worded(question, moment)
    return Q(parcel_id__in=selectors.ids_of(question, kind))


def rows_of(user: User, query: QueryDict) -> QuerySet[ParcelVersion]:
    """Return the versions one may see and asked for, as of the day asked."""
    moment = asked(query)
    rule = drawn_within(query.get("within", "")) & worded(user, query.get("q", ""), moment)
    rows: QuerySet[ParcelVersion] = found(user, query, moment).filter(rule)
    return rows


def page(user: User, query: QueryDict) -> Listed:
    """Return a page of the list in the register's order; of another day within some seconds or not at all."""
    with nullcontext() if asked(query).is_now else findable_past.bounded():
        rows = rows_of(user, query)
        total = measured(rows)
        ordered = in_order(rows, total).select_related("parcel", "place").defer(*HEAVY)
        after = start(query.get("after", ""))
        some = list(ordered[after : after + PAGE + 1])
    listed = page_rows(some[:PAGE], asked(query))
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
