"""Reads of the index: which things meet what was typed, within the reader's rights.

A word meets a thing by its own keys or, where the kind lies in places, by the name of a place above it. Names of
places are looked up first and become a condition on the place's key, so that a word shared by half a million parcels
never walks through half a million rows of the word index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import CharField, Count, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from authority import policies
from authority.models import Place, User
from authority.moments import Moment
from search.models import SearchEntry
from search.normalise import keys
from search.registry import Findable, Hit, Past
from search.typed import About, Typed, Word, read

PAGE = 20
RANKED = 1_000  # so many of a kind are put in order and can be paged through
COUNTED = 10_000  # counts are exact up to here
NARROWING = ("place", "custodian", "status", "use")
MOST_PLACES = 1_000  # bear one name


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed by: codes of place, custodian, status, use; an outline in EPSG:4326."""

    by: Mapping[str, str] = field(default_factory=dict)
    outline: GEOSGeometry | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str], outline: GEOSGeometry | None = None) -> Narrowed:
        """Return what an address asks for, empty values left out."""
        return cls({name: asked[name] for name in NARROWING if asked.get(name)}, outline)

    def __bool__(self) -> bool:
        return bool(self.by) or self.outline is not None


@dataclass(frozen=True)
class Asked:
    """A question of one person: what was typed, and which places its words name (looked up once for all kinds)."""

    user: User
    typed: Typed
    narrowed: Narrowed
    named: Mapping[Word, frozenset[int]]


def ask(user: User, text: str, narrowed: Narrowed | None = None) -> Asked:
    """Return the question that somebody typed."""
    typed = read(text)
    return Asked(user, typed, narrowed or Narrowed(), places_named(typed.words))


@dataclass(frozen=True)
class Total:
    """How many, exactly up to 10,000, and their area."""

    number: int
    more: bool
    area_m2: Decimal | None


@dataclass(frozen=True)
class Found:
    """One page of one kind."""

    kind: Findable
    hits: list[Hit]
    more: bool


def page(asked: Asked, kind: Findable, number: int = 1, size: int = PAGE) -> Found:
    """Return one page, numbers in order; what lies beyond the first thousand wants a narrower question."""
    ways = matching(asked, kind, RANKED)
    start = (number - 1) * size
    if ways is None or start >= RANKED:
        return Found(kind, [], more=False)
    ranked = sorted({(sort, key) for way in ways for sort, key in way.values_list("sort", "object_id")[:RANKED]})
    ids = [key for _sort, key in ranked[start : start + size]]
    hits = quoted(kind, in_order(kind, asked.user, ids), asked.typed.words)
    return Found(kind, hits, len(ranked) > start + size)


def quoted(kind: Findable, hits: list[Hit], words: Sequence[Word]) -> list[Hit]:
    """Return the hits with the words around what was asked for, of kinds that have a text."""
    if kind.quote is None or not hits or not words:
        return hits
    told = kind.quote([hit.id for hit in hits], lambda word: asked_for(word, words))
    return [replace(hit, quote=told.get(hit.id, "")) for hit in hits]


def asked_for(word: str, wanted: Sequence[Word]) -> bool:
    """Say whether a word of a text is one that was typed: numbers whole, words from their beginning."""
    found = keys(word)
    return any(key == one.key if one.is_number else key.startswith(one.key) for key in found for one in wanted)


def past(asked: Asked, kind: Findable, moment: Moment, number: int = 1, size: int = PAGE) -> Past:
    """Return one page with its count as of a moment; of kinds that keep no versions nothing is found but today."""
    if moment.is_now:
        found, summed = page(asked, kind, number, size), total(asked, kind)
        return Past(found.hits, summed.number, summed.more, found.more, summed.area_m2)
    return kind.then(asked, moment, number, size) if kind.then else Past([], 0, more=False, following=False)


def in_order(kind: Findable, user: User, ids: Sequence[str]) -> list[Hit]:
    """Return the hits of these ids as the register shows them to this person, in the order given."""
    shown = {hit.id: hit for hit in kind.show(user, ids)} if ids else {}
    return [shown[key] for key in ids if key in shown]


def total(asked: Asked, kind: Findable) -> Total:
    """Count what `page` pages through, and sum its area."""
    ways = matching(asked, kind, COUNTED + 1)
    if not ways:
        return Total(0, False, None)
    if len(ways) == 1:
        some = ways[0][: COUNTED + 1]
        found = some.aggregate(number=Count("pk"), area=Sum("area_m2"))
        return Total(min(found["number"], COUNTED), found["number"] > COUNTED, found["area"])
    keys = {pk: area for way in ways for pk, area in way.values_list("pk", "area_m2")[: COUNTED + 1]}
    area = sum((one for one in islice(keys.values(), COUNTED) if one is not None), Decimal(0))
    return Total(min(len(keys), COUNTED), len(keys) > COUNTED, area or None)


def ids_of(asked: Asked, kind: Findable, most: int = COUNTED) -> list[str]:
    """Return the ids of all that is found, for a map or an export; at most `most`."""
    found: dict[str, None] = {}
    for way in matching(asked, kind, most) or []:
        found |= dict.fromkeys(way.values_list("object_id", flat=True)[:most])
    return list(islice(found, most))


# ---- how words are met -----------------------------------------------------------------------------------------------


def matching(asked: Asked, kind: Findable, most: int) -> list[QuerySet[SearchEntry]] | None:
    """Return the ways in which the words can be met, each a query of its own; None when nothing was asked.

    Of an outline alone `most` things are read from the shapes.
    """
    words = asked.typed.words
    if not words and not asked.narrowed:
        return None
    seen = SearchEntry.objects.filter(kind.seen(asked.user), kind=kind.kind).order_by()
    if not words and asked.narrowed.outline is not None and not asked.narrowed.by:
        return drawn(seen, kind.within(asked.user, asked.narrowed.outline) if kind.within else None, most)
    rows = within(asked.user, kind, seen, asked.narrowed)
    if rows is None:
        return []
    if kind.are_places:
        return [rows.filter(named_so(words))]
    return [rows.filter(rule) for rule in rules(words, asked.named if kind.by_place else {})]


def named_so(words: Sequence[Word]) -> Q:
    """Return the condition of places that bear the words; what is said to be a hod is one."""
    hod = any(word.about is About.HOD for word in words)
    return meets(words) & Q(status=Place.Kind.HOD) if hod else meets(words) if words else Q()


def drawn(rows: QuerySet[SearchEntry], shaped: QuerySet[Any] | None, most: int) -> list[QuerySet[SearchEntry]]:
    """Return what an outline alone finds: no more of it is read from the shapes than is shown or counted."""
    if shaped is None:
        return []
    some = shaped.order_by().values_list("thing", flat=True)[:most]
    return [rows.filter(object_id__in=[str(key) for key in some])]


def rules(words: Sequence[Word], named: Mapping[Word, frozenset[int]]) -> list[Q]:
    """Return one condition for each way to take the words: as names of places, or as words of the thing itself.

    All names as places; each of them in turn, and all of them, as words of its own: a street may bear a village's name.
    """
    if not words:
        return [Q()]
    places = [word for word in words if named.get(word)]
    tries = [places, *([one for one in places if one is not left] for left in places), []]
    ways: dict[frozenset[Word], Q] = {}
    for chosen in map(frozenset, tries):
        rest = [word for word in words if word not in chosen]
        if chosen not in ways and sensible(chosen, rest):
            ways[chosen] = rule_of(rest, [named[word] for word in chosen])
    return list(ways.values())


def sensible(places: frozenset[Word], own: Sequence[Word]) -> bool:
    """Say whether words can be taken so: a hod is a place; a bare number is a hod only beside a parcel's number."""
    if any(word.about is About.HOD for word in own):
        return False
    bare = any(word.is_number and word.about is About.ANY for word in places)
    return not bare or any(word.is_number for word in own)


def rule_of(own: Sequence[Word], areas: Sequence[frozenset[int]]) -> Q:
    """Return the condition: each word of its own is met, and it lies in all of the areas."""
    rule = meets(own) if own else Q()
    return rule & Q(place_id__in=listed(frozenset.intersection(*areas))) if areas else rule


def listed(keys: frozenset[int]) -> RawSQL:
    """Return keys as rows, which the planner walks one by one until the page is full; it would sort through a list."""
    return RawSQL("SELECT unnest(%s::bigint[])", [sorted(keys)])


def meets(words: Sequence[Word]) -> Q:
    """Return the condition that each word is among the keys; words are prefixes, numbers whole."""
    return Q(vector__meets=" & ".join(f"({lexeme(word)})" for word in words))


def lexeme(word: Word) -> str:
    """Return a word as the query language of PostgreSQL reads it; whatever was typed, it stays one quoted word."""
    key = word.key.replace("\\", "\\\\").replace("'", "''")
    if word.is_number:
        return f"'{key}' | '{key}/':*"
    if key.startswith("ال") and len(key) > 2:  # the article, and a name that is still being typed
        return f"'{key}':* | '{key[2:]}':*"
    return f"'{key}':*"


def places_named(words: Sequence[Word]) -> dict[Word, frozenset[int]]:
    """Return for each word the keys of the places that bear the name, with all below them."""
    askable = [word for word in words if word.about in (About.ANY, About.HOD) and not word.is_code]
    return {word: below(word) for word in askable}


def below(word: Word) -> frozenset[int]:
    """Return the keys of the places of a name, and of all places below them; nothing lies below a hod."""
    entries = SearchEntry.objects.filter(meets([word]), kind="place").order_by()
    if word.is_number:
        entries = entries.filter(status=Place.Kind.HOD)
    found = list(entries.values_list("place_id", "status", "place__path")[:MOST_PLACES])
    hods = frozenset(pk for pk, kind, _path in found if kind == Place.Kind.HOD)
    paths = [path for _pk, kind, path in found if kind != Place.Kind.HOD]
    return hods | frozenset(under(paths).values_list("pk", flat=True)) if paths else hods


def under(paths: Iterable[str]) -> QuerySet[Place]:
    """Return the places of these paths and all below them."""
    return Place.objects.filter(policies.below(outermost(paths))).order_by()


def outermost(paths: Iterable[str]) -> list[str]:
    """Return the paths that lie below none of the others."""
    found: list[str] = []
    for path in sorted(paths):
        if not found or not (path == found[-1] or path.startswith(f"{found[-1]}.")):
            found.append(path)
    return found


def within(user: User, kind: Findable, rows: QuerySet[SearchEntry], narrowed: Narrowed) -> QuerySet[SearchEntry] | None:
    """Narrow the rows; None when the kind knows nothing of what is asked."""
    if set(narrowed.by) - kind.filters:
        return None
    for name, value in narrowed.by.items():
        rows = rows.filter(narrowing(name, value))
    if narrowed.outline is None:
        return rows
    if kind.within is None:
        return None
    shaped = kind.within(user, narrowed.outline).annotate(key=Cast("thing", CharField()))
    return rows.filter(object_id__in=shaped.values("key"))


def under_place(code: str) -> Q:
    """Return the condition that a thing lies in a place or below it."""
    return Q(place__in=under(Place.objects.filter(code=code).values_list("path", flat=True)).values("pk"))


def narrowing(name: str, value: str) -> Q:
    """Return one filter as a condition."""
    if name == "place":
        return under_place(value)
    return Q(custodian__code=value) if name == "custodian" else Q(**{name: value})
