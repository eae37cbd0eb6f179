"""`manage.py load_protection_layer nile FILE.geojson --name … --source … --dated 2026-03-01 --by gis_officer`."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from authority import clock
from authority.commands import RefusingCommand
from authority.models import Place, User
from parcels.api.asked import as_wkb
from parcels.models import ProtectionZone
from parcels.services.protection import Zone, load_layer

MAX_BYTES = 500 * 1024 * 1024


class Command(RefusingCommand):
    """Loads what the law protects, for parcels to be screened against."""

    help = "Load a protection layer from GeoJSON, in place of the one with this code."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Name the layer, its file and where it comes from."""
        parser.add_argument("code", help="nile, canals, roads, railways, antiquities, power, or another")
        parser.add_argument("file", type=Path, help="GeoJSON FeatureCollection of areas or lines")
        parser.add_argument("--name", required=True, help="Arabic name")
        parser.add_argument("--name-en", default="")
        parser.add_argument("--source", required=True, help="who issued it")
        parser.add_argument("--dated", required=True, type=dt.date.fromisoformat, help="date of its state")
        parser.add_argument("--crs", default="EPSG:4326")
        parser.add_argument(
            "--covers", default="", help="code of the governorate it covers; the whole country if missing"
        )
        parser.add_argument(
            "--feature", default="", help="what the shapes are, where their property `feature` is missing"
        )
        parser.add_argument("--by", required=True, help="username of the officer")

    def handle(self, *args: Any, **given: Any) -> None:
        """Load it; a refusal is said in one line."""
        user = User.objects.filter(username=given["by"]).first()
        if user is None:
            raise CommandError(f"no such user: {given['by']}")
        layer = load_layer(
            by=user,
            at=clock.now(),
            code=given["code"],
            name_ar=given["name"],
            name_en=given["name_en"],
            source=given["source"],
            dated_on=given["dated"],
            zones=zones(given["file"], given["feature"]),
            covers=covered(given["covers"]),
            crs=given["crs"],
        )
        self.stdout.write(f"{layer.code}: {layer.zones.count()} zones")


def covered(code: str) -> Place | None:
    """Return the governorate of that code; None for the whole country."""
    place = Place.objects.filter(code=code, kind=Place.Kind.GOVERNORATE).first()
    if code and place is None:
        raise CommandError(f"no such governorate: {code}")
    return place


def zone(one: Any, feature: str) -> Zone:
    """Read one feature: an area, or a line to measure from."""
    said = one["properties"] or {}
    kind = ProtectionZone.Feature(said.get("feature") or feature or "AREA")
    return Zone(as_wkb(one["geometry"]), str(said.get("name") or ""), kind)


def zones(path: Path, feature: str = "") -> list[Zone]:
    """Read the areas and lines of a GeoJSON file."""
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        raise CommandError(f"not a file of at most 500 MB: {path}")
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return [zone(one, feature) for one in features]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"not a GeoJSON FeatureCollection of areas: {error}") from None
