"""Vector tiles of single features: one SQL statement around the rows a layer gives (architecture.md, way 2).

A crowded tile shrinks step by step: first columns that no theme needs and features smaller than a pixel go, then the
tile shows counts by place instead (`tiles.summaries`). No step reads more than `CAP` features.

What is written on a feature stands in a layer of points beside it: a feature is cut at the edge of a tile, and written
on each of its pieces one parcel would look like two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import Polygon
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BinaryField, Case, DecimalField, F, FloatField, Func, IntegerField, QuerySet, Value, When

from authority.policies import Scope
from tiles.grid import BUFFER, EXTENT, Tile
from tiles.registry import Attribute, Filters, Geometry, Layer

MAX_BYTES = 500_000  # of a tile, before compression
FULL = 6_000  # features with all their columns
CAP = 25_000  # features at all
PIXEL = 8  # units; a tile is drawn 512 pixels wide


@dataclass(frozen=True, slots=True)
class Step:
    """How a tile is drawn: which columns, how large a feature must be, how many at most."""

    attributes: tuple[Attribute, ...]
    smallest: float = 0.0  # EPSG:3857 m²
    limit: int = CAP


def mvt_geometry(path: str, tile: Tile) -> Func:
    """Return the expression that clips and snaps a geometry of EPSG:3857 to the tile."""
    numbers = (Value(tile.z), Value(tile.x), Value(tile.y))
    box = Func(*numbers, function="ST_TileEnvelope", output_field=GeometryField(srid=3857))
    arguments = (F(path), box, Value(EXTENT), Value(BUFFER), Value(True))
    return Func(*arguments, function="ST_AsMVTGeom", output_field=BinaryField())


def within(rows: QuerySet[Any], layer: Layer, tile: Tile) -> QuerySet[Any]:
    """Bound the rows to the tile; the box is transformed, not the column, so that the index works."""
    box = Polygon.from_bbox(tile.bounds(margin=BUFFER))
    box.srid = 3857
    return rows.filter(**{f"{layer.index_field or layer.geometry_field}__bboverlaps": box})


def columns(layer: Layer, tile: Tile, scope: Scope) -> tuple[Attribute, ...]:
    """Return the columns of this zoom that the viewer may read at least somewhere."""
    return tuple(a for a in layer.tiled(tile.z) if a.roles is None or scope.holds(a.roles))


def value_of(attribute: Attribute, layer: Layer, scope: Scope) -> Any:
    """Return the column's expression, empty where the viewer's roles do not reach."""
    if attribute.roles is None:
        return attribute.source
    reach = scope.places_q(layer.place_field, layer.custodian_field or None, roles=attribute.roles)
    return Case(When(reach, then=attribute.source))


def steps(layer: Layer, tile: Tile, scope: Scope, count: int) -> list[Step]:
    """Return the ways to draw so many features, best first."""
    every = columns(layer, tile, scope)
    essential = tuple(a for a in every if a.essential)
    thin = Step(essential, smallest=(PIXEL * tile.unit) ** 2 if layer.geometry is Geometry.POLYGON else 0)
    return [Step(every), thin] if count <= FULL else [thin]


def draw(rows: QuerySet[Any], layer: Layer, tile: Tile, scope: Scope, step: Step) -> bytes:
    """Return the tile drawn this way; b"" when nothing is in it."""
    aliases = {f"a_{a.name}": value_of(a, layer, scope) for a in step.attributes}
    chosen = rows.annotate(**aliases, mvt_geom=mvt_geometry(layer.geometry_field, tile))
    if step.smallest:
        area = Func(F(layer.geometry_field), function="ST_Area", output_field=FloatField())
        chosen = chosen.annotate(mvt_area=area).filter(mvt_area__gte=step.smallest)
    chosen = chosen.order_by().values(*aliases, "mvt_geom")[: step.limit]
    return encode(layer.name, chosen, tuple(a.name for a in step.attributes))


def written(rows: QuerySet[Any], layer: Layer, tile: Tile, scope: Scope, step: Step) -> bytes:
    """Return the layer of points where labels stand: each feature's in one tile only, inside its outline."""
    attribute = next((a for a in step.attributes if a.name == layer.label), None)
    if attribute is None or tile.z < layer.label_zoom:
        return b""
    point = Func(F(layer.geometry_field), function="ST_PointOnSurface", output_field=GeometryField(srid=3857))
    size = Func(F(layer.geometry_field), function="ST_Dimension", output_field=IntegerField())
    west, south, east, north = tile.bounds()
    label = f"a_{layer.label}"
    told = {label: value_of(attribute, layer, scope), "a_size": size}
    placed = rows.annotate(mvt_at=point, **told).annotate(mvt_x=ordinate("ST_X"), mvt_y=ordinate("ST_Y"))
    placed = placed.exclude(**{label: None}).filter(mvt_x__gte=west, mvt_x__lt=east, mvt_y__gt=south, mvt_y__lte=north)
    chosen = placed.annotate(mvt_geom=mvt_geometry("mvt_at", tile)).order_by().values(*told, "mvt_geom")
    return encode(layer.labels, chosen[: step.limit], (layer.label, "size"))


def ordinate(function: str) -> Func:
    """Return one ordinate of a label's point, EPSG:3857 metres."""
    return Func(F("mvt_at"), function=function, output_field=FloatField())


def encode(name: str, chosen: QuerySet[Any], names: tuple[str, ...]) -> bytes:
    """Run the statement that turns rows with `mvt_geom` into a tile's layer of that name."""
    connection = connections[chosen.db]
    try:
        inner, params = chosen.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return b""
    quote = connection.ops.quote_name
    listed = "".join(f"{column(chosen, each)} AS {quote(each)}, " for each in names)
    drawn = f"SELECT {listed} mvt_geom AS geom FROM ({inner}) i WHERE mvt_geom IS NOT NULL"  # noqa: S608 - names declared in code
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ST_AsMVT(t, %s, {EXTENT}, 'geom') FROM ({drawn}) t", [name, *params])  # noqa: S608 - as above
        return bytes(cursor.fetchone()[0])


def column(chosen: QuerySet[Any], name: str) -> str:
    """Return how the outer statement reads a column: decimals as floats, which tiles can hold."""
    field = chosen.query.annotations[f"a_{name}"].output_field
    cast = "::float8" if isinstance(field, DecimalField) else ""
    return f'"a_{name}"{cast}'


def features(layer: Layer, user: Any, scope: Scope, tile: Tile, filters: Filters) -> bytes | None:
    """Return the tile with its single features; None when there are too many for one tile."""
    rows = within(layer.rows(user, {**filters, "z": tile.z}), layer, tile)
    count = rows.order_by()[: CAP + 1].count()
    if not count:
        return b""
    if count > CAP:
        return None
    for step in steps(layer, tile, scope, count):
        body = draw(rows, layer, tile, scope, step) + written(rows, layer, tile, scope, step)
        if len(body) <= MAX_BYTES:
            return body
    return None
