"""How long the sample takes, beside a plain COPY of the same land."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

from django.db import connection

from benches.databases import SMALL, SMALL_PARCELS, drop, fill, filled, wanted
from benches.figure import Figure, at_most

LARGE = 1_000_000
PEER = "plain COPY of the same parcels' geometry into a bare table"


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the demo's sample and the bench's own."""
    made = filled(wanted())
    plain = copied()
    if wanted() >= SMALL_PARCELS:
        seconds = fill(SMALL, SMALL_PARCELS)
        drop(SMALL)
        yield at_most(
            f"sample of {SMALL_PARCELS} parcels",
            seconds,
            20,
            "s",
            peer=PEER,
            peer_value=plain * SMALL_PARCELS / wanted(),
        )
    told = f"{PEER}; filled {made.at}, kept since"
    most = 300 if wanted() >= LARGE else max(20.0, 300 * wanted() / LARGE)
    yield at_most(f"sample of {made.parcels} parcels", made.seconds, most, "s", peer=told, peer_value=plain)


def copied() -> float:
    """Return the seconds a COPY of all boundaries takes into a table without index or rule."""
    with connection.cursor() as cursor:
        buffer = io.BytesIO()
        cursor.copy_expert("COPY (SELECT geom FROM parcels_parcelversion WHERE geom IS NOT NULL) TO STDOUT", buffer)
        buffer.seek(0)
        cursor.execute("CREATE TEMPORARY TABLE bench_plain (geom geometry(MultiPolygon, 4326))")
        began = time.perf_counter()
        cursor.copy_expert("COPY bench_plain FROM STDIN", buffer)
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_plain")
    return taken
