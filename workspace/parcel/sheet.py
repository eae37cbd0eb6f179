"""The parcel's sheet to carry away: one file with its map, which opens anywhere, without a network.

folium draws the map; its scripts and styles are the vendored ones, written into the file. What folium would fetch from
other hosts is left out.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

import folium
import shapely
from branca.element import Element, Figure
from django.contrib.gis.geos import Point
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi

from authority import audit, clock
from authority.models import User
from authority.refusal import NotFound
from parcels.models import ParcelVersion
from parcels.selectors.neighbours import neighbours
from ui import digits
from ui.vendoring import FOLDER
from workspace.parcel.file import File

LEAFLET, FONT = FOLDER / "leaflet-1.9.4", FOLDER / "plex-sans-arabic-1.1.0" / "IBMPlexSansArabic-Regular.woff2"
MOST_CORNERS = 60
# folium sets a marker before it gives it our label: for that moment Leaflet would ask for the picture of its own pin
NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
NO_PIN = f'L.Icon.Default.prototype._getIconUrl = () => "{NOTHING}";'
OURS = {"color": "#0b5563", "weight": 3, "fillColor": "#2a8c9c", "fillOpacity": 0.35}
THEIRS = {"color": "#5b6b6b", "weight": 1, "fillColor": "#9aa5a5", "fillOpacity": 0.12}


class NotLocated(NotFound):
    """A paper parcel has no map."""

    code = "parcel_not_located"


@dataclass(frozen=True)
class Corner:
    """A corner of the boundary of record, in its own system and in degrees."""

    number: int
    east: Decimal
    north: Decimal


@transaction.atomic
def hand_out(file: File, *, by: User, at: dt.datetime) -> str:
    """Return the sheet as HTML, and record who took it away; raises NotLocated."""
    made = page(file, by)
    audit.record("workspace.sheet", by=by, at=at, obj=file.parcel)
    return made


def page(file: File, user: User) -> str:
    """Return the sheet as HTML; raises NotLocated."""
    version = file.version
    if version is None or version.geom is None:
        raise NotLocated
    drawn = map_of(version, list(neighbours(file.parcel, user)))
    figure = drawn.get_root()
    assert isinstance(figure, Figure)  # noqa: S101 - folium's own
    figure.header.add_child(verbatim(inline_files()), name="inline", index=0)
    figure.html.add_child(verbatim(words(file, version)), name="words", index=0)
    direction = "rtl" if get_language_bidi() else "ltr"
    return str(figure.render()).replace("<html>", f'<html lang="{get_language()}" dir="{direction}">', 1)


def map_of(version: ParcelVersion, near: Iterable[ParcelVersion]) -> folium.Map:
    """Return the map: the neighbours, above them the parcel, each with its number."""
    assert version.geom is not None  # noqa: S101 - asked before
    west, south, east, north = version.geom.extent
    made = folium.Map(location=[(south + north) / 2, (west + east) / 2], tiles=None, control_scale=True, height="60%")
    made.default_js, made.default_css = [], []
    for other in near:
        draw(made, other, THEIRS)
    draw(made, version, OURS)
    made.fit_bounds([[south, west], [north, east]], padding=(40, 40))
    return made


def draw(made: folium.Map, version: ParcelVersion, style: dict[str, Any]) -> None:
    """Draw a boundary and write its number on it."""
    if version.geom is None:
        return
    folium.GeoJson(version.geom.geojson, style_function=lambda _feature: style).add_to(made)
    middle: Point = version.geom.point_on_surface
    label = f'<bdi class="no">{escape(digits.shown(version.parcel_no_raw))}</bdi>'
    icon = folium.DivIcon(html=label, icon_size=(0, 0))
    folium.Marker([middle.y, middle.x], icon=icon).add_to(made)


def inline_files() -> str:
    """Return the vendored script, style and letters as they are written into the file."""
    letters = base64.b64encode(FONT.read_bytes()).decode()
    style = (LEAFLET / "leaflet.css").read_text("utf-8")
    own = render_to_string("workspace/parcel/offline.css")
    face = f"@font-face{{font-family:Plex;src:url(data:font/woff2;base64,{letters}) format('woff2')}}"
    script = (LEAFLET / "leaflet.js").read_text("utf-8")
    return f"<style>{without_pictures(style)}{face}{own}</style><script>{script}</script><script>{NO_PIN}</script>"


def without_pictures(style: str) -> str:
    """Leave out the rules that name other files: pictures of markers and layers, and drawing by an old browser."""
    return "\n".join(line for line in style.splitlines() if "url(" not in line)


def words(file: File, version: ParcelVersion) -> str:
    """Return what stands beside the map."""
    corners = list(corners_of(version))
    return render_to_string(
        "workspace/parcel/offline.html",
        {
            "file": file,
            "version": version,
            "corners": corners[:MOST_CORNERS],
            "left": max(0, len(corners) - MOST_CORNERS),
            "now": clock.now(),
        },
    )


def corners_of(version: ParcelVersion) -> Iterator[Corner]:
    """Yield the corners of the boundary of record in its own system."""
    if not version.source_geom:
        return
    shape = shapely.force_2d(shapely.from_wkb(bytes(version.source_geom)))
    places = 3 if version.source_crs != "EPSG:4326" else 8
    number = 0
    for ring in (polygon.exterior for polygon in shapely.get_parts(shape)):
        for x, y in ring.coords[:-1]:
            number += 1
            yield Corner(number, digits.as_decimal(x, places), digits.as_decimal(y, places))


def verbatim(text: str) -> Element:
    """Return a piece of the page that no template language reads."""
    return Element("{% raw %}" + text.replace("{% endraw %}", "") + "{% endraw %}")
