"""Reading a request: what comes from a form, an address or JSON becomes one checked `Asked`."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet
from django.utils.translation import get_language

from authority.models import User
from exports import refusals
from exports.formats import ENCODINGS, FORMATS, SYSTEMS, WGS84, Format
from search import outline
from tiles.registry import Layer
from tiles.selectors import filters_of, layer_for

MOST_IDS = 5_000
MOST_TEXT = 4_000
MOST_COMBINATIONS = 40
EVERY_LAYER = ("bbox", "ids")  # filters that any layer understands


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that has been read: nothing in it is the caller's own text but values of filters."""

    layers: tuple[str, ...]
    format: Format
    srid: int
    filters: dict[str, str]
    encoding: str
    language: str


def read(given: Mapping[str, Any]) -> Asked:
    """Return the request; raises Invalid naming what cannot be read."""
    format_name = given.get("format", "")
    kind = FORMATS.get(format_name) if isinstance(format_name, str) else None
    if kind is None:
        raise refusals.FormatUnknown(formats=", ".join(FORMATS))
    encoding = given.get("encoding") or ENCODINGS[0]
    if encoding not in ENCODINGS:
        raise refusals.EncodingUnknown
    return Asked(
        layers=_layers(given.get("layers"), kind),
        format=kind,
        srid=_srid(given.get("srid"), kind),
        filters=_filters({} if given.get("filters") is None else given["filters"]),
        encoding=str(encoding),
        language="en" if (get_language() or "ar").startswith("en") else "ar",
    )


def _layers(value: Any, kind: Format) -> tuple[str, ...]:
    """Return names of layers, each once."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise refusals.LayersMissing
    found = tuple(dict.fromkeys(names))
    if not found or len(found) > 20 or (len(found) > 1 and not kind.many_layers):
        raise refusals.LayersMissing
    return found


def _srid(value: Any, kind: Format) -> int:
    """Return a number of the list: no text of the caller's ever names a system."""
    known = kind.systems or frozenset(SYSTEMS)
    if value in (None, ""):
        return WGS84
    plain = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if plain not in {str(srid) for srid in known}:
        raise refusals.SystemUnknown(systems=", ".join(str(srid) for srid in sorted(known)))
    return int(plain)


def _filters(value: Any) -> dict[str, str]:
    """Return filters as texts; a list becomes its values with commas between."""
    if not isinstance(value, Mapping) or len(value) > 20:
        raise refusals.FieldInvalid(field="filters")
    found: dict[str, str] = {}
    for name, item in value.items():
        text = ",".join(map(str, item)) if isinstance(item, (list, tuple)) else item
        if isinstance(text, (int, float)) and not isinstance(text, bool):
            text = str(text)
        most = MOST_IDS * 40 if name == "ids" else MOST_TEXT
        if not isinstance(name, str) or not isinstance(text, str) or len(text) > most or "\x00" in text:
            raise refusals.FieldInvalid(field=str(name)[:60])
        if text:
            found[name] = text
    return found


def bbox(text: str) -> Polygon:
    """Read west,south,east,north in degrees; raises Invalid."""
    try:
        return outline.box(text)
    except ValueError:
        raise refusals.FieldInvalid(field="bbox") from None


def ids(text: str) -> list[str]:
    """Read identifiers: UUIDs or codes; raises Invalid."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not found or len(found) > MOST_IDS or any(len(part) > 40 for part in found):
        raise refusals.FieldInvalid(field="ids")
    return found


@dataclass(frozen=True, slots=True)
class Selection:
    """One layer's part of a request."""

    layer: Layer
    filters: tuple[dict[str, Any], ...]  # parsed; several where a filter names several values
    box: Polygon | None
    ids: tuple[str, ...] | None

    def rows(self, user: User) -> Iterator[QuerySet[Any]]:
        """Yield the rows that the person may see, one queryset for each combination of filters."""
        for filters in self.filters:
            yield self._narrowed(self.layer.rows(user, filters))

    def _narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.box is not None:
            rows = rows.filter(**{f"{self.layer.index_field or self.layer.geometry_field}__bboverlaps": self.box})
        if self.ids is None:
            return rows
        source = next(a.source for a in self.layer.attributes if a.name == self.layer.id_attribute)
        named = rows.annotate(export_id=source)
        kind = type(named.query.annotations["export_id"].output_field).__name__
        chosen: QuerySet[Any] = named.filter(export_id__in=_typed(self.ids, kind))
        return chosen


def _typed(values: Sequence[str], kind: str) -> list[Any]:
    """Return the identifiers as the column holds them."""
    try:
        if kind == "UUIDField":
            return [UUID(value) for value in values]
        if kind.endswith(("IntegerField", "AutoField")):
            return [int(value) for value in values if len(value) < 19]
    except ValueError:
        raise refusals.FieldInvalid(field="ids") from None
    return list(values)


def selections(user: User, layers: Sequence[str], filters: Mapping[str, str]) -> list[Selection]:
    """Return each layer's part; raises NotFound for a layer out of sight, Invalid for a filter that one does not know.

    A filter that a layer does not know is never left out in silence: the layer would come whole.
    """
    found = [layer_for(user, name) for name in layers]
    if unknown := sorted(name for name in filters if all(name in unknown_to(layer, filters) for layer in found)):
        raise refusals.FilterUnknown(field=", ".join(unknown)[:200])
    for layer in found:
        if unknown := unknown_to(layer, filters):
            raise refusals.FilterNotOfLayer(layer=str(layer.title), field=", ".join(unknown)[:200])
    return [_selection(layer, filters) for layer in found]


def unknown_to(layer: Layer, filters: Collection[str]) -> list[str]:
    """Return the filters by which a layer cannot be narrowed."""
    return sorted(set(filters) - set(layer.filters) - set(EVERY_LAYER))


def _selection(layer: Layer, filters: Mapping[str, str]) -> Selection:
    own = {name: text for name, text in filters.items() if name in layer.filters}
    return Selection(
        layer,
        tuple(filters_of(layer, one) for one in _combinations(own)),
        bbox(filters["bbox"]) if "bbox" in filters and "bbox" not in layer.filters else None,
        tuple(ids(filters["ids"])) if "ids" in filters and "ids" not in layer.filters else None,
    )


def _combinations(filters: Mapping[str, str]) -> list[dict[str, str]]:
    """Return one set of filters for each choice among values with commas between."""
    values = [[part for part in text.split(",") if part] or [text] for text in filters.values()]
    chosen = list(itertools.islice(itertools.product(*values), MOST_COMBINATIONS + 1))
    if len(chosen) > MOST_COMBINATIONS:
        raise refusals.FieldInvalid(field=", ".join(filters)[:60])
    return [dict(zip(filters, one, strict=True)) for one in chosen]
