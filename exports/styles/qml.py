"""The look of a table in QGIS: renderer by theme, labels, Arabic titles of columns, lists of values."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.translation import gettext as _

from exports.styles.symbols import outline, symbol
from exports.writing.parts import Part
from tiles.registry import Category, Theme

GEOMETRY_TYPE = {"point": "0", "line": "1", "polygon": "2"}
FACES = "IBM Plex Sans Arabic"
LABELS_FROM = "12000"  # scale denominator
OTHER = "q-na"
RENDERING = {
    "drawLabels": "1",
    "displayAll": "0",
    "obstacle": "1",
    "obstacleFactor": "1",
    "obstacleType": "1",
    "minFeatureSize": "0",
    "maxNumLabels": "2000",
    "limitNumLabels": "0",
    "fontLimitPixelSize": "0",
    "fontMinPixelSize": "3",
    "fontMaxPixelSize": "10000",
    "labelPerPart": "0",
    "mergeLines": "0",
    "upsidedownLabels": "0",
    "zIndex": "0",
}


def qml(part: Part, theme: Theme | None, language: str) -> str:
    """Return the whole style as text."""
    root = Element("qgis", {"version": "3.22.0", "styleCategories": "AllStyleCategories"})
    for element in looks(part, theme, language):
        root.append(element)
    SubElement(root, "layerGeometryType").text = GEOMETRY_TYPE[part.kind]
    body = tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{body}"


def looks(part: Part, theme: Theme | None, language: str) -> Iterator[Element]:
    """Yield what styles and projects have in common."""
    yield renderer(part, theme)
    if label := labelling(part):
        yield label
    yield from fields(part, language)


def renderer(part: Part, theme: Theme | None) -> Element:
    """Return the categories of the theme, with a last one for whatever is in none."""
    lines = theme.lines() if theme else ()
    if theme is None or not lines or theme.attribute not in {column.name for column in part.columns}:
        return _single(part)
    found = Element("renderer-v2", {"type": "categorizedSymbol", "attr": theme.attribute, **PLAIN})
    categories, symbols = SubElement(found, "categories"), SubElement(found, "symbols")
    for number, line in enumerate(lines):
        _category(categories, str(number), line)
        symbols.append(symbol(part.kind, str(number), line.colour, line.pattern))
    last = str(len(lines))
    SubElement(
        categories, "category", {"value": "", "type": "string", "symbol": last, "label": _("other"), "render": "true"}
    )
    symbols.append(symbol(part.kind, last, OTHER))
    return found


PLAIN = {"enableorderby": "0", "forceraster": "0", "symbollevels": "0"}


def _single(part: Part) -> Element:
    found = Element("renderer-v2", {"type": "singleSymbol", **PLAIN})
    symbols = SubElement(found, "symbols")
    symbols.append(outline("0") if part.kind == "polygon" else symbol(part.kind, "0", "q5"))
    return found


def _category(parent: Element, name: str, line: Category) -> None:
    common = {"symbol": name, "label": str(line.title), "render": "true"}
    if len(line.values) == 1:
        SubElement(parent, "category", {"value": str(line.values[0]), "type": "string", **common})
        return
    several = SubElement(parent, "category", common)  # without a value of its own it stands for a list
    for value in line.values:
        SubElement(several, "val", {"type": "QString", "value": str(value)})


def labelling(part: Part) -> Element | None:
    """Return the labels of a layer that names one: dark letters in a light halo, close up."""
    label = part.layer.label or next((c.name for c in part.columns if c.name == "name_ar"), "")
    if label not in {column.name for column in part.columns}:
        return None
    found = Element("labeling", {"type": "simple"})
    settings = SubElement(found, "settings", {"calloutType": "simple"})
    style = SubElement(
        settings,
        "text-style",
        {
            "fieldName": label,
            "isExpression": "0",
            "fontFamily": FACES,
            "fontSize": "8",
            "fontSizeUnit": "Point",
            "fontWeight": "50",
            "textColor": "21,33,31,255",
            "textOpacity": "1",
            "multilineHeight": "1",
        },
    )
    halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM", "bufferColor": "255,255,255,230"}
    SubElement(style, "text-buffer", {**halo, "bufferOpacity": "1"})
    SubElement(settings, "text-format", {"multilineAlign": "3", "wrapChar": "", "autoWrapLength": "0"})
    inside = {"placement": "4" if part.kind == "polygon" else "0", "polygonPlacementFlags": "2", "priority": "5"}
    SubElement(settings, "placement", {**inside, "dist": "1", "distUnits": "MM", "placementFlags": "10"})
    near = {"scaleVisibility": "1", "scaleMin": "0", "scaleMax": LABELS_FROM} if part.layer.label else {}
    SubElement(settings, "rendering", {**RENDERING, **near})
    return found


def fields(part: Part, language: str) -> Iterator[Element]:
    """Yield titles of columns, and lists of values with their words, so that tables read in Arabic."""
    configuration, aliases = Element("fieldConfiguration"), Element("aliases")
    for number, column in enumerate(part.columns):
        title = column.title(language)
        SubElement(aliases, "alias", {"index": str(number + 1), "field": column.name, "name": title})
        field = SubElement(configuration, "field", {"name": column.name, "configurationFlags": "None"})
        if column.attribute.choices:
            _value_map(field, column.attribute.labels())
    yield configuration
    yield aliases


def _value_map(field: Element, labels: dict[str, str]) -> None:
    widget = SubElement(field, "editWidget", {"type": "ValueMap"})
    config = SubElement(SubElement(widget, "config"), "Option", {"type": "Map"})
    listed = SubElement(config, "Option", {"type": "List", "name": "map"})
    for value, label in labels.items():
        one = SubElement(listed, "Option", {"type": "Map"})
        SubElement(one, "Option", {"type": "QString", "name": label, "value": str(value)})
