"""Writes of the index: in the transaction that changes the thing, or all of a kind at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Any

from django.db import connection, transaction

from search import registry
from search.models import SearchEntry
from search.normalise import keys
from search.registry import Entry

COLUMNS = ("kind", "object_id", "place_id", "custodian_id", "words", "sort", "area_m2", "status", "use", "owner")
BATCH = 20_000
Row = tuple[Any, ...]
ESCAPES = str.maketrans({"\\": "\\\\", "\t": " ", "\n": " ", "\r": " ", "\x00": " "})
SPECIAL = re.compile(r"[\\\n\r\x00]")


@transaction.atomic
def index(kind: str, ids: Iterable[Any]) -> None:
    """Renew the rows of these things; what is gone from the register goes from the index. Unknown kinds are left."""
    found = registry.find(kind)
    wanted = sorted({str(one) for one in ids})
    if found is None or not wanted:
        return
    SearchEntry.objects.filter(kind=kind, object_id__in=wanted).delete()
    write(kind, found.entries(wanted))


@transaction.atomic
def reindex(kind: str) -> int:
    """Make all rows of a kind anew; readers see the old ones until the end. Returns how many."""
    found = registry.find(kind)
    if found is None:
        return 0
    clear(kind)
    return write(kind, found.entries(None))


def clear(kind: str) -> None:
    """Take all rows of a kind away."""
    SearchEntry.objects.filter(kind=kind).delete()


def write(kind: str, entries: Iterable[Entry]) -> int:
    """Add rows by COPY, batch by batch; return how many."""
    count = 0
    for batch in batches(kind, entries):
        copy(batch)
        count += len(batch)
    return count


def batches(kind: str, entries: Iterable[Entry]) -> Iterator[list[Row]]:
    """Yield the rows of entries, some thousands at a time."""
    rows = (row_of(kind, entry) for entry in entries)
    while batch := list(islice(rows, BATCH)):
        yield batch


def row_of(kind: str, entry: Entry) -> Row:
    """Return the values of a row."""
    words = dict.fromkeys(key for text in entry.texts if text for key in keys(text))
    tags = entry.tags
    return (
        kind, entry.object_id, entry.place_id, entry.custodian_id, " ".join(words), entry.sort[:80], entry.area_m2,
        tags.get("status", ""), tags.get("use", ""), tags.get("owner", ""),
    )  # fmt: skip


def copy(rows: Sequence[Row]) -> None:
    """Send rows to the database."""
    lines = StringIO("\n".join(lines_of(rows)) + "\n")
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY search_searchentry ({', '.join(COLUMNS)}) FROM STDIN", lines)


def lines_of(rows: Iterable[Row]) -> Iterator[str]:
    """Yield rows as COPY reads them."""
    for row in rows:
        line = "\t".join([str(value) for value in row])
        if None in row or SPECIAL.search(line) or line.count("\t") >= len(row):
            line = "\t".join(["\\N" if value is None else str(value).translate(ESCAPES) for value in row])
        yield line
