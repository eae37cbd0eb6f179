"""An Arabic QGIS project over a GeoPackage beside it, made without QGIS."""

from __future__ import annotations

import datetime as dt
import uuid
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.translation import gettext as _
from pyproj import CRS

from exports.formats import SYSTEMS
from exports.styles.qml import looks
from exports.writing.parts import GEOMETRY, Part

NAMESPACE = uuid.UUID("6a0f3a0e-1f5c-4d0b-9d0c-1d5f3a6d2e61")
MARGIN = 0.05  # of the extent, on each side


def write(path: Path, source: Path, parts: Sequence[Part], srid: int, *, title: str, at: dt.datetime) -> None:
    """Write the `.qgz`: an archive that holds the project as `.qgs`."""
    root = project(source.name, parts, srid, title=title, at=at)
    body = tostring(root, encoding="unicode")
    text = f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{body}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{path.stem}.qgs", text)


def project(source: str, parts: Sequence[Part], srid: int, *, title: str, at: dt.datetime) -> Element:
    """Return the project: the highest layer of the map stands first in the list."""
    top_first = sorted(parts, key=lambda part: -part.layer.order)
    root = Element("qgis", {"projectname": title, "version": "3.22.0-Białowieża", "saveDateTime": at.isoformat()})
    SubElement(root, "title").text = title
    SubElement(root, "projectCrs").append(system(srid))
    _tree(root, top_first)
    canvas = SubElement(root, "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    SubElement(canvas, "units").text = "degrees" if srid == 4326 else "meters"
    box = SubElement(canvas, "extent")
    for name, value in extent(parts).items():
        SubElement(box, name).text = repr(value)
    SubElement(canvas, "destinationsrs").append(system(srid))
    layers = SubElement(root, "projectlayers")
    for part in top_first:
        layers.append(layer(part, source, srid))
    order = SubElement(root, "layerorder")
    for part in top_first:
        SubElement(order, "layer", {"id": identity(part)})
    properties = SubElement(root, "properties")
    paths = SubElement(properties, "Paths")
    SubElement(paths, "Absolute", {"type": "bool"}).text = "false"
    reference = SubElement(properties, "SpatialRefSys")
    SubElement(reference, "ProjectionsEnabled", {"type": "int"}).text = "1"
    view = SubElement(root, "ProjectViewSettings", {"UseProjectScales": "0"})
    box = SubElement(view, "DefaultViewExtent", {name: repr(value) for name, value in extent(parts).items()})
    box.append(system(srid))
    return root


def identity(part: Part) -> str:
    """Return the id of a layer in the project."""
    return f"{part.name}_{uuid.uuid5(NAMESPACE, part.name).hex}"


def title_of(part: Part) -> str:
    """Return the layer's name for people; its kind of geometry where the layer is written as several tables."""
    words = {"point": _("points"), "line": _("lines"), "polygon": _("areas")}
    return str(part.layer.title) if part.name == part.layer.name else f"{part.layer.title} ({words[part.kind]})"


def _tree(root: Element, parts: Sequence[Part]) -> None:
    """Group the layers: the register above, the ground below."""
    tree = SubElement(root, "layer-tree-group")
    for name, own in ((_("The register"), True), (_("Ground"), False)):
        inside = [part for part in parts if bool(part.layer.themes) is own]
        if not inside:
            continue
        group = SubElement(tree, "layer-tree-group", {"name": name, "checked": "Qt::Checked", "expanded": "1"})
        for part in inside:
            SubElement(
                group,
                "layer-tree-layer",
                {
                    "id": identity(part),
                    "name": title_of(part),
                    "checked": "Qt::Checked",
                    "expanded": "1",
                    "providerKey": "ogr",
                    "source": "",
                },
            )


def layer(part: Part, source: str, srid: int) -> Element:
    """Return one layer with its looks."""
    found = Element(
        "maplayer",
        {
            "type": "vector",
            "geometry": {"point": "Point", "line": "Line", "polygon": "Polygon"}[part.kind],
            "wkbType": GEOMETRY[part.kind],
            "hasScaleBasedVisibilityFlag": "0",
            "readOnly": "0",
            "labelsEnabled": "1",
        },
    )
    SubElement(found, "id").text = identity(part)
    SubElement(found, "datasource").text = f"./{source}|layername={part.name}"
    SubElement(found, "layername").text = title_of(part)
    SubElement(found, "srs").append(system(srid))
    SubElement(found, "provider", {"encoding": "UTF-8"}).text = "ogr"
    for element in looks(part, part.layer.themes[0] if part.layer.themes else None, "ar"):
        found.append(element)
    return found


def system(srid: int) -> Element:
    """Return a coordinate system as projects hold it; QGIS finds it by its code."""
    crs = CRS.from_epsg(srid)
    found = Element("spatialrefsys", {"nativeFormat": "Wkt"})
    SubElement(found, "wkt").text = crs.to_wkt("WKT2_2019")
    SubElement(found, "srid").text = str(srid)
    SubElement(found, "authid").text = f"EPSG:{srid}"
    SubElement(found, "description").text = str(SYSTEMS[srid])
    SubElement(found, "geographicflag").text = "true" if crs.is_geographic else "false"
    return found


def extent(parts: Sequence[Part]) -> dict[str, float]:
    """Return where the data of the register lies, with a margin; the places only where nothing else is there."""
    bounds = [p.bounds for p in parts if p.bounds and p.layer.themes] or [p.bounds for p in parts if p.bounds]
    if not bounds:
        return {"xmin": 24.7, "ymin": 22.0, "xmax": 37.0, "ymax": 31.7}
    west, south, east, north = (
        min(b[0] for b in bounds),
        min(b[1] for b in bounds),
        max(b[2] for b in bounds),
        max(b[3] for b in bounds),
    )
    wide, high = (east - west) * MARGIN, (north - south) * MARGIN
    return {"xmin": west - wide, "ymin": south - high, "xmax": east + wide, "ymax": north + high}
