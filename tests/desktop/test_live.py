"""Live layers in a real QGIS with a personal key: what its owner may see is drawn, and nothing without a valid one."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.geos import Point
from PIL import Image

from authority import clock
from authority.keys import TILES
from authority.models import ApiKey, Role
from tests.authority.builders import make_place, make_user
from tests.gisapp.world import key_of
from tests.parcels.builders import a_boundary, a_governorate, a_parcel

pytestmark = [pytest.mark.desktop, pytest.mark.django_db(transaction=True)]
SCRIPT = Path(__file__).with_name("live.py")
PYTHON = Path("/usr/bin/python3")
COLOUR = (10, 90, 200)


@pytest.fixture
def drawn(live_server: Any, tmp_path: Path) -> Any:
    """Return what draws the parcels of the farm with a name and a key: the share of the picture that is land."""
    if not os.access(PYTHON, os.X_OK):
        pytest.fail("QGIS is missing: apt-get install python3-qgis")
    parcel = a_parcel(number="12/3", boundary=a_boundary(0, 0, 200, 200))
    shape = parcel.versions.get(in_book=True).geom
    west, south, east, north = shape.extent
    corners = [Point(x, y, srid=4326).transform(3857, clone=True) for x, y in ((west, south), (east, north))]
    extent = [corners[0].x, corners[0].y, corners[1].x, corners[1].y]

    def draw(username: str, key: str) -> float:
        picture = tmp_path / f"{len(list(tmp_path.iterdir()))}.png"
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        asked = {
            "url": f"{live_server.url}/tiles/parcels/{{z}}/{{x}}/{{y}}.mvt",
            "username": username,
            "key": key,
            "colour": ",".join(map(str, COLOUR)),
            "extent": extent,
            "picture": str(picture),
        }
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [str(PYTHON), "-I", str(SCRIPT), json.dumps(asked)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert '"valid": true' in done.stdout, done.stdout + done.stderr
        pixels = np.asarray(Image.open(picture).convert("RGB")).astype(int)
        return float((abs(pixels - COLOUR).max(axis=2) < 12).mean())

    return draw


def test_qgis_draws_the_live_parcels_for_a_name_and_its_key_and_nothing_else(drawn: Any) -> None:
    officer = make_user(Role.PROPERTY_OFFICER, place=a_governorate(), username="officer")
    stranger = make_user(Role.PROPERTY_OFFICER, place=make_place("02"), username="stranger")
    key = key_of(officer, TILES)
    assert drawn("officer", key) > 0.7
    assert drawn("officer", "") == 0
    assert drawn("officer", key_of(stranger, TILES)) == 0
    assert drawn("stranger", key_of(stranger, TILES)) == 0
    ApiKey.objects.filter(user=officer).update(revoked_at=clock.now())
    assert drawn("officer", key) == 0
