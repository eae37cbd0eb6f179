"""How the map looks: true colours, patterns where the design asks for them, nothing from another host."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlparse

import pytest

from tests.tiles.builders import field_layer
from tiles import palette, registry, style, tilejson
from tiles.registry import Category, Geometry, Layer, Pattern, Theme


def built(layer: Layer | None = None, **looks: Any) -> dict[str, Any]:
    found = [registry.find("places"), registry.find("placenames"), layer or field_layer()]
    return style.build([each for each in found if each], style.Looks(**looks))


def by_id(made: dict[str, Any], name: str) -> dict[str, Any]:
    return next(layer for layer in made["layers"] if layer["id"] == name)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_layer_has_its_source_and_every_colour_its_value(mode: Any) -> None:
    made = built(mode=mode)
    assert {layer["source"] for layer in made["layers"] if "source" in layer} <= set(made["sources"])
    assert "undefined" not in json.dumps(made)
    names = [layer["id"] for layer in made["layers"]]
    assert len(names) == len(set(names))


def test_the_two_surfaces_differ() -> None:
    light, dark = palette.colours("light"), palette.colours("dark")
    assert light["st-leased"] == "#A3CBEA"
    assert dark["st-leased"] == "#3D5F92"


@pytest.mark.parametrize(("given", "wanted"), [("#FFFFFF", "#FFFFFF"), ("#FFFFFFD9", "rgba(255,255,255,0.85)")])
def test_colours_are_written_for_maplibre(given: str, wanted: str) -> None:
    assert palette.rgba(given) == wanted


def test_a_status_that_needs_somebody_carries_its_pattern() -> None:
    made = built()
    hatch = by_id(made, "fields-hatch")
    assert hatch["paint"]["fill-pattern"] == "p-hatch"
    assert hatch["filter"] == ["in", ["to-string", ["get", "status"]], ["literal", ["ENCROACHED"]]]
    (legend,) = made["metadata"]["amlak:layers"]
    assert [line["pattern"] for line in legend["themes"][0]["lines"]] == ["", "hatch"]


def test_labels_are_drawn_with_the_bundled_face_and_no_glyph_server() -> None:
    made = built()
    assert "glyphs" not in made
    fonts = [layer["layout"]["text-font"] for layer in made["layers"] if layer["type"] == "symbol"]
    assert fonts
    assert all(font == ["IBM Plex Sans Arabic"] for font in fonts)


def test_nothing_comes_from_another_host() -> None:
    made = built(root="http://testserver/")
    hosts = {urlparse(tile).netloc for source in made["sources"].values() for tile in source["tiles"]}
    assert hosts == {"testserver"}


def test_a_background_appears_only_where_it_is_set(settings: Any) -> None:
    assert "base" not in built()["sources"]
    settings.BASEMAP_XYZ = "https://tiles.example.org/{z}/{x}/{y}.png"
    made = built()
    assert made["sources"]["base"]["tiles"] == [settings.BASEMAP_XYZ]
    assert by_id(made, "base")["layout"] == {"visibility": "none"}


def test_an_unknown_theme_falls_to_the_first_and_tables_may_give_lines() -> None:
    lines = tuple(Category((str(n),), str(n), "st-free") for n in range(12))
    layer = field_layer(themes=(*field_layer().themes, Theme("number", "Number", "number", lambda: lines)))
    assert layer.theme("nonsense") is layer.themes[0]
    number = layer.theme("number")
    assert number is not None
    assert len(number.lines()) == 8
    coloured = by_id(built(layer, theme="number"), "fields-fill")["paint"]["fill-color"]
    assert coloured[:2] == ["match", ["to-string", ["get", "number"]]]
    # the counts by place are split by status, so another theme does not colour them
    assert isinstance(by_id(built(layer, theme="number"), "fields-places-fill")["paint"]["fill-color"], str)


def test_patterns_gather_the_values_that_share_them() -> None:
    from tiles.style_layers import patterns

    theme = Theme("t", "T", "status", (Category(("A", "B"), "", "st-free", Pattern.DOTS),))
    assert patterns(theme) == [(Pattern.DOTS, ["A", "B"])]


def test_a_layer_without_counts_begins_at_its_zoom() -> None:
    from authority.policies import Scope

    layer = field_layer(summarise=None)
    described = tilejson.describe(layer, Scope(None), "/")
    assert described["minzoom"] == 13
    assert [each["id"] for each in described["vector_layers"]] == ["fields", "fields_labels"]


def test_only_the_first_layer_shows_its_counts_by_place() -> None:
    first = field_layer(summarise=lambda _: None, order=1)
    second = field_layer(name="sheds", summarise=lambda _: None, order=2)
    made = style.build([first, second], style.Looks())
    hidden = {layer["id"] for layer in made["layers"] if layer.get("layout", {}).get("visibility") == "none"}
    assert {"sheds-places-fill", "sheds-counts"} <= hidden
    assert not {"fields-places-fill", "fields-counts"} & hidden
    ids = [layer["id"] for layer in made["layers"]]
    assert ids.index("fields-counts") > ids.index("sheds-counts")  # the later drawn wins where two labels meet


def test_a_label_stands_below_a_point_and_says_nothing_where_there_is_no_number() -> None:
    made = built(field_layer(geometry=Geometry.MIXED, label="number", unlabelled=("بدون",)))
    label = by_id(made, "fields-label")
    assert label["layout"]["text-anchor"] == ["case", ["==", ["get", "size"], 0], "top", "center"]
    assert label["source-layer"] == "fields_labels"
    assert label["filter"] == ["!", ["in", ["get", "number"], ["literal", ["بدون"]]]]
