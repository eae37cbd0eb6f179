"""Sending a file: always an attachment, never opened by the browser, never kept by a cache."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.http import FileResponse

from exports.models import Export

TYPES: Final = {
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def attachment(export: Export, path: Path) -> FileResponse:
    """Return the answer that carries the file."""
    assert export.document is not None  # noqa: S101 - services.hand_out refuses otherwise
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=export.document.filename,
        content_type=TYPES.get(export.format, "application/zip"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
