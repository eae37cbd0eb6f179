"""The MapLibre style of what a viewer may see: colours from the design tokens, patterns where the language asks.

Glyphs are left out on purpose: the viewer draws labels with the bundled face, no glyph server is asked
(design language §7). Legends read `metadata["amlak:layers"]`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from authority.models import in_language
from tiles import pmtiles, style_layers
from tiles.models import OrthoImage
from tiles.palette import Mode, colours, rgba
from tiles.registry import Geometry, Layer, Theme

Json = dict[str, Any]
PLACES = "places"
NAMES = "placenames"
# Land and sea of the bundled map; the tokens have no sea.
SEA: dict[Mode, str] = {"light": "#DCE8EB", "dark": "#0F1B1F"}


@dataclass(frozen=True, slots=True)
class Looks:
    """How the map is to look: surface, theme, and the address tiles are asked from."""

    mode: Mode = "light"
    theme: str = ""
    root: str = "/"

    @property
    def tokens(self) -> dict[str, str]:
        """Token name → colour on this surface."""
        return {name: rgba(value) for name, value in colours(self.mode).items()}

    @property
    def name(self) -> str:
        """The attribute that holds a place's name in the reader's language."""
        return "name_en" if (get_language() or "ar").startswith("en") else "name_ar"


def build(layers: list[Layer], looks: Looks, pictures: Iterable[OrthoImage] = ()) -> Json:
    """Return the whole style, lowest layer first."""
    data, pictures = [layer for layer in layers if layer.name not in (PLACES, NAMES)], list(pictures)
    drawn = [*base(looks), *land(looks), *(photo_layer(picture) for picture in pictures)]
    for layer in data:
        drawn += style_layers.draw(layer, themed(layer, looks), looks.tokens, looks.mode)
    drawn += [*borders(looks), *names(looks)]
    for layer in reversed(data):  # above the bare names: a place's name with its count wins, the first layer before all
        drawn += style_layers.labels(layer, looks.tokens, looks.name)
    counted_once(drawn, data)
    return {
        "version": 8,
        "name": "Amlak",
        "sources": sources(layers, looks) | {f"ortho-{p.name}": photo_source(p, looks) for p in pictures},
        "layers": drawn,
        "metadata": {
            "amlak:layers": [legend(layer, looks) for layer in data],
            "amlak:pictures": [{"name": p.name, "title": in_language(p.title_ar, p.title_en)} for p in pictures],
            "amlak:base": background(looks) is not None,
            "amlak:mode": looks.mode,
        },
    }


def counted_once(drawn: list[Json], data: list[Layer]) -> None:
    """Show the counts by place of one layer only, the first: two figures on one place would be read as one."""
    others = [layer.name for layer in data if layer.summarise][1:]
    for layer in drawn:
        if layer.get("source-layer", "").endswith(("_places", "_counts")) and layer["source"] in others:
            layer["layout"] = layer.get("layout", {}) | {"visibility": "none"}


def photo_source(picture: OrthoImage, looks: Looks) -> Json:
    """Return the raster source of an orthophoto, bounded to where it lies."""
    return {
        "type": "raster",
        "tiles": [f"{looks.root}tiles/ortho/{picture.name}/{{z}}/{{x}}/{{y}}.png"],
        "tileSize": 256,
        "bounds": list(picture.footprint.extent),
        "minzoom": 8,
        "maxzoom": 20,
    }


def photo_layer(picture: OrthoImage) -> Json:
    """Return an orthophoto's layer, hidden until chosen."""
    name = f"ortho-{picture.name}"
    return {"id": name, "type": "raster", "source": name, "layout": {"visibility": "none"}}


def themed(layer: Layer, looks: Looks) -> Theme | None:
    """Return the theme the layer is coloured by."""
    return layer.theme(looks.theme)


def sources(layers: Iterable[Layer], looks: Looks) -> Json:
    """Return a vector source for each layer and, where set, the raster background."""
    found: Json = {layer.name: source(layer, looks) for layer in layers}
    if (ground := background(looks)) is not None:
        found["base"] = ground
    return found


def background(looks: Looks) -> Json | None:
    """Return the raster background that is set: a PMTiles file on this host, else XYZ tiles; None for none."""
    if settings.BASEMAP_PMTILES:
        archive = pmtiles.open_archive(Path(settings.BASEMAP_PMTILES))
        return {
            "type": "raster",
            "tiles": [f"{looks.root}tiles/base/{{z}}/{{x}}/{{y}}"],
            "tileSize": 256,
            "bounds": list(archive.bounds),
            "minzoom": archive.min_zoom,
            "maxzoom": archive.max_zoom,
        }
    if settings.BASEMAP_XYZ:
        return {"type": "raster", "tiles": [settings.BASEMAP_XYZ], "tileSize": 256, "maxzoom": 19}
    return None


def source(layer: Layer, looks: Looks) -> Json:
    """Return the vector source of a layer; features are known by their own id."""
    ids = {layer.name: layer.id_attribute}
    if layer.summarise:
        ids |= {f"{layer.name}_places": "id", f"{layer.name}_counts": "id"}
    return {
        "type": "vector",
        "tiles": [f"{looks.root}tiles/{layer.name}/{{z}}/{{x}}/{{y}}.mvt"],
        "minzoom": 0 if layer.summarise else layer.min_zoom,
        "maxzoom": min(layer.max_zoom, 16),
        "promoteId": ids,
    }


def base(looks: Looks) -> list[Json]:
    """Return the ground: the sea's colour and, hidden until chosen, the raster background."""
    ground: list[Json] = [{"id": "sea", "type": "background", "paint": {"background-color": SEA[looks.mode]}}]
    if settings.BASEMAP_PMTILES or settings.BASEMAP_XYZ:
        hidden = {"visibility": "none"}
        ground.append({"id": "base", "type": "raster", "source": "base", "layout": hidden})
    return ground


def place_filter(kinds: list[str]) -> list[Any]:
    """Return the condition that a place is of one of the kinds."""
    return ["in", ["get", "kind"], ["literal", kinds]]


def land(looks: Looks) -> list[Json]:
    """Return the land: governorates filled with the map's ground."""
    fill = {"fill-color": looks.tokens["map-bg"], "fill-antialias": False}
    common = {"source": PLACES, "source-layer": PLACES}
    return [{"id": "land", "type": "fill", **common, "filter": place_filter(["GOVERNORATE"]), "paint": fill}]


BORDERS: tuple[tuple[str, tuple[str, ...], list[float] | None, float, int], ...] = (
    # id, kinds, dashes, width in pixels, from zoom
    ("hod", ("HOD",), None, 0.9, 11),
    ("village", ("NAHIA", "SHIYAKHA", "DISTRICT"), [3, 1.5], 1.1, 9),
    ("markaz", ("MARKAZ", "QISM", "CITY"), [5, 2], 1.3, 7),
    ("governorate", ("GOVERNORATE",), None, 1.8, 0),
)


def borders(looks: Looks) -> list[Json]:
    """Return the outlines of places, the wider above the narrower."""
    return [
        {
            "id": f"border-{name}",
            "type": "line",
            "source": PLACES,
            "source-layer": PLACES,
            "minzoom": zoom,
            "filter": place_filter(list(kinds)),
            "layout": {"line-join": "round"},
            "paint": {
                "line-color": looks.tokens["map-farm"],
                "line-width": width,
                "line-opacity": 0.75,
                **({"line-dasharray": dashes} if dashes else {}),
            },
        }
        for name, kinds, dashes, width, zoom in BORDERS
    ]


NAMED: tuple[tuple[str, tuple[str, ...], float, int, int], ...] = (
    # id, kinds, text size, from zoom, to zoom
    ("hod", ("HOD",), 13, 12, 22),
    ("village", ("NAHIA", "SHIYAKHA", "DISTRICT"), 13, 10, 15),
    ("markaz", ("MARKAZ", "QISM", "CITY"), 14, 8, 12),
    ("governorate", ("GOVERNORATE",), 15, 4, 9),
)


def names(looks: Looks) -> list[Json]:
    """Return the names of places, each kind at its zooms."""
    return [
        {
            "id": f"name-{name}",
            "type": "symbol",
            "source": NAMES,
            "source-layer": NAMES,
            "minzoom": low,
            "maxzoom": high,
            "filter": place_filter(list(kinds)),
            "layout": style_layers.text(["coalesce", ["get", looks.name], ["get", "name_ar"]], size),
            "paint": style_layers.ink(looks.tokens),
        }
        for name, kinds, size, low, high in NAMED
    ]


def legend(layer: Layer, looks: Looks) -> Json:
    """Return what the layer list and the legend show of a layer."""
    return {
        "name": layer.name,
        "title": str(layer.title),
        "geometry": str(layer.geometry),
        "id": layer.id_attribute,
        "counted": layer.summarise is not None,
        "minzoom": layer.min_zoom,
        "filters": sorted(layer.filters),
        "area": layer.geometry is Geometry.POLYGON,
        "themes": [legend_of(theme, looks) for theme in layer.themes],
    }


def legend_of(theme: Theme, looks: Looks) -> Json:
    """Return a theme's lines with their true colours and patterns."""
    lines = [
        {
            "values": list(line.values),
            "title": str(line.title),
            "token": line.colour,
            "colour": looks.tokens[line.colour],
            "pattern": str(line.pattern),
        }
        for line in theme.lines()
    ]
    return {"name": theme.name, "title": str(theme.title), "attribute": theme.attribute, "lines": lines}
