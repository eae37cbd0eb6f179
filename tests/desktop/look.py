"""Run by Debian's Python beside its QGIS: open a project, say what is in it, draw it. usage: look.py PROJECT PNG [SCALE]"""

import json
import sys

from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def told(layer):
    renderer = layer.renderer()
    found = {
        "name": layer.name(),
        "valid": layer.isValid(),
        "count": layer.featureCount(),
        "crs": layer.crs().authid(),
        "renderer": renderer.type(),
        "aliases": {f.name(): layer.attributeAlias(i) for i, f in enumerate(layer.fields())},
        "labels": layer.labeling().settings().fieldName if layer.labeling() else "",
        "widgets": {f.name(): layer.editorWidgetSetup(i).type() for i, f in enumerate(layer.fields())},
        "styles": layer.listStylesInDatabase()[2] if layer.isValid() else [],
    }
    if renderer.type() == "categorizedSymbol":
        found["categories"] = [
            [
                c.label(),
                [str(v) for v in c.value()] if isinstance(c.value(), (list, tuple)) else str(c.value() or ""),
                c.symbol().color().name(),
            ]
            for c in renderer.categories()
        ]
        found["patterns"] = [[s.layerType() for s in c.symbol().symbolLayers()] for c in renderer.categories()]
    return found


def draw(project, path, scale):
    settings = QgsMapSettings()
    settings.setLayers([node.layer() for node in project.layerTreeRoot().findLayers() if node.layer()])
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(1000, 700))
    settings.setBackgroundColor(QColor("#ffffff"))
    settings.setExtent(QgsRectangle(project.viewSettings().defaultViewExtent()))
    if scale:
        ratio = scale / settings.scale()
        extent = settings.extent()
        extent.scale(ratio)
        settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(path)
    return settings.scale()


def main():
    QgsApplication.setPrefixPath("/usr", True)
    app = QgsApplication([], False)
    app.initQgis()
    project = QgsProject.instance()
    read = project.read(sys.argv[1])
    root = project.layerTreeRoot()
    answer = {
        "read": read,
        "title": project.title(),
        "crs": project.crs().authid(),
        "groups": [g.name() for g in root.findGroups()],
        "order": [node.name() for node in root.findLayers()],
        "layers": {layer.name(): told(layer) for layer in project.mapLayers().values()},
        "extent": project.viewSettings().defaultViewExtent().toString(3),
        "scale": draw(project, sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 0),
    }
    sys.stdout.write("ANSWER" + json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    project.clear()
    app.exitQgis()


main()
