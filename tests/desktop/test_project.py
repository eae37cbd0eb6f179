"""The QGIS project as a real QGIS opens it: layers valid, rows equal, Arabic titles, the map's colours, a picture."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from parcels.models import Holding
from tests.exports.builders import made, on_disk, unpacked
from tests.parcels.builders import a_boundary, a_holding, a_parcel, an_asset
from tiles.palette import colours

pytestmark = [pytest.mark.desktop, pytest.mark.django_db]
SCRIPT = Path(__file__).with_name("look.py")
PYTHON = Path("/usr/bin/python3")
PARCELS = "القطع"


def look(folder: Path, picture: Path) -> dict[str, Any]:
    """Return what QGIS says of the project in the folder; the picture is drawn beside."""
    project = next(folder.glob("*.qgz"))
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    asked = [str(PYTHON), "-I", str(SCRIPT), str(project), str(picture)]
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, timeout=120)
    lines = [line for line in done.stdout.splitlines() if line.startswith("ANSWER")]
    assert lines, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(lines[0].removeprefix("ANSWER"))
    return found


def some_land() -> None:
    """Register land of three statuses side by side, and a kiosk."""
    leased = a_parcel(number="12/3", boundary=a_boundary(0))
    a_parcel(number="ضمن 45", boundary=a_boundary(100))
    taken = a_parcel(number="45 مكرر", boundary=a_boundary(200))
    a_parcel(number="99", located=False)
    a_holding(leased)
    a_holding(taken, kind=Holding.Kind.ENCROACHMENT)
    an_asset(parcel=leased, geom=leased.versions.get(in_book=True).geom.centroid)


@pytest.fixture
def opened(tmp_path: Path) -> tuple[dict[str, Any], Image.Image]:
    if not os.access(PYTHON, os.X_OK):
        pytest.fail("QGIS is missing: apt-get install python3-qgis")
    some_land()
    picture = tmp_path / "drawn.png"
    with on_disk(made(layers=["parcels", "assets", "places"], format="qgz", srid=22992)) as folder:
        told = look(folder, picture)
    return told, Image.open(picture).convert("RGB")


def test_a_project_opens_in_qgis_as_the_map_looks(opened: tuple[dict[str, Any], Image.Image]) -> None:
    told, picture = opened
    assert (told["read"], told["crs"], told["title"]) == (True, "EPSG:22992", "سجل أملاك الدولة")
    assert told["groups"] == ["السجل", "خريطة الأساس"]
    assert all(layer["valid"] and layer["crs"] == "EPSG:22992" for layer in told["layers"].values())
    parcels = told["layers"][PARCELS]
    assert parcels["count"] == 4
    assert parcels["labels"] == "number"
    assert parcels["aliases"]["number"] == "رقم القطعة"
    assert parcels["widgets"]["status"] == "ValueMap"
    assert {"status", "use", "custodian"} <= set(parcels["styles"])
    categories = {words: (values, colour) for words, values, colour in parcels["categories"]}
    assert categories["مؤجرة"] == ("LEASED", colours("light")["st-leased"].lower())
    assert categories["مبيعة"][0] == ["SOLD", "SOLD_INSTALLMENTS"]
    assert "LinePatternFill" in dict(zip(categories, parcels["patterns"], strict=True))["متعدى عليها"]
    assert close_to(picture, colours("light")["st-leased"], share=0.05)
    assert close_to(picture, colours("light")["st-free"], share=0.05)
    assert close_to(picture, colours("light")["st-encroach"], share=0.03)


def close_to(picture: Image.Image, colour: str, *, share: float) -> bool:
    """Say whether so much of the picture has the colour, laid over white at four fifths."""
    wanted = [255 - 0.8 * (255 - int(colour[i : i + 2], 16)) for i in (1, 3, 5)]
    pixels = picture.tobytes()
    near = sum(all(abs(pixels[at + i] - wanted[i]) < 6 for i in range(3)) for at in range(0, len(pixels), 3))
    return near > share * len(pixels) / 3


def test_the_archive_holds_the_project_and_its_data_and_nothing_of_this_machine() -> None:
    a_parcel()
    archive = unpacked(made(format="qgz"))
    assert sorted(archive.namelist()) == ["amlak.gpkg", "أملاك.qgz"]
