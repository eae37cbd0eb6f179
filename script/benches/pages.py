"""How long a person waits for the pages of the register, through the served site."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from random import Random

from django.db import connection

from benches.figure import Figure, at_most
from benches.site import Visitor, percentile, site

READERS = ("property_officer", "gis_officer", "governor")
TABS = ("", "?tab=cases", "?tab=documents", "?tab=assets", "?tab=history")
LISTS = (
    ("parcels list, p95", "/parcels/"),
    ("inbox, p95", "/inbox/"),
    ("surveys list, p95", "/surveys/"),
    ("map page, p95", "/map/"),
)
SOME = "SELECT id FROM parcels_parcel WHERE id >= %s ORDER BY id LIMIT 1"
CROWDED = """
    SELECT parcel_id FROM parcels_holding WHERE parcel_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 10
"""
MANY = "SELECT parcel_id FROM parcels_parcelversion GROUP BY 1 ORDER BY count(*) DESC LIMIT 10"
BARE = """
    SELECT * FROM parcels_parcelversion WHERE parcel_id = %s AND in_book AND legal_range @> current_date
"""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the parcel page and the lists."""
    parcels = chosen(60 if quick else 400)
    with site() as port:
        visitors = [Visitor(port).sign_in(name) for name in READERS]
        bare = percentile([milliseconds_of(parcel) for parcel in parcels])
        pages = [taken(visitors[n % len(visitors)], f"/parcels/{parcel}/") for n, parcel in enumerate(parcels)]
        tabs = [
            taken(visitors[0], f"/parcels/{parcel}/{TABS[n % 5]}")
            for n, parcel in enumerate(parcels[: len(parcels) // 2])
        ]
        peer = "the bare SQL of its version, p95"
        yield at_most("parcel page, p95", percentile(pages), 100, "ms", peer=peer, peer_value=bare)
        yield at_most("parcel page's tabs, p95", percentile(tabs), 100, "ms", peer=peer, peer_value=bare)
        for name, path in LISTS:
            yield listed(visitors, name, path, 5 if quick else 20)


def listed(visitors: Sequence[Visitor], name: str, path: str, times: int) -> Figure:
    """Return the wait for the first page of a list; the site's own health page is its peer."""
    waits = [taken(visitor, path) for _ in range(times) for visitor in visitors]
    health = [taken(visitors[0], "/healthz") for _ in range(20)]
    peer = "/healthz of the same site, p95"
    return at_most(name, percentile(waits), 300, "ms", peer=peer, peer_value=percentile(health))


def taken(visitor: Visitor, path: str) -> float:
    """Return the milliseconds of a page that must come."""
    answer = visitor.get(path)
    if answer.status != 200:
        raise SystemExit(f"bench: {path} answered {answer.status}")
    return answer.seconds * 1000


def chosen(count: int) -> list[str]:
    """Return parcels: mostly random, and those with the most holdings and versions."""
    rng = Random(14)  # noqa: S311 - a bench, not a secret
    with connection.cursor() as cursor:
        found = []
        for statement in (CROWDED, MANY):
            cursor.execute(statement)
            found += [str(row[0]) for row in cursor.fetchall()]
        while len(found) < count:
            cursor.execute(SOME, [f"{rng.getrandbits(128):032x}"])
            found += [str(row[0]) for row in cursor.fetchall()]
    rng.shuffle(found)
    return found[:count]


def milliseconds_of(parcel: str) -> float:
    """Return the milliseconds of the bare statement."""
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(BARE, [parcel])
        cursor.fetchall()
        return (time.perf_counter() - began) * 1000
