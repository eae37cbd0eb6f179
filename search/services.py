"""Writes of the index: in the transaction that changes the thing, or all of a kind at once."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg2.errors import LockNotAvailable

from authority.joins import joined_by_hash
from search import registry
from search.models import SearchEntry
from search.normalise import keys
from search.registry import Entry, Findable

COLUMNS = ("kind", "object_id", "place_id", "custodian_id", "words", "sort", "area_m2", "status", "use", "owner")
BATCH = 20_000
ANEW = 2_000  # rows renewed at once while the site runs
INDEX_LOCK = 7_340_031  # the class of this room's advisory locks
PATIENCE_MS = 200
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, hashtext(%s))", [INDEX_LOCK, kind])
    _renew(found, wanted)


def _renew(found: Findable, wanted: Sequence[str]) -> int:
    SearchEntry.objects.filter(kind=found.kind, object_id__in=wanted).delete()
    with joined_by_hash(len(wanted)):
        return write(found.kind, found.entries(wanted))


def reindex(kind: str) -> int:
    """Make all rows of a kind anew while the site runs and writes; return how many there are.

    Some thousands at a time, each batch read afresh in a transaction of its own that no writer of the index shares:
    whoever changes a thing before its batch is read there, whoever changes it after comes last. Nobody waits longer
    than one batch takes, and readers find everything all along.
    """
    found = registry.find(kind)
    if found is None:
        return 0
    there = {entry.object_id for entry in found.entries(None)}
    indexed = SearchEntry.objects.filter(kind=kind).values_list("object_id", flat=True)
    wanted = iter(sorted(there | set(indexed.iterator())))
    count = 0
    while batch := list(islice(wanted, ANEW)):
        count += _alone(found, batch)
    return count


def _alone(found: Findable, batch: Sequence[str]) -> int:
    """Renew a batch while nobody else writes this kind; try again as long as somebody does."""
    while True:
        try:
            with transaction.atomic():
                _shut_others_out(found.kind)
                return _renew(found, batch)
        except OperationalError as busy:
            if not isinstance(busy.__cause__, LockNotAvailable):
                raise
            time.sleep(PATIENCE_MS / 1000)


def _shut_others_out(kind: str) -> None:
    """Take the kind's lock alone; give up soon, for whoever comes to write meanwhile waits behind us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        usual = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PATIENCE_MS}ms"])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [INDEX_LOCK, kind])
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])


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
