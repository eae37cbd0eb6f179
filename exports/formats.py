"""What can be asked for: the formats with their limits, and the coordinate systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from importers.crs import BELTS

MAX_BYTES: Final = 4 * 1024**3  # of a file in the store
WAITING_AT_ONCE: Final = 5  # requests of one person


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name in the API, its title, its ending, and how much one file may hold."""

    name: str
    title: Promise
    use: Promise  # what it is good for, one line
    ending: str
    most_rows: int
    systems: frozenset[int] | None = None  # None: all of SYSTEMS
    many_layers: bool = True
    icon: str = "file-type-doc"


WGS84: Final = 4326
SYSTEMS: Final[dict[int, Promise]] = {
    4326: _("WGS 84, longitude and latitude"),
    22992: _("Red Belt, Egypt 1907"),
    22991: _("Blue Belt, Egypt 1907"),
    22993: _("Purple Belt, Egypt 1907"),
    22994: _("Extended Purple Belt, Egypt 1907"),
    32636: _("UTM zone 36 north (WGS 84)"),
    32635: _("UTM zone 35 north (WGS 84)"),
}
BELT_SYSTEMS: Final = frozenset(BELTS)

FORMATS: Final[dict[str, Format]] = {
    one.name: one
    for one in (
        Format(
            "qgz",
            _("QGIS project"),
            _("Opens styled and named in Arabic: a project and its GeoPackage in one archive."),
            "zip",
            500_000,
        ),
        Format(
            "gpkg", _("GeoPackage"), _("One file for any GIS: all layers, full names, styles inside."), "gpkg", 500_000
        ),
        Format(
            "shp",
            _("Shapefile"),
            _("For older programs: short field names, texts cut at 254 bytes, a sheet says which is which."),
            "zip",
            500_000,
        ),
        Format(
            "geojson",
            _("GeoJSON"),
            _("For web maps and programs: one layer, WGS 84 only."),
            "geojson",
            500_000,
            frozenset({WGS84}),
            many_layers=False,
        ),
        Format(
            "xlsx", _("Excel workbook"), _("A table for reports, with a summary by place and status."), "xlsx", 100_000
        ),
        Format("csv", _("CSV tables"), _("Plain tables for calculation, with the same summary."), "zip", 500_000),
    )
}
ENCODINGS: Final = ("utf-8", "cp1256")  # of a shapefile's table
