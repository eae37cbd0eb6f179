"""A building as a stacked picture: a row for each floor, the highest on top, a box for each unit, wide as its area.

Pure: it knows nothing of the database; lengths are the drawing's own units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

WIDE, HIGH, GAP, MARGIN = 720.0, 44.0, 4.0, 86.0


class Unit(Protocol):
    """What the picture needs of a unit."""

    @property
    def unit_no(self) -> str:
        """Its number."""

    @property
    def floor(self) -> int | None:
        """Its floor; None where that is not recorded."""

    @property
    def area_m2(self) -> Decimal | None:
        """Its area."""


@dataclass(frozen=True)
class Box:
    """A unit as it is drawn."""

    unit: Unit
    x: float
    width: float


@dataclass(frozen=True)
class Floor:
    """A floor with its boxes; `number` None: units whose floor is not recorded."""

    number: int | None
    y: float
    boxes: list[Box]


@dataclass(frozen=True)
class Stack:
    """The picture."""

    width: float
    height: float
    floors: list[Floor]
    ground_y: float | None  # where the ground lies: below floor 0


def stacked(units: Sequence[Unit]) -> Stack | None:
    """Return the picture of a building's units; None without any. Floors without a unit in between are drawn empty."""
    if not units:
        return None
    known = [unit.floor for unit in units if unit.floor is not None]
    numbers: list[int | None] = list(range(max(known), min(known) - 1, -1)) if known else []
    if len(known) < len(units):
        numbers.append(None)
    floors = [Floor(number, row * (HIGH + GAP), boxes(units, number)) for row, number in enumerate(numbers)]
    below = next((floor.y for floor in floors if floor.number is not None and floor.number < 0), None)
    ground = below - GAP / 2 if below is not None else None
    return Stack(WIDE + MARGIN, len(floors) * (HIGH + GAP), floors, ground)


def boxes(units: Sequence[Unit], floor: int | None) -> list[Box]:
    """Return the units of a floor side by side, each as wide as its part of the floor's area."""
    own = sorted((unit for unit in units if unit.floor == floor), key=lambda unit: (len(unit.unit_no), unit.unit_no))
    weights = [weight(unit) for unit in own]
    free, made, x = WIDE - GAP * max(0, len(own) - 1), [], MARGIN
    for unit, part in zip(own, weights, strict=True):
        width = free * part / sum(weights)
        made.append(Box(unit, round(x, 2), round(width, 2)))
        x += width + GAP
    return made


def weight(unit: Unit) -> float:
    """Return the area of a unit; one without area counts as 50 m². No box is thinner than a tenth of another."""
    return max(float(unit.area_m2 or 50), 1.0)
