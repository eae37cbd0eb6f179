"""The rail: rooms register their entries when the site starts (`declares.py`); closed by permission.

rail.register(rail.Entry(_("Surveys"), "surveys:list", "file-upload", order=40, key="S", may=may_see, count=waiting))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

Asked = Callable[[Any], bool]
Counted = Callable[[Any], int]


def everyone(_user: Any) -> bool:
    """Open to whoever is signed in."""
    return True


@dataclass(frozen=True)
class Entry:
    """One way into a room: word, address, icon; `key` is the letter after G (Latin key position), `order` its place."""

    name: str | Promise
    url_name: str
    icon: str
    order: int = 50
    key: str = ""
    may: Asked = everyone
    count: Counted | None = None
    query: str = ""  # added to the address: `kind=lease`
    last: bool = False  # stands at the foot


@dataclass(frozen=True)
class Shown:
    """An entry as this person sees it on this page."""

    entry: Entry
    url: str
    count: int
    current: bool
    extra: bool  # on a phone: under "more"


_entries: dict[str, Entry] = {}
ON_PHONE = 4
STANDS = "stands_under"


def register(entry: Entry) -> None:
    """Add an entry; the same address and query replaces the former."""
    _entries[f"{entry.url_name}?{entry.query}"] = entry


def entries() -> list[Entry]:
    """Return all entries in order."""
    return sorted(_entries.values(), key=lambda entry: (entry.last, entry.order))


def _addresses(user: Any) -> Iterator[tuple[Entry, str]]:
    for entry in entries():
        if not entry.may(user):
            continue
        try:
            address = reverse(entry.url_name)
        except NoReverseMatch:  # the room's pages have not been built in
            continue
        yield entry, f"{address}?{entry.query}" if entry.query else address


def _nearest(addresses: list[str], path: str) -> str:
    """Return the address under which the page lies: the longest that begins the page's own."""
    bare = path.split("?", 1)[0]
    inside = [a for a in addresses if path == a or ("?" not in a and bare.startswith(a) and (a != "/" or bare == "/"))]
    return max(inside, key=len, default="")


def shown_to(user: Any, path: str) -> list[Shown]:
    """Return what this person sees on the rail while on the page at `path`."""
    found = list(_addresses(user))
    nearest = _nearest([address for _entry, address in found], path)
    return [
        Shown(entry, address, entry.count(user) if entry.count else 0, address == nearest, place >= ON_PHONE)
        for place, (entry, address) in enumerate(found)
    ]


def stand_under(request: HttpRequest, address: str) -> None:
    """Let a page whose own address does not say it stand under an entry: a lease's page under the list of leases."""
    setattr(request, STANDS, address)


def place_of(request: HttpRequest) -> str:
    """Return the address under which a page stands."""
    return str(getattr(request, STANDS, "") or request.get_full_path())
