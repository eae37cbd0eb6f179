"""What can be found: each register declares its kinds; search itself knows no noun of land."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from authority.models import User
from authority.moments import Moment
from authority.policies import STAFF_READ, scope_of

if TYPE_CHECKING:
    from search.selectors import Asked

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """The index row of one thing: the texts by which it is found, where it lies, what lists are narrowed by."""

    object_id: str
    texts: Sequence[str]
    place_id: int | None = None
    custodian_id: int | None = None
    sort: str = ""  # the order of a list: number, name
    area_m2: Decimal | None = None
    tags: Mapping[str, str] = field(default_factory=dict)  # status, use: what filters ask for


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found, as it is shown: by pages and by programs alike."""

    kind: str
    id: str
    title: str
    subtitle: str = ""
    code: str = ""  # internal code, code of the place, number of the file
    url: str = ""  # in the API
    status: str = ""
    status_title: str = ""
    area_m2: Decimal | None = None
    lon: float | None = None
    lat: float | None = None
    quote: str = ""  # the words around the place of the hit


@dataclass(frozen=True, slots=True)
class Past:
    """One page of what was found as of another day, with its count, exact to 10,000, and its area."""

    hits: Sequence[Hit]
    count: int
    more: bool  # there are more than are counted
    following: bool  # there is a next page
    area_m2: Decimal | None = None


def in_jurisdiction(user: User) -> Q:
    """Return the staff's jurisdiction, place and custodian, as a condition on index rows."""
    return scope_of(user).places_q("place", "custodian", STAFF_READ)


@dataclass(frozen=True, kw_only=True)
class Findable:
    """A kind of thing that can be found."""

    kind: str
    title: Text
    entries: Callable[[Sequence[str] | None], Iterable[Entry]]  # of these ids, or of all; what is gone yields nothing
    show: Callable[[User, Sequence[str]], Iterable[Hit]]  # these ids within the reader's rights, in any order
    seen: Callable[[User], Q] = in_jurisdiction  # the reader's rights as a condition on index rows
    within: Callable[[User, GEOSGeometry], QuerySet[Any]] | None = None  # ids whose shape meets one in EPSG:4326
    then: Callable[[Asked, Moment, int, int], Past] | None = None  # as of another day: question, moment, page, size
    # The words around what was asked for, of these ids: (ids, says whether a word was asked for) → quotes.
    quote: Callable[[Sequence[str], Callable[[str], bool]], Mapping[str, str]] | None = None
    by_place: bool = False  # names of places above it find it too
    are_places: bool = False  # the things are the places themselves
    filters: frozenset[str] = frozenset()  # which of place, custodian, status, use narrow it
    order: int = 50


_KINDS: dict[str, Findable] = {}


def register(kind: Findable) -> None:
    """Add a kind; a name may be taken once."""
    if kind.kind in _KINDS:
        raise ValueError(f"{kind.kind} can be found twice")
    _KINDS[kind.kind] = kind


def find(kind: str) -> Findable | None:
    """Return the kind of that name."""
    return _KINDS.get(kind)


def kinds() -> Iterator[Findable]:
    """Yield all kinds in the order of the list."""
    yield from sorted(_KINDS.values(), key=lambda one: (one.order, one.kind))
