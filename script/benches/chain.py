"""The chained audit trail: how fast a million rows are checked, and what chaining costs those who write."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import psycopg2
from django.db import connection

from authority.chain.verifying import verify
from benches.databases import COPY, as_owner, dsn, url_of
from benches.figure import Figure, at_most

WRITERS, GOVERNORATES, SECONDS, BATCH = 16, 16, 4.0, 20_000
COLUMNS = "at, actor_id, action, object_type, object_id, governorate, detail, request_id"
EVENT = f"""
    INSERT INTO authority_auditevent ({COLUMNS})
    SELECT now(), (SELECT min(id) FROM authority_user), 'bench.done', 'parcels.parcel', gen_random_uuid()::text, %s,
           jsonb_build_object('reason', 'bench', 'number', n, 'name', 'قطعة أرض'), gen_random_uuid()
      FROM generate_series(1, %s) AS n
"""  # noqa: S608 - only constants are put in


def figures(quick: bool) -> Iterator[Figure]:
    """Yield writing and checking figures."""
    as_owner(COPY, "ALTER TABLE authority_auditevent DISABLE TRIGGER zz_announced")
    plain = written("19")
    as_owner(COPY, "DELETE FROM authority_auditpending", "ALTER TABLE authority_auditevent ENABLE TRIGGER zz_announced")
    peer = "the same rows without the chain"
    for name, chains in (
        (f"acts a second, {WRITERS} writers all in one governorate", ["19"]),
        (f"acts a second, {WRITERS} writers in {GOVERNORATES} governorates", numbered(GOVERNORATES)),
    ):
        made = written(*chains)
        yield Figure(name, round(made), "/s", peer, "≥ 100 /s", made >= 100, plain)
    rows = 50_000 if quick else 1_000_000
    before = verify().rows
    yield at_most("chaining old rows, a million", chained(rows) * 1_000_000 / rows, 120, "s", peer="none")
    found = verify()
    seconds = found.seconds * rows / found.rows
    # what was written without its links in the first round is the only thing that may be wrong
    assert found.rows >= before + rows, found  # noqa: S101 - a bench that measured nothing
    yield at_most(f"audit verify ({rows:,} rows)", seconds, 60, "s", peer="none")


def numbered(count: int) -> list[str]:
    """Return the codes of that many governorates."""
    return [f"{n:02d}" for n in range(1, count + 1)]


def chained(rows: int) -> float:
    """Write and chain rows in batches; return the seconds."""
    began = time.monotonic()
    for _ in range(rows // BATCH):
        with connection.cursor() as cursor:
            cursor.execute(EVENT, ["21", BATCH])
    return time.monotonic() - began


def written(*chains: str) -> float:
    """Let all writers write for some seconds, each act in a transaction of its own; return acts a second."""
    counts = [0] * WRITERS
    end = time.monotonic() + SECONDS

    def write(number: int) -> None:
        own = psycopg2.connect(dsn(url_of(COPY)))
        try:
            while time.monotonic() < end:
                with own, own.cursor() as cursor:
                    cursor.execute(EVENT, [chains[number % len(chains)], 1])
                counts[number] += 1
        finally:
            own.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS
