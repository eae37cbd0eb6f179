"""The published questions (docs/reference/search.md) put to the one box, beside a search without an index of keys."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from django.db import connection

from authority.models import User
from benches.databases import wanted
from benches.figure import Figure, at_most
from search import outline, positions, registry, selectors
from search.normalise import normalise
from search.registry import Findable
from search.selectors import Asked, Narrowed

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "search.md"
LINE = re.compile(r"^\| *\d+ *\| *`([^`]+)` *\|", re.M)
PEER = "ILIKE over the same normalised words, the same rights, no index"
ROUNDS, SOME = 5, 8


def questions() -> list[str]:
    """Return the published questions."""
    return LINE.findall(PUBLISHED.read_text(encoding="utf-8"))


def figures(quick: bool) -> Iterator[Figure]:
    """Yield how long the first page of each kind, the counts, and the whole box take."""
    user = User.objects.get(username="property_officer")
    asked = questions()
    pages: list[float] = []
    counts: list[float] = []
    boxes: list[float] = []
    for _ in range(1 if quick else ROUNDS):
        for text in asked:
            pages += [taken(partial(first_page, user, text, kind)) for kind in registry.kinds()]
            counts.append(taken(partial(count, user, text)))
            boxes.append(taken(partial(box, user, text)))
    plain = percentile([scanned(text) for text in asked[:SOME]])
    size = f"{wanted():,} parcels, {len(asked)} questions"
    for name, values, most in (
        (f"search, first page of a kind, p95 ({size})", pages, 50),
        ("search, all counts of a question, p95", counts, 300),
        ("search, the whole box with its counts, p95", boxes, 350),
    ):
        yield at_most(name, percentile(values), most, "ms", peer=PEER, peer_value=plain)


def first_page(user: User, text: str, kind: Findable) -> None:
    """Find the first page of one kind."""
    selectors.page(ask(user, text), kind)


def ask(user: User, text: str) -> Asked:
    """Return the question; an outline is drawn, everything else typed."""
    drawn = Narrowed(outline=outline.read(text)) if text.startswith("POLYGON") else Narrowed()
    return selectors.ask(user, "" if drawn else text, drawn)


def count(user: User, text: str) -> None:
    """Count every kind."""
    asked = ask(user, text)
    for kind in registry.kinds():
        selectors.total(asked, kind)


def box(user: User, text: str) -> None:
    """Answer as the page of results does."""
    asked = ask(user, text)
    positions.read(text)
    for kind in registry.kinds():
        if selectors.page(asked, kind).hits:
            selectors.total(asked, kind)


def scanned(text: str) -> float:
    """Return the milliseconds of a first page without the index of keys."""
    words = normalise(text).split()
    where = " AND ".join(["words ILIKE %s"] * len(words)) or "true"

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT object_id FROM search_searchentry WHERE kind = 'parcel' AND {where} ORDER BY sort LIMIT 20",  # noqa: S608 - only placeholders are put in
                [f"%{word}%" for word in words],
            )
            cursor.fetchall()

    return taken(look)


def taken(work: Callable[[], object]) -> float:
    """Return the milliseconds that something takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def percentile(values: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20)[18] if len(values) > 1 else values[0]
