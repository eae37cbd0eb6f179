"""Counts by place: what low zooms and over-full tiles draw, so that no tile reads a million slivers.

The counts are kept per deepest place, custodian and category, and summed for a viewer over what the viewer may see.
They are taken anew after a change, but never for more than a twentieth of the time: by the first reader where that
is quick, else by a worker, and readers see the last counts until then.

`Layer.summarise(governorate)` gives rows of `place_id`, `custodian_id`, `category`, `count`, `area_m2`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, TypeVar

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Polygon
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from authority import clock
from authority.models import Place
from authority.policies import Scope
from jobs.schedule import system_user
from jobs.services import queue
from tiles.grid import BUFFER, Tile
from tiles.models import CountState, LayerVersion, PlaceCount
from tiles.registry import Layer

REST = 19  # seconds of rest per second of counting
QUICK = 0.3  # seconds of counting that a reader waits for; longer ones are a worker's
COUNT = "tiles.count"
KEPT = 3600  # seconds that what is summed of counts is kept
Box = tuple[float, float, float, float]
T = TypeVar("T")
EVERYWHERE = ""


def versions(layers: tuple[str, ...]) -> dict[str, int]:
    """Return governorate → version, summed over the layers; "" counts for everywhere."""
    found: dict[str, int] = {}
    for governorate, version in LayerVersion.objects.filter(layer__in=layers).values_list("governorate", "version"):
        found[governorate] = found.get(governorate, 0) + version
    return found


def ensure(layer: Layer, now: dt.datetime) -> bool:
    """See that the counts are taken anew where the layer changed; say whether they are fresh already."""
    wanted, today = versions(layer.version_names), clock.today()
    states = {state.governorate: state for state in CountState.objects.filter(layer=layer.name)}
    codes = Place.objects.filter(kind=Place.Kind.GOVERNORATE).values_list("code", flat=True)
    fresh = True
    for code in codes:
        version = wanted.get(code, 0) + wanted.get(EVERYWHERE, 0)
        state = states.get(code)
        if state and (state.version, state.counted_on) == (version, today):
            continue
        if state is None or (state.seconds <= QUICK and not resting(state, now)):
            count(layer, code, version, now)
            continue
        fresh = False
        if not resting(state, now):
            key = f"{COUNT}:{layer.name}:{code}"
            queue(COUNT, by=system_user(), key=key, at=now, layer=layer.name, governorate=code)
    return fresh


def recount(layer: Layer, governorate: str, now: dt.datetime) -> CountState:
    """Count a governorate as the layer stands now."""
    found = versions(layer.version_names)
    return count(layer, governorate, found.get(governorate, 0) + found.get(EVERYWHERE, 0), now)


def resting(state: CountState, now: dt.datetime) -> bool:
    """Say whether the last counting was so recent that the next one waits."""
    return now - state.counted_at < dt.timedelta(seconds=REST * state.seconds)


@transaction.atomic
def count(layer: Layer, governorate: str, version: int, now: dt.datetime) -> CountState:
    """Count the layer's features of a governorate; one counts at a time, others wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"tiles.count {layer.name} {governorate}"])
    done = CountState.objects.filter(layer=layer.name, governorate=governorate, version=version).first()
    if done and done.counted_on == clock.today():
        return done
    started = perf_counter()
    PlaceCount.objects.filter(layer=layer.name, governorate=governorate).delete()
    if layer.summarise is not None:
        store(layer, governorate, layer.summarise(governorate))
    state, _made = CountState.objects.update_or_create(
        layer=layer.name,
        governorate=governorate,
        defaults={
            "version": version,
            "counted_on": clock.today(),
            "counted_at": now,
            "seconds": perf_counter() - started,
        },
    )
    return state


def store(layer: Layer, governorate: str, rows: QuerySet[Any]) -> None:
    """Keep the counts with the places that draw them at each depth."""
    places = dict(Place.objects.filter(path__startswith=governorate).order_by().values_list("pk", "path"))
    outlined = set(
        Place.objects.filter(path__startswith=governorate, geom__isnull=False).order_by().values_list("path", flat=True)
    )
    above = [drawn(path, outlined) for path in places.values()]
    counted = rows.values_list("place_id", "custodian_id", "category", "count", "area_m2").order_by()
    try:
        inner, params = counted.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return
    columns = [[one[f"drawn_{depth}"] for one in above] for depth in (1, 2, 3, 4)]
    with connection.cursor() as cursor:
        cursor.execute(STORE.format(rows=inner), [layer.name, governorate, *params, list(places), *columns])


STORE = """
    INSERT INTO tiles_placecount
        (layer, governorate, place_id, custodian_id, category, count, area_m2, drawn_1, drawn_2, drawn_3, drawn_4)
    SELECT %s, %s, r.place_id, r.custodian_id, r.category, r.count, r.area_m2, d.d1, d.d2, d.d3, d.d4
      FROM ({rows}) AS r (place_id, custodian_id, category, count, area_m2)
      JOIN unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS d (place_id, d1, d2, d3, d4)
        USING (place_id)
"""


def totals(layer: Layer, scope: Scope, now: dt.datetime) -> dict[str, int]:
    """Return category → how many features the viewer may see."""

    def summed() -> dict[str, int]:
        seen = seen_by(layer, scope).values("category").annotate(total=Sum("count"))
        return {row["category"]: row["total"] for row in seen}

    ensure(layer, now)
    return kept("totals", layer, scope, summed)


def extent(layer: Layer, scope: Scope, now: dt.datetime) -> Box | None:
    """Return the box (degrees) of the places in which the viewer may see features; None where there are none."""

    def measured() -> Box | None:
        outlined = Place.objects.filter(path__in=seen_by(layer, scope).values("drawn_4"))
        box: Box | None = outlined.order_by().aggregate(box=Extent("geom"))["box"]
        return box

    ensure(layer, now)
    return kept("extent", layer, scope, measured)


def seen_by(layer: Layer, scope: Scope) -> QuerySet[PlaceCount]:
    """Return the counts of what the viewer may see."""
    return PlaceCount.objects.filter(scope.places_q("place", "custodian"), layer=layer.name).order_by()


def kept(name: str, layer: Layer, scope: Scope, make: Callable[[], T]) -> T:
    """Return what is made of the counts for these rights, made once as long as neither changes."""
    states = CountState.objects.filter(layer=layer.name).order_by("governorate")
    told = repr([layer.name, scope.key(), *states.values_list("governorate", "version", "counted_at")])
    key = f"tiles.{name}.{hashlib.sha256(told.encode()).hexdigest()[:32]}"
    found: tuple[T] | None = cache.get(key)
    if found is None:
        with joined_by_hash():
            found = (make(),)
        cache.set(key, found, KEPT)
    return found[0]


@contextmanager
def joined_by_hash() -> Iterator[None]:
    """Let statements over all counts look through them once: just after counting the planner believes there are few."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


def drawn(path: str, outlined: set[str]) -> dict[str, str]:
    """Return drawn_1 … drawn_4 of a place: the deepest outlined place at that depth or above."""
    parts, found, last = path.split("."), {}, ""
    for depth in (1, 2, 3, 4):
        upper = ".".join(parts[:depth])
        last = upper if upper in outlined else last
        found[f"drawn_{depth}"] = last
    return found


def depth_at(z: int) -> int:
    """Return how deep the places of a zoom are: 1 governorates, 2 marakiz, 3 villages, 4 hods."""
    return 1 if z <= 7 else 2 if z <= 9 else 3 if z <= 11 else 4


SQL = """
WITH box AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS geom),
near AS (
    SELECT p.path, p.code, p.kind, p.name_ar, p.name_en, p.geom_3857 FROM authority_place p
    WHERE p.geom && %(bounds)s::geometry
),
counted AS (
    SELECT c.drawn_{depth} AS path, c.category, sum(c.count)::bigint AS count, sum(c.area_m2) AS area_m2
    FROM ({seen}) c WHERE c.drawn_{depth} IN (SELECT path FROM near) GROUP BY 1, 2
),
summed AS (
    SELECT path, sum(count)::bigint AS count, sum(area_m2)::float8 AS area_m2,
           (array_agg(category ORDER BY count DESC, category))[1] AS main, jsonb_object_agg(category, count) AS counts
    FROM counted GROUP BY path
),
drawn AS (
    SELECT n.*, s.count, s.area_m2, s.main, s.counts::text AS counts FROM summed s JOIN near n USING (path)
),
shapes AS (
    SELECT d.path AS id, d.code, d.kind, d.name_ar, d.name_en, d.count, d.area_m2, d.main, d.counts,
           ST_AsMVTGeom(ST_Simplify(d.geom_3857, %(unit)s, true), box.geom, 4096, %(buffer)s, true) AS geom
    FROM drawn d, box
),
points AS (
    SELECT d.path AS id, d.code, d.kind, d.name_ar, d.name_en, d.count, d.area_m2, d.main, d.counts,
           ST_AsMVTGeom(ST_Centroid(d.geom_3857), box.geom, 4096, 0, true) AS geom
    FROM drawn d, box
)
SELECT (SELECT ST_AsMVT(t, %(shape_layer)s, 4096, 'geom') FROM (SELECT * FROM shapes WHERE geom IS NOT NULL) t)
    || (SELECT ST_AsMVT(t, %(point_layer)s, 4096, 'geom') FROM (SELECT * FROM points WHERE geom IS NOT NULL) t)
"""


def draw(layer: Layer, scope: Scope, tile: Tile) -> bytes:
    """Return a tile of two layers, `<layer>_places` (outlines) and `<layer>_counts` (points), each with its counts."""
    seen = seen_by(layer, scope)
    try:
        inner, params = seen.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return b""
    statement, named = numbered(inner, params)
    bounds = Polygon.from_bbox(tile.bounds(margin=BUFFER))
    bounds.srid = 3857
    given = {
        **named,
        "z": tile.z,
        "x": tile.x,
        "y": tile.y,
        "unit": tile.unit * 4,
        "buffer": BUFFER,
        "bounds": bounds.transform(4326, clone=True).ewkt,
        "shape_layer": f"{layer.name}_places",
        "point_layer": f"{layer.name}_counts",
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(depth=depth_at(tile.z), seen=statement), given)
        return bytes(cursor.fetchone()[0])


def numbered(statement: str, params: tuple[Any, ...]) -> tuple[str, dict[str, Any]]:
    """Turn a statement with %s into one with named parameters, to stand inside a larger one."""
    names = [f"seen_{number}" for number in range(len(params))]
    return statement % tuple(f"%({name})s" for name in names), dict(zip(names, params, strict=True))
