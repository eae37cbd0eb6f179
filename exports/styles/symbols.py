"""Symbols of QGIS as XML: a fill with its edge and its pattern, a line, a point, in the map's colours."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from tiles.palette import colours
from tiles.registry import Pattern

EDGE = "59,70,66,255"
TYPES = {"polygon": "fill", "line": "line", "point": "marker"}
TRANSPARENT = "0,0,0,0"


def rgba(token: str, alpha: int = 255) -> str:
    """Return a design token as QGIS writes colours: 163,203,234,255."""
    value = colours("light")[token].lstrip("#")
    red, green, blue = (int(value[i : i + 2], 16) for i in (0, 2, 4))
    return f"{red},{green},{blue},{alpha}"


def symbol(kind: str, name: str, colour: str, pattern: Pattern = Pattern.NONE) -> Element:
    """Return the symbol of a category: `colour` is a token."""
    found = _symbol(TYPES[kind], name)
    if kind == "polygon":
        fill = {"color": rgba(colour, 204), "outline_color": EDGE, "outline_width": "0.2", "style": "solid"}
        _layer(found, "SimpleFill", {**fill, "outline_style": "solid", "outline_width_unit": "MM"})
        for angle in {Pattern.HATCH: ("45",), Pattern.CROSS: ("45", "135")}.get(pattern, ()):
            _hatch(found, name, angle)
        if pattern is Pattern.DOTS:
            _dots(found, name)
    elif kind == "line":
        _layer(found, "SimpleLine", {"line_color": rgba(colour), "line_width": "0.6", "line_width_unit": "MM"})
    else:
        disc = {"name": "circle", "color": rgba(colour), "outline_color": "255,255,255,255", "size": "2.6"}
        _layer(found, "SimpleMarker", {**disc, "outline_width": "0.4", "size_unit": "MM"})
    return found


def outline(name: str) -> Element:
    """Return the symbol of places: a dashed edge and no fill, so that the ground shows through."""
    found = _symbol("fill", name)
    line = {"outline_color": rgba("map-farm") if "map-farm" in colours("light") else EDGE, "outline_style": "dash"}
    _layer(found, "SimpleFill", {"color": TRANSPARENT, "style": "no", "outline_width": "0.5", **line})
    return found


def _symbol(kind: str, name: str) -> Element:
    return Element("symbol", {"type": kind, "name": name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"})


def _layer(parent: Element, kind: str, properties: Mapping[str, str]) -> Element:
    """Add a symbol layer; properties are written both ways, for QGIS before and after 3.20."""
    found = SubElement(parent, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    options = SubElement(found, "Option", {"type": "Map"})
    for key, value in properties.items():
        SubElement(options, "Option", {"type": "QString", "name": key, "value": value})
        SubElement(found, "prop", {"k": key, "v": value})
    return found


def _hatch(parent: Element, name: str, angle: str) -> None:
    place = len(parent)
    found = _layer(parent, "LinePatternFill", {"angle": angle, "distance": "1.8", "distance_unit": "MM"})
    line = _symbol("line", f"@{name}@{place}")
    _layer(line, "SimpleLine", {"line_color": "255,255,255,190", "line_width": "0.35", "line_width_unit": "MM"})
    found.append(line)


def _dots(parent: Element, name: str) -> None:
    place = len(parent)
    spread = {"distance_x": "2", "distance_y": "2", "displacement_x": "1", "displacement_y": "0"}
    found = _layer(parent, "PointPatternFill", spread)
    dot = _symbol("marker", f"@{name}@{place}")
    white = {"color": "255,255,255,220", "outline_style": "no", "size": "0.7", "size_unit": "MM"}
    _layer(dot, "SimpleMarker", {"name": "circle", **white})
    found.append(dot)
