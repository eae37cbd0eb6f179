"""QGIS project: an archive with the GeoPackage and the `.qgz` that opens it, to be unpacked into one folder."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from authority import clock
from exports.asking import Selection
from exports.styles import project
from exports.writing import gpkg
from exports.writing.parts import Chunks, Written

ARABIC = "ar"


def write(folder: Path, chosen: Sequence[Selection], chunks: Chunks, srid: int, *, language: str = ARABIC) -> Written:
    """Write both into one archive; the project speaks Arabic, whoever asks."""
    with override(ARABIC):
        data = gpkg.write(folder, chosen, chunks, srid, language=ARABIC)
        plan = folder / f"{_('Amlak')}.qgz"
        project.write(plan, data.path, data.parts, srid, title=_("State land register"), at=clock.now())
    packed = folder / "amlak-qgis.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(data.path, data.path.name, zipfile.ZIP_DEFLATED)
        archive.write(plan, plan.name, zipfile.ZIP_STORED)
    return Written(packed, data.parts, data.notes)
