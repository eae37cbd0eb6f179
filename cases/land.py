"""The land a file is about: its standing version, its outline, its box, for the pages of files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from cases.models import Case
from cases.registry import kind_of
from parcels.models import Asset, Parcel, ParcelVersion
from parcels.selectors import latest_versions

ROOM = 0.35  # of the larger side: how far around the land a map shows
LEAST = 0.0006  # degrees around a point


@dataclass(frozen=True)
class Land:
    """A parcel or an asset with what pages say of it."""

    parcel: Parcel | None
    asset: Asset | None
    version: ParcelVersion | None

    @property
    def area_m2(self) -> Decimal | None:
        """The area that counts."""
        if self.asset is not None:
            return self.asset.area_m2
        return self.version.governing_m2 if self.version else None

    @property
    def number(self) -> str:
        """The number of the parcel as it is written."""
        return self.version.parcel_no_raw if self.version else ""

    @property
    def shape(self) -> GEOSGeometry | None:
        """The outline: the asset's own, else the parcel's."""
        own: GEOSGeometry | None = self.asset.geom if self.asset is not None else None
        below: GEOSGeometry | None = self.version.geom if self.version is not None else None
        return own or below or None

    def as_page(self) -> dict[str, Any]:
        """What the drawing script reads."""
        return {
            "parcel": str(self.parcel.pk) if self.parcel else "",
            "asset": str(self.asset.pk) if self.asset else "",
            "feature": feature_of(self.shape),
            "bounds": box_of([self.shape]),
        }


def land_of(parcel: Parcel | None, asset: Asset | None) -> Land:
    """The land of a parcel or an asset (with the parcel under it)."""
    under = parcel or (asset.parcel if asset is not None else None)
    rows = latest_versions(under).select_related("place", "place__parent") if under is not None else None
    return Land(under, asset, rows.first() if rows is not None else None)


def feature_of(shape: GEOSGeometry | None) -> dict[str, Any] | None:
    """A shape as a GeoJSON feature."""
    if shape is None or shape.empty:
        return None
    return {"type": "Feature", "properties": {}, "geometry": json.loads(shape.geojson)}


def box_of(shapes: list[GEOSGeometry | None]) -> str:
    """The box around some shapes with room around it: "west,south,east,north"; '' where there is none."""
    boxes = [shape.extent for shape in shapes if shape is not None and not shape.empty]
    if not boxes:
        return ""
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    room = max((east - west) * ROOM, (north - south) * ROOM, LEAST)
    return ",".join(f"{edge:.6f}" for edge in (west - room, south - room, east + room, north + room))


def map_of(case: Case, land: Land) -> dict[str, Any]:
    """What the map of a file draws: the land's outline, the place of the file, what its register has measured."""
    declared = kind_of(case.kind).shapes
    shapes = {name: shape for name, shape in (declared(case) if declared else {}).items() if shape is not None}
    marked = declared is not None or land.shape is None  # a lease is its parcel: it needs no mark of its own
    if case.geom is not None and not shapes and marked:
        shapes["place"] = case.geom
    return {
        "land": feature_of(land.shape),
        "shapes": {name: feature_of(shape) for name, shape in shapes.items()},
        "bounds": box_of([land.shape]) or box_of(list(shapes.values())),
        "drawn": bool(shapes) or land.shape is not None,
    }
