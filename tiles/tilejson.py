"""TileJSON 3.0 of a layer: where its tiles are and what they hold."""

from __future__ import annotations

from typing import Any

from authority.policies import Scope
from tiles.registry import Attribute, Layer

EGYPT = [24.5, 21.5, 37.5, 32.0]  # west, south, east, north, degrees


def describe(layer: Layer, scope: Scope, root: str) -> dict[str, Any]:
    """Return the TileJSON for a viewer; columns the viewer may not read are not named."""
    readable = [a for a in layer.attributes if a.in_tiles and (a.roles is None or scope.holds(a.roles))]
    return {
        "tilejson": "3.0.0",
        "name": layer.name,
        "description": str(layer.title),
        "scheme": "xyz",
        "tiles": [f"{root}tiles/{layer.name}/{{z}}/{{x}}/{{y}}.mvt"],
        "minzoom": 0 if layer.summarise else layer.min_zoom,
        "maxzoom": layer.max_zoom,
        "bounds": EGYPT,
        "vector_layers": [single(layer, readable), *written(layer, readable), *counted(layer)],
    }


def single(layer: Layer, readable: list[Attribute]) -> dict[str, Any]:
    """Return the entry of the layer's single features."""
    fields = {a.name: str(a.title) for a in readable}
    return {"id": layer.name, "minzoom": layer.min_zoom, "maxzoom": layer.max_zoom, "fields": fields}


def written(layer: Layer, readable: list[Attribute]) -> list[dict[str, Any]]:
    """Return the entry of the points on which labels are written; none where the viewer may not read them."""
    if layer.label not in {a.name for a in readable}:
        return []
    fields = {a.name: str(a.title) for a in readable if a.name == layer.label} | {"size": ""}
    return [{"id": layer.labels, "minzoom": layer.label_zoom, "maxzoom": layer.max_zoom, "fields": fields}]


def counted(layer: Layer) -> list[dict[str, Any]]:
    """Return the entries of the counts by place, which over-full tiles show at any zoom."""
    if layer.summarise is None:
        return []
    fields = {
        "count": str(layer.title),
        "name_ar": "",
        "name_en": "",
        "kind": "",
        "main": "",
        "counts": "",
        "area_m2": "",
    }
    return [
        {"id": f"{layer.name}_{part}", "minzoom": 0, "maxzoom": layer.max_zoom, "fields": fields}
        for part in ("places", "counts")
    ]
