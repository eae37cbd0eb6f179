"""The two doors of this room: `inspect` a file, `stage` a layer of it. The file is only opened in the sandbox."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from documents import sandbox
from documents.sandbox import SandboxResult
from importers import crs as systems
from importers.batch import StagedBatch, take
from importers.encoding import UnknownEncodingError, canonical
from importers.findings import Inspection
from importers.messages import refusal
from importers.refusals import UnreadableError
from importers.zips import MAX_MEMBERS, MAX_OUT, MAX_RATIO
from importers.zips import Limits as ArchiveLimits

ENTRY = "importers.child"
WORKING = {*systems.BELTS, 32635, 32636, 32637}
LEGACY_FACTOR = 5  # the operator's profile takes files this much larger


def inspect(
    path: Path,
    filename: str,
    *,
    governorate: bytes | None = None,
    declared_crs: str = "",
    declared_encoding: str = "",
    limits: sandbox.Limits = sandbox.UPLOAD,
) -> Inspection:
    """Return what a file holds and what has to be asked about it.

    `governorate` is the WKB (lon/lat, WGS 84) of the place the land should lie in; `declared_*` are what the sender
    said. Raises a refusal with a code of `importers.messages.REFUSALS` or of the sandbox.
    """
    request = {"act": "inspect", "crs": known_crs(declared_crs), "encoding": known_encoding(declared_encoding)}
    with tempfile.NamedTemporaryFile(prefix="amlak-place-") as place:
        inputs = {"file": path}
        if governorate is not None:
            place.write(governorate)
            place.flush()
            inputs["governorate"] = Path(place.name)
        result = ask(path, filename, inputs=inputs, request=request, limits=limits)
    try:
        return Inspection.from_json(result.reply["inspection"])
    except (KeyError, TypeError):
        raise refusal("reading_failed", {}) from None
    finally:
        result.remove()


def stage(
    path: Path,
    filename: str,
    *,
    layer: str,
    encoding: str,
    crs: str,
    axis_swapped: bool = False,
    mapping: Mapping[str, str] | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
    working_srid: int = 32636,
    overlaps: bool = False,
    limits: sandbox.Limits = sandbox.UPLOAD,
) -> StagedBatch:
    """Return a layer's rows as files ready for COPY.

    `layer`, `encoding`, `crs` and `axis_swapped` are those found certain or answered; `mapping` is column → field and
    `values` field → {written: register's}; areas and overlaps are measured in `working_srid` (metres).
    """
    if working_srid not in WORKING:
        raise refusal("working_system_unknown", {})
    request = {
        "act": "stage",
        "layer": layer,
        "encoding": known_encoding(encoding) or "utf-8",
        "crs": systems.FILE if crs == systems.FILE else known_crs(crs),
        "axis_swapped": axis_swapped,
        "mapping": dict(mapping or {}),
        "values": {field: dict(pairs) for field, pairs in (values or {}).items()},
        "working_srid": working_srid,
        "overlaps": overlaps,
    }
    return take(ask(path, filename, inputs={"file": path}, request=request, limits=limits))


def ask(
    path: Path, filename: str, *, inputs: Mapping[str, Path], request: Mapping[str, Any], limits: sandbox.Limits
) -> SandboxResult:
    """Run one job in the sandbox; raise the refusal the child answers with."""
    archive = archive_limits(limits)
    if path.stat().st_size > archive.size_in:
        raise refusal("file_too_large", {"limit_mb": archive.size_in // (1 << 20)})
    whole = {**request, "filename": filename[:200], "limits": asdict(archive)}
    result = sandbox.run(entry=ENTRY, inputs=inputs, request=whole, limits=limits)
    refused = result.reply.get("refusal")
    if refused is None:
        return result
    result.remove()
    if not isinstance(refused, dict) or not isinstance(refused.get("params"), dict):
        raise refusal("reading_failed", {})
    raise refusal(str(refused.get("code")), refused["params"])


def archive_limits(limits: sandbox.Limits) -> ArchiveLimits:
    """Return the ceilings of an archive for a profile."""
    factor = LEGACY_FACTOR if limits == sandbox.LEGACY else 1
    return ArchiveLimits(settings.UPLOAD_MAX_BYTES * factor, MAX_OUT * factor, MAX_MEMBERS, MAX_RATIO)


def known_crs(code: str) -> str:
    """Return a code of the closed list, "" for none; raise the refusal for anything else."""
    if not code:
        return ""
    try:
        return systems.parse_code(code)
    except UnreadableError as error:
        raise refusal(error.code, error.params) from None


def known_encoding(code: str) -> str:
    """Return our code of an encoding, "" for none; raise the refusal for an unknown one."""
    if not code:
        return ""
    try:
        return canonical(code)
    except UnknownEncodingError:
        raise refusal("encoding_unknown", {}) from None
