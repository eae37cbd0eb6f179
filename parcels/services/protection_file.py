"""The zones of a protection layer out of a file: a zipped shapefile, opened in the sandbox, or GeoJSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from authority.refusal import Invalid, TooLarge
from authority.rest.parsing import parse_json
from importers import reading
from importers.findings import Layer
from parcels.models import ProtectionZone
from parcels.services.protection import Zone
from parcels.shapes import geojson_wkb

MOST_BYTES = 20 * 1024 * 1024
MOST_ZONES = 20_000
NAMES = ("name", "name_ar", "الاسم", "اسم")


def zones_of_file(path: Path, filename: str, *, crs: str = "", feature: str = "AREA") -> tuple[list[Zone], str]:
    """Return the zones and their system. `feature` is what the shapes are where a column `feature` is missing.

    Raise TooLarge, Invalid `layer_unreadable`, `crs_uncertain`, and what the sandbox refuses.
    """
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge("file_too_large", _("A protection layer has at most 20 MB."))
    with path.open("rb") as file:
        begun = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if begun.startswith(b"{"):
        return _of_geojson(path.read_bytes(), feature), crs or "EPSG:4326"
    return _of_shapefile(path, filename, crs, feature), "EPSG:4326"


def _of_geojson(data: bytes, feature: str) -> list[Zone]:
    try:
        features = parse_json(data)["features"]
        if not isinstance(features, list) or not 0 < len(features) <= MOST_ZONES:
            raise ValueError(f"1–{MOST_ZONES}")
        return [_zone(geojson_wkb(one["geometry"]), one.get("properties") or {}, feature) for one in features]
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise Invalid("layer_unreadable", _("The layer cannot be read: %(fault)s."), fault=str(fault)[:120]) from None


def _zone(wkb: bytes, said: dict[str, Any], feature: str) -> Zone:
    name = next((said[key] for key in NAMES if said.get(key)), "")
    kind = str(said.get("feature") or feature)
    if kind not in ProtectionZone.Feature.values:
        raise ValueError(kind[:40])
    return Zone(wkb, str(name)[:160], kind)


def _of_shapefile(path: Path, filename: str, crs: str, feature: str) -> list[Zone]:
    """Read through the sandbox; the zones come derived, in EPSG:4326."""
    layer = _layer(reading.inspect(path, filename, declared_crs=crs).layers)
    if not crs and not layer.crs.certain:
        raise Invalid("crs_uncertain", _("The file does not say its coordinate system: choose it."))
    encoding = layer.encoding.chosen or "utf-8"
    staged = reading.stage(path, filename, layer=layer.name, encoding=encoding, crs=crs or layer.crs.code)
    try:
        if staged.faults:
            rows = ", ".join(f"{code}: {count}" for code, count in sorted(staged.faults.items()))
            raise Invalid("layer_unreadable", _("The layer cannot be read: %(fault)s."), fault=rows)
        with staged.rows_file.open(encoding="utf-8") as lines:
            return [_of_line(line, feature) for line in lines]
    except ValueError as fault:
        raise Invalid("layer_unreadable", _("The layer cannot be read: %(fault)s."), fault=str(fault)[:120]) from None
    finally:
        staged.remove()


def _layer(layers: list[Layer]) -> Layer:
    if len(layers) != 1 or not 0 < layers[0].feature_count <= MOST_ZONES:
        fault = _("one layer of 1 to 20,000 shapes is expected")
        raise Invalid("layer_unreadable", _("The layer cannot be read: %(fault)s."), fault=fault)
    return layers[0]


def _of_line(line: str, feature: str) -> Zone:
    cells = line.rstrip("\n").split("\t")
    if cells[2] == r"\N":
        raise ValueError(f"row {cells[0]}")
    said = json.loads(cells[3].replace("\\\\", "\\"))
    return _zone(bytes.fromhex(cells[2]), said, feature)
