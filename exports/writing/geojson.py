"""GeoJSON (RFC 7946): WGS 84, outer rings counter-clockwise, twelve decimals, written line by line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely
from django.core.serializers.json import DjangoJSONEncoder
from shapely.geometry import mapping

from exports.asking import Selection
from exports.reading import Chunk
from exports.writing.parts import Chunks, Part, Written

DECIMALS = 12


def write(folder: Path, chosen: Sequence[Selection], chunks: Chunks, srid: int, *, language: str = "ar") -> Written:
    """Write the one layer as a FeatureCollection."""
    written = Written(folder / "amlak.geojson")
    selection = chosen[0]
    with written.path.open("w", encoding="utf-8") as file:
        file.write(f'{{"type": "FeatureCollection", "name": {json.dumps(selection.layer.name)}, "features": [')
        before = "\n"
        for chunk in chunks(selection):
            if not written.parts:
                written.parts.append(Part(selection.layer, "polygon", selection.layer.name, chunk.columns))
            written.parts[0].count(chunk)
            for feature in features(chunk, selection.layer.id_attribute):
                file.write(before + json.dumps(feature, ensure_ascii=False, cls=DjangoJSONEncoder, allow_nan=False))
                before = ",\n"
        file.write("\n]}\n")
    return written


def features(chunk: Chunk, key: str) -> list[dict[str, Any]]:
    """Return the rows as features, with the id of the layer."""
    names = [column.name for column in chunk.columns]
    shapes = shapely.orient_polygons(chunk.shapes)
    found = []
    for shape, values in zip(shapes, zip(*chunk.values, strict=True), strict=True):
        properties = dict(zip(names, values, strict=True))
        feature: dict[str, Any] = {"type": "Feature", "geometry": geometry(shape), "properties": properties}
        if properties.get(key) is not None:
            feature["id"] = properties[key]
        found.append(feature)
    return found


def geometry(shape: Any) -> dict[str, Any] | None:
    """Return a geometry as JSON holds it, rounded."""
    if shape is None:
        return None
    found: dict[str, Any] = _rounded(dict(mapping(shape)))
    return found


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, (list, tuple)) else value
