"""What runs in the sandbox: inspect or stage one file. No Django here, no database, no network."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from importers.inspecting import inspect_layers
from importers.opening import open_layers
from importers.readers.source import Source
from importers.refusals import UnreadableError
from importers.staging import Choices, Writer
from importers.zips import Limits

WORK = Path("/tmp/work")  # noqa: S108 - a private tmpfs, gone with the process


def main(*, request: dict[str, Any], inputs: dict[str, Path], out: Path) -> dict[str, Any]:
    """Do one job; a refusal of the file is an answer, not an error."""
    warnings.simplefilter("ignore")
    try:
        sources = open_layers(inputs["file"], request["filename"], WORK, limits=Limits(**request["limits"]))
        if request["act"] == "inspect":
            return {"inspection": inspect(request, inputs, sources)}
        return {"staged": stage(request, sources, out)}
    except UnreadableError as refusal:
        return {"refusal": {"code": refusal.code, "params": refusal.params}}


def inspect(request: dict[str, Any], inputs: dict[str, Path], sources: list[Source]) -> dict[str, Any]:
    """Return the inspection as JSON."""
    governorate = inputs["governorate"].read_bytes() if "governorate" in inputs else None
    found = inspect_layers(sources, governorate=governorate, crs=request["crs"], encoding=request["encoding"])
    return found.to_json()


def stage(request: dict[str, Any], sources: list[Source], out: Path) -> dict[str, Any]:
    """Write the rows of one layer."""
    source = next((source for source in sources if source.name == request["layer"]), None)
    if source is None:
        raise UnreadableError("layer_unknown")
    choices = Choices(
        encoding=request["encoding"],
        crs=request["crs"],
        axis_swapped=request["axis_swapped"],
        mapping=request["mapping"],
        values=request["values"],
        working_srid=request["working_srid"],
        with_overlaps=request["overlaps"],
    )
    writer = Writer(source, choices, out)
    tally = writer.write()
    return {
        "rows": tally.rows,
        "with_geometry": tally.with_geometry,
        "overlaps": tally.overlaps,
        "faults": dict(tally.faults),
        "operation": writer.way.operation,
        "accuracy_m": writer.way.accuracy_m,
        "notes": source.notes,
    }
