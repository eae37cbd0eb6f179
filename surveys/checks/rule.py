"""What a check is: a code, what it tells people, and one statement that finds its faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

BLOCK: Final = "block"
WARN: Final = "warn"
NOTE: Final = "note"

GEOMETRY: Final = "geometry"
DATA: Final = "data"


@dataclass(frozen=True)
class Check:
    """One rule.

    `sql` returns rows (feature_id, row, other_row, other_parcel_id, severity, params jsonb, geom in EPSG:4326). It
    reads the temporary table `surveys_measured` (id, row, geom, g in the metric working system, valid, shape, area m²)
    and takes the parameters of `surveys.checks.run.parameters`. What is not valid goes into no overlay.
    """

    code: str
    group: str  # geometry or data
    title: str | Promise  # with named parameters; the line of the list
    advice: str | Promise  # what to do about it
    sql: str
