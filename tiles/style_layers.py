"""How one layer of data is drawn: fills with their patterns, edges, points, labels, counts by place."""

from __future__ import annotations

from typing import Any

from tiles.palette import Mode
from tiles.registry import Geometry, Layer, Pattern, Theme

Json = dict[str, Any]
FACE = ["IBM Plex Sans Arabic"]
OPACITY: dict[Mode, float] = {"light": 0.80, "dark": 0.78}
COUNTS_TO = 14


def colour(theme: Theme | None, tokens: dict[str, str], attribute: str = "") -> Any:
    """Return the colour expression of a theme; `attribute` where the value stands under another name."""
    other = tokens["q-na"]
    lines = theme.lines() if theme else ()
    if theme is None or not lines:
        return tokens["q3"]
    expression: list[Any] = ["match", ["to-string", ["get", attribute or theme.attribute]]]
    for line in lines:
        expression += [list(line.values), tokens[line.colour]]
    return [*expression, other]


def patterns(theme: Theme | None) -> list[tuple[Pattern, list[str]]]:
    """Return each pattern of the theme with the values that carry it."""
    found: dict[Pattern, list[str]] = {}
    for line in theme.lines() if theme else ():
        if line.pattern is not Pattern.NONE:
            found.setdefault(line.pattern, []).extend(line.values)
    return list(found.items())


def draw(layer: Layer, theme: Theme | None, tokens: dict[str, str], mode: Mode) -> list[Json]:
    """Return the layer's drawing, lowest first: counts by place, fills, patterns, edges, points."""
    drawn: list[Json] = []
    if layer.summarise:
        drawn += by_place(layer, theme, tokens, mode)
    if layer.geometry in (Geometry.POLYGON, Geometry.MIXED):
        drawn += areas(layer, theme, tokens, mode)
    if layer.geometry in (Geometry.LINE, Geometry.MIXED):
        drawn += lines(layer, theme, tokens)
    if layer.geometry in (Geometry.POINT, Geometry.MIXED):
        drawn += points(layer, theme, tokens)
    return drawn


def areas(layer: Layer, theme: Theme | None, tokens: dict[str, str], mode: Mode) -> list[Json]:
    """Return fill, patterns and edge of polygons."""
    common: Json = {"source": layer.name, "source-layer": layer.name}
    polygon = ["==", ["geometry-type"], "Polygon"]
    fill = {"fill-color": colour(theme, tokens), "fill-opacity": OPACITY[mode], "fill-antialias": False}
    drawn: list[Json] = [{"id": f"{layer.name}-fill", "type": "fill", **common, "filter": polygon, "paint": fill}]
    drawn += [pattern(common, layer.name, theme.attribute, *found) for found in patterns(theme) if theme]
    hovered = ["case", ["boolean", ["feature-state", "hover"], False], 2.4, 1.0]
    thin = ["case", ["boolean", ["feature-state", "hover"], False], 2.0, 0.4]
    edge = {
        "line-color": ["case", ["boolean", ["feature-state", "hover"], False], tokens["ink"], tokens["map-edge"]],
        "line-width": ["interpolate", ["linear"], ["zoom"], 12, thin, 16, hovered],
        "line-opacity": 0.9,
    }
    return [*drawn, {"id": f"{layer.name}-edge", "type": "line", **common, "filter": polygon, "paint": edge}]


def pattern(common: Json, prefix: str, attribute: str, kind: Pattern, values: list[str]) -> Json:
    """Return the layer that draws one pattern over the fills that need it."""
    return {
        "id": f"{prefix}-{kind}",
        "type": "fill",
        **common,
        "filter": ["in", ["to-string", ["get", attribute]], ["literal", values]],
        "paint": {"fill-pattern": f"p-{kind}", "fill-opacity": 0.75},
    }


def lines(layer: Layer, theme: Theme | None, tokens: dict[str, str]) -> list[Json]:
    """Return the drawing of line features."""
    return [
        {
            "id": f"{layer.name}-line",
            "type": "line",
            "source": layer.name,
            "source-layer": layer.name,
            "filter": ["==", ["geometry-type"], "LineString"],
            "paint": {"line-color": colour(theme, tokens), "line-width": 2},
        }
    ]


def points(layer: Layer, theme: Theme | None, tokens: dict[str, str]) -> list[Json]:
    """Return the drawing of point features: a disc in a casing that stands on any ground."""
    hover = ["boolean", ["feature-state", "hover"], False]
    paint = {
        "circle-color": colour(theme, tokens),
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 3, 13, ["case", hover, 7.5, 5.5], 17, 8],
        "circle-stroke-color": tokens["pick-out"],
        "circle-stroke-width": ["case", hover, 2.4, 1.4],
    }
    return [
        {
            "id": f"{layer.name}-point",
            "type": "circle",
            "source": layer.name,
            "source-layer": layer.name,
            "filter": ["==", ["geometry-type"], "Point"],
            "paint": paint,
        }
    ]


def by_place(layer: Layer, theme: Theme | None, tokens: dict[str, str], mode: Mode) -> list[Json]:
    """Return outlines of places coloured by what most of their features are, where the theme is the counted one."""
    common: Json = {"source": layer.name, "source-layer": f"{layer.name}_places"}
    main = theme is not None and theme is layer.themes[0]
    fill = {
        "fill-color": colour(theme, tokens, "main") if main else tokens["q2"],
        "fill-opacity": OPACITY[mode] * 0.6,
        "fill-antialias": False,
    }
    edge = {"line-color": tokens["map-farm"], "line-width": 0.8, "line-opacity": 0.6}
    drawn: list[Json] = [{"id": f"{layer.name}-places-fill", "type": "fill", **common, "paint": fill}]
    if main:
        drawn += [pattern(common, f"{layer.name}-places", "main", *found) for found in patterns(theme)]
    return [*drawn, {"id": f"{layer.name}-places-edge", "type": "line", **common, "paint": edge}]


def labels(layer: Layer, tokens: dict[str, str], name: str) -> list[Json]:
    """Return what is written on the layer's features and counts."""
    written: list[Json] = []
    if layer.label:
        written.append(label(layer, tokens))
    if layer.summarise:
        written.append(counts(layer, tokens, name))
    return written


def label(layer: Layer, tokens: dict[str, str]) -> Json:
    """Return the writing on single features: inside an outline, below a point so that its disc stays whole."""
    layout = text(["to-string", ["get", layer.label]], 12)
    if layer.geometry is not Geometry.POLYGON:
        a_point = ["==", ["get", "size"], 0]  # what is labelled; the label itself always stands on a point
        layout["text-anchor"] = ["case", a_point, "top", "center"]
        layout["text-offset"] = ["case", a_point, ["literal", [0, 0.75]], ["literal", [0, 0]]]
    written: Json = {
        "id": f"{layer.name}-label",
        "type": "symbol",
        "source": layer.name,
        "source-layer": layer.labels,
        "minzoom": layer.label_zoom,
        "layout": layout,
        "paint": ink(tokens),
    }
    if layer.unlabelled:
        written["filter"] = ["!", ["in", ["get", layer.label], ["literal", list(layer.unlabelled)]]]
    return written


def counts(layer: Layer, tokens: dict[str, str], name: str) -> Json:
    """Return the labels of counts: the place's name and below it how many."""
    title = ["format", ["coalesce", ["get", name], ["get", "name_ar"]], {}, "\n", {}, grouped(), {"font-scale": 0.92}]
    return {
        "id": f"{layer.name}-counts",
        "type": "symbol",
        "source": layer.name,
        "source-layer": f"{layer.name}_counts",
        "layout": {**text(title, 13), "symbol-sort-key": ["-", ["get", "count"]]},
        "paint": ink(tokens),
    }


def grouped() -> list[Any]:
    """Return the count with its thousands apart: 8,687."""
    return ["number-format", ["get", "count"], {"locale": "en"}]


def text(field: Any, size: float) -> Json:
    """Return the layout of a label in the bundled face."""
    return {"text-field": field, "text-font": FACE, "text-size": size, "text-max-width": 9, "text-padding": 4}


def ink(tokens: dict[str, str]) -> Json:
    """Return the paint of a label: readable on any fill by its halo."""
    return {"text-color": tokens["map-label"], "text-halo-color": tokens["map-halo"], "text-halo-width": 1.8}
