"""What is not certain about a file, as questions with the choices a person can judge by looking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from importers import mapping as columns
from importers.findings import Layer, Placement
from importers.messages import refusal
from surveys.asked import crs_value
from surveys.models import Question

Kind = Question.Kind


@dataclass(frozen=True)
class Asked:
    """One question; each choice has a `value`, which is what is answered."""

    kind: str
    choices: list[dict[str, Any]]


def questions(layer: Layer, answers: Mapping[str, Any]) -> list[Asked]:
    """Return what has to be asked; raises the refusal of a layer that no system of coordinates fits.

    Columns are asked last, alone: their very names depend on the characters.
    """
    if Kind.CRS not in answers and layer.crs.refusal:
        raise refusal(layer.crs.refusal, {})
    open_ones = [
        (Kind.ENCODING, layer.encoding.certain, encodings),
        (Kind.CRS, layer.crs.certain, placements),
        (Kind.COLUMNS, layer.mapping.certain, mappings),
    ]
    asked = [Asked(kind, choices(layer)) for kind, certain, choices in open_ones if not certain and kind not in answers]
    first = [one for one in asked if one.kind != Kind.COLUMNS]
    return first or asked


def encodings(layer: Layer) -> list[dict[str, Any]]:
    """Return the readings of the same ten rows."""
    rows = layer.encoding.preview_rows
    return [{"value": choice.code, "rows": rows, **asdict(choice)} for choice in layer.encoding.choices]


def placements(layer: Layer) -> list[dict[str, Any]]:
    """Return the places where the land may lie."""
    return [{"value": _value(choice), **asdict(choice)} for choice in layer.crs.choices]


def _value(choice: Placement) -> str:
    return crs_value(choice.code, choice.axis_swapped)


def mappings(layer: Layer) -> list[dict[str, Any]]:
    """Return the suggested mapping of columns, and the columns with samples from which to make another."""
    described = [asdict(column) for column in layer.columns]
    suggested = {"value": layer.mapping.fields, "suggested": True, "columns": described, "fields": columns.FIELDS}
    return [suggested, {"value": {}, "suggested": False, "columns": described, "fields": columns.FIELDS}]


def values_for(layer: Layer, mapping: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return how values as written become the register's: as suggested, and for a column chosen by hand likewise."""
    chosen = {field: column for column, field in mapping.items()}
    if "land_use" not in chosen or layer.mapping.fields.get(chosen["land_use"]) == "land_use":
        return layer.mapping.values
    samples = next((column.samples for column in layer.columns if column.name == chosen["land_use"]), [])
    return {**layer.mapping.values, "land_use": columns.use_values(samples)}
