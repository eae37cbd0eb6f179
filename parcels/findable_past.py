"""How parcels are found as of another day: by what the versions and holdings of then say, without an index of words.

Searched are numbers, internal codes, unified numbers, names of places, streets and hamlets as they are written, file
numbers, and the names of who held the land then. Places bear today's names. Buildings, files and parties keep no
versions and are not searched. A question that would read too much is refused after some seconds, never left running.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models.functions import Centroid
from django.contrib.gis.geos import Point
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from authority import patience
from authority.moments import Moment
from authority.refusal import Unavailable
from parcels import codes
from parcels.layers import GOVERNING
from parcels.models import ParcelVersion, Status
from parcels.policies import versions_visible_to
from parcels.selectors import holdings_as_of, versions_as_of, with_status
from search.models import SearchEntry
from search.registry import Hit, Past
from search.selectors import COUNTED, RANKED, Asked, meets, under_place
from search.typed import About, Word

TIMEOUT = "4s"
MOST_HOLDERS = 1_000  # bear one name
LEFT_OUT = (
    "geom", "geom_3857", "source_geom", "source_attributes", "place__geom", "place__geom_3857",
    "place__parent__geom", "place__parent__geom_3857",
)  # fmt: skip
PATHS = {"custodian": "custodian__code", "status": "shown_status", "use": "land_use"}


class PastTooSlow(Unavailable):
    """The question would read too much of the past."""

    code = "past_search_too_slow"
    message = _("This search of the past took too long; name a place or a number as well.")


def bounded() -> AbstractContextManager[None]:
    """Give the statements of a search some seconds; raise PastTooSlow beyond."""
    return patience.bounded(TIMEOUT, PastTooSlow())


def parcels_then(asked: Asked, moment: Moment, number: int, size: int) -> Past:
    """Return one page of the parcels that the words mean at the moment, with their count and area."""
    rows = rows_then(asked, moment)
    start = (number - 1) * size
    if rows is None or start >= RANKED:
        return Past([], 0, more=False, following=False)
    with bounded():
        count = rows[: COUNTED + 1].count()
        area = rows.aggregate(area=Sum(GOVERNING))["area"] if count <= COUNTED else None
        ordered = rows.order_by("parcel_no_main", "parcel_no_norm", "parcel_id")
        hits = list(hits_of(ordered[start : start + size], moment))
    return Past(hits, min(count, COUNTED), count > COUNTED, start + size < min(count, RANKED), area)


def rows_then(asked: Asked, moment: Moment) -> QuerySet[ParcelVersion] | None:
    """Return the versions that are meant, within the reader's sight of today; None when nothing was asked."""
    if not asked.typed.words and not asked.narrowed:
        return None
    rows = versions_visible_to(asked.user, with_status(versions_as_of(**moment.times), **moment.times)).order_by()
    rows = rows.filter(worded(asked, moment), *narrowed(asked.narrowed.by))
    return rows if asked.narrowed.outline is None else rows.filter(geom__intersects=asked.narrowed.outline)


def narrowed(by: Mapping[str, str]) -> Iterator[Q]:
    """Yield the filters as conditions on what was true then."""
    for name, value in by.items():
        yield under_place(value) if name == "place" else Q(**{PATHS[name]: value})


def worded(asked: Asked, moment: Moment) -> Q:
    """Return the condition on versions that every word is met."""
    rule = Q()
    for word in asked.typed.words:
        rule &= met(word, asked.named.get(word, frozenset()), moment)
    return rule


def met(word: Word, places: frozenset[int], moment: Moment) -> Q:
    """Return the condition that one word is met: by a number or code, a place above, a street, or who held it."""
    there = Q(place_id__in=places) if places else Q(pk__in=())
    if word.is_code:
        return coded(word) | Q(file_no__startswith=word.shown)
    if word.about is About.HOD:
        return there
    if word.is_number:
        numbered = Q(parcel_no_norm=word.key) | Q(parcel_no_norm__startswith=f"{word.key}/")
        own = numbered | Q(parcel__unified_property_no=word.shown) | Q(file_no=word.shown)
        return own if word.about is About.NUMBER else own | there
    if places and word.about is About.ANY:
        return there | held(word, moment)
    written = (
        Q(street__icontains=word.shown) | Q(hamlet__icontains=word.shown) | Q(parcel_no_norm__icontains=word.shown)
    )
    return written if word.about is About.STREET else written | held(word, moment)


def coded(word: Word) -> Q:
    """Return the condition that a code begins so."""
    return Q(parcel__parcel_code__startswith=codes.clean(word.shown))


def held(word: Word, moment: Moment) -> Q:
    """Return the condition that somebody of this name held the land then."""
    named = SearchEntry.objects.filter(meets([word]), kind="party").order_by().values_list("object_id", flat=True)
    parties = [UUID(key) for key in named[:MOST_HOLDERS]]
    if not parties:
        return Q(pk__in=())
    rows = holdings_as_of(**moment.times).filter(party_id__in=parties, parcel__isnull=False)
    return Q(parcel_id__in=rows.order_by().values("parcel_id"))


def parcel_hit(version: ParcelVersion, middle: Point | None, names: Iterable[str], status: Status) -> Hit:
    """Return one parcel as it is shown: who holds it, where it lies."""
    above = [str(place) for place in (version.place, version.place.parent) if place]
    return Hit(
        kind="parcel",
        id=str(version.parcel_id),
        title=gettext("Parcel %(number)s") % {"number": version.parcel_no_raw},
        subtitle=" · ".join([*names, *filter(None, [version.street]), *above]),
        code=version.parcel.parcel_code,
        url=f"/api/v1/parcels/{version.parcel_id}/",
        status=status,
        status_title=str(status.label),
        area_m2=version.governing_m2,
        lon=middle.x if middle else None,
        lat=middle.y if middle else None,
    )


def hits_of(rows: QuerySet[ParcelVersion], moment: Moment) -> Iterator[Hit]:
    """Yield parcels as they were."""
    names = holdings_as_of(**moment.times).filter(parcel=OuterRef("parcel_id"), party__isnull=False)
    told = rows.select_related("parcel", "place__parent").defer(*LEFT_OUT)
    for version in told.annotate(middle=Centroid("geom"), holders=ArraySubquery(names.values_list("party__name_ar"))):
        said: Any = version
        yield parcel_hit(version, said.middle, said.holders or (), Status(said.shown_status))
