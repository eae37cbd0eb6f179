"""What the one box finds, as its pages show it: groups with their counts, and coordinates with their systems."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from authority.moments import Moment
from search import positions, registry, selectors
from search.registry import Findable, Hit
from search.selectors import Asked, Narrowed
from ui.digits import figure
from workspace.parcel.file import case_url

SYSTEMS = {
    4326: _("degrees, WGS 84"),
    22991: _("Blue belt"),
    22992: _("Red belt"),
    22993: _("Purple belt"),
    22994: _("Extended Purple belt"),
    32635: _("UTM zone 35 N"),
    32636: _("UTM zone 36 N"),
}


@dataclass(frozen=True)
class Row:
    """One result with the address of its page."""

    id: str
    title: str
    url: str
    subtitle: str = ""
    status: str = ""
    status_title: str = ""
    area_m2: Decimal | None = None
    quote: str = ""


@dataclass(frozen=True)
class Group:
    """The results of one kind."""

    kind: str
    title: str
    rows: list[Row]
    number: int
    many: bool = False  # there are more than are counted
    more: bool = False  # there is a next page
    area_m2: Decimal | None = None

    @property
    def count(self) -> str:
        """The count as it is said: exact to 10,000."""
        return f"+{figure(self.number)}" if self.many else figure(self.number)


@dataclass(frozen=True)
class Position:
    """One place that typed coordinates can mean."""

    system: str
    epsg: int
    lon: float
    lat: float
    place: str


def find_then(asked: Asked, moment: Moment, kind: str = "", page: int = 1) -> list[Group]:
    """Return the groups of results as of another day: of the kinds that keep versions."""
    kinds = [one for one in registry.kinds() if one.then and kind in ("", one.kind)]
    return [group for one in kinds if (group := group_then(asked, one, moment, page)).rows]


def group_then(asked: Asked, kind: Findable, moment: Moment, page: int) -> Group:
    """Return one page of a kind's results as they were; each leads to its file of then."""
    found = selectors.past(asked, kind, moment, page)
    rows = [replace(row_of(hit), url=page_of(hit) + moment.address) for hit in found.hits]
    return Group(kind.kind, str(kind.title), rows, found.count, found.more, found.following, found.area_m2)


def find(asked: Asked, kind: str = "", page: int = 1, *, counted: bool = True) -> list[Group]:
    """Return the groups of results within the person's rights; without a question there are none."""
    wanted = registry.find(kind)
    kinds = [wanted] if wanted else list(registry.kinds())
    return [group for one in kinds if (group := group_of(asked, one, page, counted=counted)).rows]


def group_of(asked: Asked, kind: Findable, page: int, *, counted: bool) -> Group:
    """Return one page of a kind's results; in the box itself only what fits is counted."""
    found = selectors.page(asked, kind, page)
    rows = [row_of(hit) for hit in found.hits]
    if not rows or not (counted or found.more):
        return Group(kind.kind, str(kind.title), rows, len(rows), more=found.more)
    total = selectors.total(asked, kind)
    return Group(kind.kind, str(kind.title), rows, total.number, total.more, found.more, total.area_m2)


def row_of(hit: Hit) -> Row:
    """Return a result as a row of the list."""
    return Row(hit.id, hit.title, page_of(hit), hit.subtitle, hit.status, hit.status_title, hit.area_m2, hit.quote)


def page_of(hit: Hit) -> str:
    """Return the address of a thing's page; a place leads to its parcels."""
    if hit.kind == "parcel":
        return reverse("workspace:parcel", args=[hit.id])
    if hit.kind == "case":
        return case_url(hit.id)
    if hit.kind == "document":
        return reverse("documents:record", args=[hit.id])
    if hit.kind in ("asset", "party"):
        return reverse(f"workspace:{hit.kind}", args=[hit.id])
    return f"{reverse('workspace:parcels')}?place={hit.code}"


def positions_of(text: str) -> list[Position]:
    """Return every place that coordinates can mean, with the place they lie in."""
    return [
        Position(str(SYSTEMS[one.epsg]), one.epsg, one.lon, one.lat, place_at(one.lon, one.lat))
        for one in positions.read(text)
    ]


def place_at(lon: float, lat: float) -> str:
    """Return the name of the smallest known place that holds a point."""
    holds = Place.objects.filter(geom__contains=Point(lon, lat, srid=4326), closed_on=None)
    found = holds.defer("geom", "geom_3857").order_by("-path").first()
    return str(found) if found else ""


def asked(user: User, text: str, query: Any) -> Asked:
    """Return the question of a page: what was typed, and the filters in its address."""
    return selectors.ask(user, text, Narrowed.read(query))
