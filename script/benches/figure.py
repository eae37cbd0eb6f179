"""A figure: what was measured, beside what, and whether it is what was promised."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One line of a bench; `peer` says what it was measured beside in the same run."""

    name: str
    value: float
    unit: str
    peer: str
    target: str
    ok: bool
    peer_value: float | None = None

    def line(self) -> str:
        """Return the figure as one line of JSON, with the machine's load beside it: others' work makes all slower."""
        return json.dumps({**asdict(self), "load": round(os.getloadavg()[0], 1)}, ensure_ascii=False)


def at_most(name: str, value: float, most: float, unit: str, *, peer: str, peer_value: float | None = None) -> Figure:
    """Return a figure that must not exceed a bound."""
    shown = round(value, 3 if unit == "s" else 1)
    told = None if peer_value is None else round(peer_value, 3 if unit == "s" else 1)
    return Figure(name, shown, unit, peer, f"≤ {most:g} {unit}", value <= most, told)
