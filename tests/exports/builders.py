"""Files for tests: asked for, written and opened in one call."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pyogrio

from authority import clock
from authority.models import User
from exports import services
from exports.models import Export
from jobs import carrier
from jobs.attempts import Attempt
from tests.parcels.builders import a_keeper


def ask(by: User | None = None, *, layers: Any = ("parcels",), format: str = "gpkg", **more: Any) -> Export:
    """Return a request that waits to be written."""
    given = {"layers": list(layers), "format": format, **more}
    return services.request_export(given=given, by=by or a_keeper(), at=clock.now())


def write(export: Export) -> Export:
    """Write the file as the worker does: claimed, run, done in one transaction with its result."""
    claim = carrier.claim_next("w:1")
    assert claim is not None
    assert claim.payload == {"export": str(export.pk)}
    services.write(Attempt(claim), export.pk)
    export.refresh_from_db()
    return export


def made(by: User | None = None, **asked: Any) -> Export:
    """Return a request whose file is written."""
    return write(ask(by, **asked))


def body(export: Export) -> bytes:
    """Return the file as its owner downloads it."""
    _export, path = services.hand_out(export.pk, by=export.created_by, at=clock.now())
    return path.read_bytes()


def unpacked(export: Export) -> zipfile.ZipFile:
    """Return the archive."""
    return zipfile.ZipFile(io.BytesIO(body(export)))


@contextmanager
def on_disk(export: Export) -> Iterator[Path]:
    """Yield a folder with the file, an archive's files unpacked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = body(export)
        if zipfile.is_zipfile(io.BytesIO(content)) and export.format != "xlsx":
            zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
        else:
            (folder / f"file.{export.format}").write_bytes(content)
        yield folder


def features(export: Export, layer: str = "parcels") -> Any:
    """Return the rows of a layer as geopandas reads them."""
    with on_disk(export) as folder:
        if export.format in ("gpkg", "qgz"):
            return pyogrio.read_dataframe(next(folder.glob("*.gpkg")), layer=layer)
        if export.format == "shp":
            return pyogrio.read_dataframe(folder / f"{layer}.shp")
        return pyogrio.read_dataframe(folder / "file.geojson")


def geojson(export: Export) -> dict[str, Any]:
    """Return the FeatureCollection."""
    found: dict[str, Any] = json.loads(body(export))
    return found


@contextmanager
def tables(export: Export) -> Iterator[sqlite3.Connection]:
    """Yield the GeoPackage as the database that it is."""
    with on_disk(export) as folder, closing(sqlite3.connect(next(folder.glob("*.gpkg")))) as database:
        yield database
