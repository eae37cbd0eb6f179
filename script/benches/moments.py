"""Tiles as of a day beside today's: the same tiles, the fullest and some at random, asked for all three ways."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from benches.figure import Figure, at_most
from benches.site import Visitor, percentile, site
from benches.tilework import at, crowded, spread
from tiles.grid import Tile

DAY = "2024-07-01"
ASKED = {"today": "", "truth": f"?on={DAY}", "book": f"?on={DAY}&known={DAY}"}
ZOOMS = range(13, 19)
ROUNDS = 3
PEER = "the same tiles of today, ms (p95)"


def figures(quick: bool) -> Iterator[Figure]:
    """Yield how much longer a tile takes for a past day: what was true then, and what the register said then."""
    with site() as port:
        visitor = Visitor(port).sign_in("property_officer")
        waits = taken(visitor, wanted(8 if quick else 24))
    today = percentile(waits["today"])
    for name, way in (
        ("tile of what was true on a day, p95 beside today's", "truth"),
        ("tile of what the register said on a day, p95 beside today's", "book"),
    ):
        told = f"{PEER}; {len(waits[way])} tiles, {percentile(waits[way]):.0f} ms"
        yield at_most(name, percentile(waits[way]) / today, 1.5, "×", peer=told, peer_value=today)


def wanted(each: int) -> list[Tile]:
    """Return tiles of the zooms where parcels are drawn one by one: half of them the fullest."""
    rng = Random(16)  # noqa: S311 - a bench, not a secret
    points = spread(200)
    found: dict[Tile, None] = {}
    for z in ZOOMS:
        for tile in [*crowded("parcels", z, each), *(at(point, z) for point in rng.sample(points, each))]:
            found[tile] = None
    return list(found)


def taken(visitor: Visitor, tiles: list[Tile]) -> dict[str, list[float]]:
    """Return the milliseconds of each tile that holds something today, asked each way in turn; the best of a few."""
    waits: dict[str, list[float]] = {way: [] for way in ASKED}
    for tile in tiles:
        best = {way: min(one(visitor, tile, query) for _ in range(ROUNDS)) for way, query in ASKED.items()}
        if visitor.get(address(tile)).status == 200:
            for way, wait in best.items():
                waits[way].append(wait)
    return waits


def one(visitor: Visitor, tile: Tile, query: str) -> float:
    """Return the milliseconds of one tile; anything but a tile ends the bench."""
    answer = visitor.get(address(tile) + query)
    if answer.status not in (200, 204):
        raise SystemExit(f"bench: {address(tile)}{query} answered {answer.status}")
    return answer.seconds * 1000


def address(tile: Tile) -> str:
    """Return where a tile of parcels is asked for."""
    return f"/tiles/parcels/{tile.z}/{tile.x}/{tile.y}.mvt"
