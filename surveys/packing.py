"""Putting loose files into one archive, for who names a folder or a single file on the command line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from authority.refusal import Invalid

SIDE_FILES = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".qpj"})


def packed(path: Path) -> tuple[io.BytesIO, str]:
    """Return (archive, file name) of a zip as it is, of a folder's shapefiles, or of one shapefile with its side files.

    Raises Invalid (nothing_to_import) where there is no shapefile.
    """
    if path.is_file() and path.suffix.lower() != ".shp":
        return io.BytesIO(path.read_bytes()), path.name
    members = sorted(_members(path))
    if not any(member.suffix.lower() == ".shp" for member in members):
        raise Invalid("nothing_to_import", _("There is no shapefile in %(name)s."), name=path.name)
    base = path if path.is_dir() else path.parent
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for member in members:
            target.write(member, member.relative_to(base).as_posix())
    archive.seek(0)
    return archive, f"{path.stem}.zip"


def _members(path: Path) -> Iterator[Path]:
    """Yield the files that make up the shapefiles meant."""
    inside = path.rglob("*") if path.is_dir() else path.parent.glob("*")
    for found in inside:
        if found.is_file() and found.suffix.lower() in SIDE_FILES and (path.is_dir() or found.stem == path.stem):
            yield found
