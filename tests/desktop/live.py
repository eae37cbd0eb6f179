"""Run by Debian's Python beside its QGIS: draw a live layer of vector tiles with a name and a key. usage: live.py JSON"""

import json
import sys

from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorTileBasicRenderer,
    QgsVectorTileBasicRendererStyle,
    QgsVectorTileLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def credentials(username, key):
    """Keep name and key in QGIS's own store; return the id of the entry."""
    store = QgsApplication.authManager()
    store.setMasterPassword("a test", True)
    entry = QgsAuthMethodConfig("Basic")
    entry.setName("amlak")
    entry.setConfig("username", username)
    entry.setConfig("password", key)
    entry.setConfig("realm", "")
    store.storeAuthenticationConfig(entry)
    return entry.id()


def layer_of(asked):
    """Return the layer, its parcels filled in one colour."""
    login = f"&authcfg={credentials(asked['username'], asked['key'])}" if asked["key"] else ""
    address = asked["url"].replace("&", "%26")
    layer = QgsVectorTileLayer(f"type=xyz&url={address}&zmin=13&zmax=18{login}", "live")
    style = QgsVectorTileBasicRendererStyle("parcels", "parcels", QgsWkbTypes.PolygonGeometry)
    style.setSymbol(QgsFillSymbol.createSimple({"color": asked["colour"], "outline_style": "no"}))
    style.setEnabled(True)
    renderer = QgsVectorTileBasicRenderer()
    renderer.setStyles([style])
    layer.setRenderer(renderer)
    return layer


def main():
    asked = json.loads(sys.argv[1])
    QgsApplication.setPrefixPath("/usr", True)
    app = QgsApplication([], False)
    app.initQgis()
    layer = layer_of(asked)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setOutputSize(QSize(600, 600))
    settings.setBackgroundColor(QColor("#ffffff"))
    settings.setExtent(QgsRectangle(*asked["extent"]))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(asked["picture"])
    sys.stdout.write("ANSWER" + json.dumps({"valid": layer.isValid()}) + "\n")
    sys.stdout.flush()
    del layer, settings, job
    app.exitQgis()


main()
