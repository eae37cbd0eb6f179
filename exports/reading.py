"""The rows of a selection in chunks: columns the person may read, shapes in the system of the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely
from django.db.models import BinaryField, F, Func, QuerySet
from django.db.models.expressions import Combinable

from authority.models import User
from authority.policies import Scope, scope_of
from exports import refusals
from exports.asking import Selection
from exports.systems import Shapes, placed
from tiles.mvt import value_of
from tiles.registry import Attribute, Layer

CHUNK = 5_000
WHOLE = {"IntegerField", "BigIntegerField", "SmallIntegerField", "AutoField", "BigAutoField", "PositiveIntegerField"}
REAL = {"DecimalField", "FloatField"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file."""

    attribute: Attribute
    kind: str  # text, real, whole, flag, day, moment

    @property
    def name(self) -> str:
        """Its name in the file."""
        return self.attribute.name

    def title(self, language: str) -> str:
        """Its title for people: in Arabic where the layer gives one."""
        return self.attribute.arabic if language == "ar" and self.attribute.arabic else str(self.attribute.title)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows: a value per column, and their shapes in the system of the file (None: not yet located)."""

    columns: tuple[Column, ...]
    values: list[list[Any]]  # by column
    shapes: Shapes

    def __len__(self) -> int:
        return len(self.shapes)

    def taken(self, which: npt.NDArray[np.bool_]) -> Chunk:
        """Return some of the rows."""
        kept = np.flatnonzero(which)
        return Chunk(self.columns, [[column[i] for i in kept] for column in self.values], self.shapes[kept])


def columns_of(layer: Layer, scope: Scope) -> tuple[Attribute, ...]:
    """Return the columns that the person may read at least somewhere."""
    return tuple(a for a in layer.exported() if a.roles is None or scope.holds(a.roles))


def chunks(selection: Selection, user: User, srid: int, *, size: int = CHUNK) -> Iterator[Chunk]:
    """Yield the rows that the person may see today; a row of several querysets comes once."""
    scope = scope_of(user)
    seen: set[Any] | None = set() if len(selection.filters) > 1 else None
    for rows in selection.rows(user):
        yield from _of_queryset(selection.layer, rows, scope, srid, size, seen)


def _of_queryset(
    layer: Layer, rows: QuerySet[Any], scope: Scope, srid: int, size: int, seen: set[Any] | None
) -> Iterator[Chunk]:
    attributes = columns_of(layer, scope)
    named: dict[str, Combinable | Any] = {f"x_{a.name}": value_of(a, layer, scope) for a in attributes}
    path, source = geometry_of(layer, rows)
    shape = Func(F(path), function="ST_AsBinary", output_field=BinaryField())
    chosen = rows.annotate(**named, x_shape=shape, x_key=F("pk")).order_by("pk")
    columns = tuple(Column(a, kind_of(chosen, f"x_{a.name}")) for a in attributes)
    batch: list[tuple[Any, ...]] = []
    for row in chosen.values_list("x_key", "x_shape", *named).iterator(chunk_size=size):
        if seen is not None:
            if row[0] in seen:
                continue
            seen.add(row[0])
        batch.append(row)
        if len(batch) == size:
            yield _chunk(columns, batch, source, srid)
            batch = []
    if batch:
        yield _chunk(columns, batch, source, srid)


def geometry_of(layer: Layer, rows: QuerySet[Any]) -> tuple[str, int]:
    """Return the geometry to carry away and its system: the register's own in degrees, else what maps draw."""
    drawn = layer.geometry_field
    twin = drawn.removesuffix("_3857")
    own = {field.name: getattr(field, "srid", None) for field in rows.model._meta.get_fields()}
    return (twin, 4326) if twin != drawn and own.get(twin) == 4326 else (drawn, 3857)


def kind_of(rows: QuerySet[Any], alias: str) -> str:
    """Return what a column holds."""
    name = type(rows.query.annotations[alias].output_field).__name__
    if name in REAL:
        return "real"
    if name in WHOLE:
        return "whole"
    return {"BooleanField": "flag", "DateField": "day", "DateTimeField": "moment"}.get(name, "text")


def _chunk(columns: tuple[Column, ...], rows: list[tuple[Any, ...]], source: int, srid: int) -> Chunk:
    _keys, shapes, *values = zip(*rows, strict=True)
    read = shapely.from_wkb(np.array([bytes(s) if s is not None else None for s in shapes], dtype=object))
    read = np.array([None if shape is None or shape.is_empty else shape for shape in read], dtype=object)
    cleaned = [[plain(v, c.kind) for v in column] for c, column in zip(columns, values, strict=True)]
    return Chunk(columns, cleaned, placed(shapely.force_2d(read), source, srid))


def plain(value: Any, kind: str) -> Any:
    """Return a value as files hold it."""
    if value is None:
        return None
    if kind == "real":
        return float(value)
    if kind in ("whole", "flag", "day", "moment"):
        return value
    if isinstance(value, (UUID, dt.date)):
        return str(value)
    return str(value).replace("\x00", "")


def count(chosen: list[Selection], user: User, limit: int) -> int:
    """Count the rows, no further than needed; raises TooManyRows beyond the limit."""
    found = 0
    for selection in chosen:
        for rows in selection.rows(user):
            found += rows.order_by()[: limit + 1 - found].count()
            if found > limit:
                raise refusals.TooManyRows(limit=limit)
    return found
