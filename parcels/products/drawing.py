"""A sketch to scale (ar: كروكي): SVG in millimetres of paper, grid north up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import shapely

from parcels.corners import Point
from parcels.products.ground import Ground, rings

SCALES = (100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 20_000, 25_000, 50_000, 100_000)
ROOM = 0.72  # of the paper: what the parcel itself may take
BARS = (5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Label:
    """A word on the drawing, mm."""

    text: str
    x: float
    y: float
    angle: float = 0.0


@dataclass(frozen=True)
class Sketch:
    """The drawing: paths and words in mm on a sheet of `width` × `height`."""

    width: float
    height: float
    scale: int
    own: str
    others: list[tuple[str, Label]]
    corners: list[Label]
    dots: list[tuple[float, float]]
    lengths: list[Label]
    bar_m: int
    bar_mm: float
    ticks: list[Label]


@dataclass(frozen=True)
class Sheet:
    """How ground becomes paper."""

    west: float
    north: float
    scale: int
    width: float
    height: float

    def put(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a point on the paper, mm."""
        return (x - self.west) * 1000 / self.scale, (self.north - y) * 1000 / self.scale

    @property
    def box(self) -> Any:
        """The ground the sheet shows."""
        return shapely.box(
            self.west,
            self.north - self.height * self.scale / 1000,
            self.west + self.width * self.scale / 1000,
            self.north,
        )


def sheet_of(own: Any, width: float, height: float) -> Sheet:
    """Return the sheet at the largest usual scale at which the parcel fits with room around it."""
    west, south, east, north = own.bounds
    wanted = max((east - west) / (width * ROOM), (north - south) / (height * ROOM), 1e-9) * 1000
    scale = next((one for one in SCALES if one >= wanted), math.ceil(wanted / 50_000) * 50_000)
    x, y = (west + east) / 2, (south + north) / 2
    return Sheet(x - width * scale / 2000, y + height * scale / 2000, scale, width, height)


def sketch(ground: Ground, points: Sequence[Point], *, width: float = 180, height: float = 165) -> Sketch:
    """Draw the parcel with its corners and lengths among its neighbours."""
    sheet = sheet_of(ground.own, width, height)
    bar = max((metres for metres in BARS if metres * 1000 / sheet.scale <= 60), default=BARS[0])
    dots, numbers, lengths = corner_words(sheet, points) if ground.of_record else ([], [], [])
    return Sketch(
        width=width,
        height=height,
        scale=sheet.scale,
        own=path(sheet, ground.own),
        others=list(neighbours_drawn(sheet, ground)),
        corners=numbers,
        dots=dots,
        lengths=lengths,
        bar_m=bar,
        bar_mm=round(bar * 1000 / sheet.scale, 3),
        ticks=list(ticks(sheet)),
    )


def path(sheet: Sheet, shape: Any) -> str:
    """Return the path of a shape, mm with micrometres."""
    words = []
    for ring in rings(shape):
        places = [sheet.put(x, y) for x, y in ring[:-1]]
        words.append("M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in places) + "z")
    return "".join(words)


def neighbours_drawn(sheet: Sheet, ground: Ground) -> Iterator[tuple[str, Label]]:
    """Yield the neighbours, cut at the sheet's edge, each with its number inside."""
    for number, shape in ground.others:
        seen = shapely.intersection(shapely.make_valid(shape), sheet.box)
        if seen.is_empty or not rings(seen):
            continue
        middle = seen.point_on_surface()
        x, y = sheet.put(middle.x, middle.y)
        yield path(sheet, seen), Label(number, round(x, 2), round(y, 2))


Words = tuple[list[tuple[float, float]], list[Label], list[Label]]


def corner_words(sheet: Sheet, points: Sequence[Point]) -> Words:
    """Return the corners' dots and numbers, and the lengths of the edges that are long enough to be written on."""
    dots: list[tuple[float, float]] = []
    numbers, lengths = [], []
    for ring in {point.ring for point in points}:
        own = [point for point in points if point.ring == ring]
        places = [sheet.put(float(point.east), float(point.north)) for point in own]
        cx, cy = sum(x for x, _y in places) / len(places), sum(y for _x, y in places) / len(places)
        for i, (point, (x, y)) in enumerate(zip(own, places, strict=True)):
            dots.append((round(x, 3), round(y, 3)))
            away = math.hypot(x - cx, y - cy) or 1.0
            numbers.append(Label(point.number, round(x + (x - cx) / away * 4, 2), round(y + (y - cy) / away * 4, 2)))
            lengths += edge_words((x, y), places[(i + 1) % len(places)], point.to_next_m)
    return dots, numbers, lengths


def edge_words(here: tuple[float, float], there: tuple[float, float], metres: Decimal) -> list[Label]:
    """Return the length written along an edge, readable from below; none for an edge under 12 mm."""
    dx, dy = there[0] - here[0], there[1] - here[1]
    if math.hypot(dx, dy) < 12:
        return []
    angle = math.degrees(math.atan2(dy, dx))
    angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
    x, y = (here[0] + there[0]) / 2, (here[1] + there[1]) / 2
    return [Label(f"{metres:.2f}", round(x, 2), round(y, 2), round(angle, 2))]


def ticks(sheet: Sheet) -> Iterator[Label]:
    """Yield crosses of the grid with their coordinates: every 5 cm of paper, at round metres."""
    step = 10 ** math.ceil(math.log10(sheet.scale * 0.05)) if sheet.scale > 20 else 1
    step = step // 2 if step // 2 >= sheet.scale * 0.05 else step
    east = math.ceil(sheet.west / step) * step
    while east < sheet.west + sheet.width * sheet.scale / 1000:
        north = math.floor(sheet.north / step) * step
        while north > sheet.north - sheet.height * sheet.scale / 1000:
            x, y = sheet.put(east, north)
            yield Label(f"E {east:.0f} N {north:.0f}", round(x, 2), round(y, 2))
            north -= step
        east += step
