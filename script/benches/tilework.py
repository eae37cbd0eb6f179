"""Tiles of all layers and zooms, each asked for once: how large, how long; and many clients at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

from django.db import OperationalError, connection, transaction

from benches.figure import Figure, at_most
from benches.site import Visitor, percentile, site
from tiles import registry
from tiles.grid import WORLD, Tile

LAYERS = ("places", "placenames", "parcels", "assets", "cases")
ZOOMS = range(19)
CLIENTS = 16
TABLES = {
    "parcels": "parcels_parcelversion WHERE in_book AND geom_3857 IS NOT NULL",
    "assets": "parcels_asset WHERE geom_3857 IS NOT NULL",
    "cases": "cases_case WHERE geom_3857 IS NOT NULL",
}
CROWDED = """
    SELECT floor((ST_X(p) + {world}) / {width})::int, floor(({world} - ST_Y(p)) / {width})::int
    FROM (SELECT ST_Centroid(geom_3857) AS p FROM {table}) t GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT %s
"""
SPREAD = """
    SELECT ST_X(p), ST_Y(p) FROM (
        SELECT (ST_Dump(ST_GeneratePoints(geom_3857, %s, 14))).geom AS p FROM authority_place WHERE code IN ('02', '19')
    ) t
"""
PLAIN = """
    SELECT ST_AsMVT(t) FROM (
        SELECT v.id, v.parcel_no_raw, ST_AsMVTGeom(v.geom_3857, ST_TileEnvelope(%s, %s, %s)) AS geom
        FROM parcels_parcelversion v WHERE v.in_book AND v.geom_3857 && ST_TileEnvelope(%s, %s, %s)
    ) t
"""
PEER = "plain ST_AsMVT over the table, no generalisation, no rights (10 s at most)"


@dataclass(frozen=True)
class Taken:
    """A tile that came."""

    layer: str
    tile: Tile
    status: int
    size: int
    milliseconds: float

    def __str__(self) -> str:
        return f"{self.layer}/{self.tile.z}/{self.tile.x}/{self.tile.y}"


def figures(quick: bool) -> Iterator[Figure]:
    """Yield size and time of tiles, cold, and what many clients at once get."""
    points = spread(200)
    each = 2 if quick else 8
    with site() as port:
        visitor = Visitor(port).sign_in("property_officer")
        taken = [take(visitor, layer, tile) for layer, tile in wanted(points, each)]
        yield from judged(taken, [plain(tile) for tile in some_of_parcels(taken)])
        yield from many(port, points, 400 if quick else 2000)


def judged(taken: list[Taken], peers: list[tuple[float, int]]) -> Iterator[Figure]:
    """Yield the figures of tiles that were each asked for once."""
    beside, largest = percentile([wait for wait, _ in peers]), max(size for _, size in peers) / 1000
    slow = max(taken, key=lambda one: one.milliseconds)
    large = max(taken, key=lambda one: one.size)
    waits = [one.milliseconds for one in taken]
    told = f"{PEER}; {len(taken)} tiles, slowest {slow} {slow.milliseconds:.0f} ms"
    yield at_most("tile, cold, p95", percentile(waits), 300, "ms", peer=told, peer_value=beside)
    worst, p95 = max(by_layer(taken).items(), key=lambda one: one[1])
    yield at_most("tile, cold, p95 of the slowest layer", p95, 300, "ms", peer=f"{PEER}; {worst}", peer_value=beside)
    told = f"{PEER}; largest is {large}"
    yield at_most("tile, largest", large.size / 1000, 500, "KB", peer=told, peer_value=largest)


def by_layer(taken: list[Taken]) -> dict[str, float]:
    """Return the p95 of each layer."""
    layers = {one.layer for one in taken}
    return {name: percentile([one.milliseconds for one in taken if one.layer == name]) for name in layers}


def take(visitor: Visitor, layer: str, tile: Tile) -> Taken:
    """Ask for a tile as a map does."""
    answer = visitor.get(f"/tiles/{layer}/{tile.z}/{tile.x}/{tile.y}.mvt")
    return Taken(layer, tile, answer.status, len(answer.body), answer.seconds * 1000)


def spread(count: int) -> list[tuple[float, float]]:
    """Return points of EPSG:3857 spread over both governorates."""
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, [count])
        return [(float(x), float(y)) for x, y in cursor.fetchall()]


def at(point: tuple[float, float], z: int) -> Tile:
    """Return the tile of a zoom in which a point lies."""
    width = 2 * WORLD / (1 << z)
    return Tile(z, int((point[0] + WORLD) // width), int((WORLD - point[1]) // width))


def crowded(layer: str, z: int, count: int) -> list[Tile]:
    """Return the tiles of a zoom with the most features."""
    if layer not in TABLES:
        return []
    statement = CROWDED.format(world=WORLD, width=2 * WORLD / (1 << z), table=TABLES[layer])
    with connection.cursor() as cursor:
        cursor.execute(statement, [count])
        return [Tile(z, x, y) for x, y in cursor.fetchall()]


def wanted(points: list[tuple[float, float]], each: int) -> list[tuple[str, Tile]]:
    """Return tiles of each layer and zoom: some at random, some of the fullest; each once."""
    rng = Random(14)  # noqa: S311 - a bench, not a secret
    found: dict[tuple[str, Tile], None] = {}
    for layer in (name for name in LAYERS if registry.find(name)):
        for z in ZOOMS:
            full = crowded(layer, z, each // 2) if z >= 10 else []
            for tile in [*full, *(at(point, z) for point in rng.sample(points, each))]:
                found[layer, tile] = None
    asked = list(found)
    rng.shuffle(asked)
    return asked


def some_of_parcels(taken: list[Taken]) -> list[Tile]:
    """Return one tile of parcels a zoom: the fullest that was taken."""
    best: dict[int, Taken] = {}
    for one in taken:
        if one.layer == "parcels" and one.size >= best.get(one.tile.z, one).size:
            best[one.tile.z] = one
    return [best[z].tile for z in sorted(best)]


def plain(tile: Tile) -> tuple[float, int]:
    """Return milliseconds and bytes of the plain statement; one that takes more than 10 s counts as 10 s."""
    address = (tile.z, tile.x, tile.y)
    began = time.perf_counter()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10s'")
            cursor.execute(PLAIN, [*address, *address])
            size = len(cursor.fetchone()[0])
    except OperationalError:
        size = 0
    return (time.perf_counter() - began) * 1000, size


def many(port: int, points: list[tuple[float, float]], count: int) -> Iterator[Figure]:
    """Yield what so many tiles, asked for by 16 clients at once, come to."""
    rng = Random(15)  # noqa: S311 - a bench, not a secret
    layers = [name for name in LAYERS if registry.find(name)]
    asked = [(rng.choice(layers), at(rng.choice(points), rng.choice(ZOOMS))) for _ in range(count)]
    visitors = [Visitor(port).sign_in("property_officer") for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        parts = pool.map(lambda n: [take(visitors[n], *one) for one in asked[n::CLIENTS]], range(CLIENTS))
        taken = [one for part in parts for one in part]
    broken = sum(one.status >= 500 for one in taken)
    p95 = percentile([one.milliseconds for one in taken])
    told = f"p95 of a wait, ms, with {CLIENTS} clients and {count} tiles"
    yield at_most("tiles answered 5xx under load", broken, 0, "tiles", peer=told, peer_value=p95)
