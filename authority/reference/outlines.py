"""Outlines of the governorates from the package `egygeo` (MIT; the lines are OpenStreetMap's, see sources.md)."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path

from shapely import MultiPolygon, Polygon, get_parts
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry


def _file() -> Path:
    """Return the file of outlines; the package itself is not imported, because it would load a web client."""
    spec = importlib.util.find_spec("egygeo")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package egygeo is not installed")
    return Path(spec.submodule_search_locations[0]) / "data" / "Governorate_boundaries.json"


@cache
def outlines() -> dict[str, MultiPolygon]:
    """Return the outline of each governorate (EPSG:4326, longitude first) by its English name in the package.

    Taken as they are: with some 4,500 vertices in all they are already coarse, and simplifying one by one would tear
    the borders that two governorates share.
    """
    features = json.loads(_file().read_text(encoding="utf-8"))["features"]
    return {one["properties"]["Subdivision_en"]: _as_multi(shape(one["geometry"])) for one in features}


def _as_multi(outline: BaseGeometry) -> MultiPolygon:
    return (
        outline
        if isinstance(outline, MultiPolygon)
        else MultiPolygon([part for part in get_parts(outline) if isinstance(part, Polygon)])
    )
