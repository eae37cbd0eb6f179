"""The family of a parcel as a tree: a column for each generation, a line for each act, and the same as a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from parcels.models import Parcel
from parcels.selectors.family import Family, Relative
from ui.addresses import address_of

WIDTH, HEIGHT = 150, 46  # of a box, in the drawing's units
ACROSS, DOWN = 96, 18  # between boxes


@dataclass(frozen=True)
class Box:
    """A parcel in the tree."""

    x: int
    y: int
    number: str
    code: str
    url: str
    closed_on: dt.date | None
    own: bool


@dataclass(frozen=True)
class Line:
    """An act between two parcels."""

    path: str
    x: float
    y: float
    act: str
    on: dt.date
    before: Box
    after: Box


@dataclass(frozen=True)
class Tree:
    """The drawing."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[Line]
    cut: bool


def tree_of(family: Family, own: Parcel) -> Tree | None:
    """Return the tree; None for a parcel that came out of nothing and became nothing."""
    if not family.lines:
        return None
    columns: dict[int, list[Relative]] = {}
    for one in family.relatives:
        columns.setdefault(one.generation, []).append(one)
    tallest = max(len(column) for column in columns.values())
    height = tallest * (HEIGHT + DOWN) + DOWN
    boxes = {
        one.parcel.pk: _box(one, own, i, (height - len(column) * (HEIGHT + DOWN) + DOWN) // 2 + j * (HEIGHT + DOWN))
        for i, (_generation, column) in enumerate(sorted(columns.items()))
        for j, one in enumerate(column)
    }
    lines = [
        _line(boxes[one.predecessor_id], boxes[one.successor_id], one.get_act_display(), one.on) for one in family.lines
    ]
    width = len(columns) * (WIDTH + ACROSS) - ACROSS + 2 * DOWN
    return Tree(width, height, list(boxes.values()), lines, family.cut)


def _box(one: Relative, own: Parcel, column: int, y: int) -> Box:
    url = address_of("workspace:parcel", one.parcel.pk) if one.number else ""
    code = one.parcel.parcel_code if one.number else ""
    x = DOWN + column * (WIDTH + ACROSS)
    return Box(x, y, one.number or "—", code, url, one.parcel.closed_on, one.parcel.pk == own.pk)


def _line(before: Box, after: Box, act: str, on: dt.date) -> Line:
    x1, y1, x2, y2 = before.x + WIDTH, before.y + HEIGHT / 2, after.x, after.y + HEIGHT / 2
    bend = (x1 + x2) / 2
    path = f"M{x1},{y1:.1f}C{bend:.1f},{y1:.1f} {bend:.1f},{y2:.1f} {x2},{y2:.1f}"
    return Line(path, bend, (y1 + y2) / 2, act, on, before, after)
