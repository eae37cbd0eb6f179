"""Look at a layer and say what it holds and what has to be asked. Runs in the sandbox only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from importers.encoding import detect
from importers.findings import Column, EncodingFinding, Inspection, Layer
from importers.mapping import suggest
from importers.placing import Sample, place
from importers.readers.source import Source

VALUE_ROWS, SHOWN_VALUES, SUGGESTED_FROM = 20_000, 5, 400


def inspect_layers(sources: Sequence[Source], *, governorate: bytes | None, crs: str, encoding: str) -> Inspection:
    """Return what a file's layers hold."""
    layers = [inspect_layer(source, governorate=governorate, crs=crs, encoding=encoding) for source in sources]
    return Inspection(sources[0].format, layers)


def inspect_layer(source: Source, *, governorate: bytes | None, crs: str, encoding: str) -> Layer:
    """Return what one layer holds."""
    text = detect(source.text_cells(), cpg=source.cpg, declared=encoding)
    sample = source.sample()
    place_found = place(sample, prj=source.prj, governorate=governorate, declared=crs, fixed=source.fixed_crs)
    values = distinct_values(source, text)
    has_z, has_m = source.dimensions
    return Layer(
        name=source.name,
        feature_count=source.rows - sum(source.gone(0, source.rows)),
        geometry=source.geometry,
        has_z=has_z,
        has_m=has_m,
        bounds=bounds_of(sample),
        columns=[column(name, kind, width, values[name]) for name, (kind, width) in source.kinds(text.chosen).items()],
        encoding=text,
        crs=place_found,
        mapping=suggest({name: list(found)[:SUGGESTED_FROM] for name, found in values.items()}),
        notes=dict(source.notes),
    )


def bounds_of(sample: Sample) -> list[float]:
    """Return the frame of the sample in the file's own numbers."""
    if not len(sample.points):
        return []
    return [float(number) for number in (*sample.points.min(axis=0), *sample.points.max(axis=0))]


def distinct_values(source: Source, text: EncodingFinding) -> dict[str, Counter[Any]]:
    """Return each column's distinct values with their counts, from the first rows."""
    found = source.values(text.chosen, 0, min(source.rows, VALUE_ROWS)).columns
    return {name: Counter(value for value in values if value not in (None, "")) for name, values in found.items()}


def column(name: str, kind: str, width: int, values: Mapping[Any, int]) -> Column:
    """Return one column as it is shown."""
    common = sorted(values, key=lambda value: (-values[value], str(value)))[:SHOWN_VALUES]
    return Column(name, kind, width, sum(values.values()), [str(value)[:80] for value in common])
