"""The XYZ grid of web maps: which tiles exist and what ground they cover (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import atan, degrees, exp, pi

WORLD = 20037508.342789244  # half the width of EPSG:3857, metres
MAX_ZOOM = 22
EXTENT = 4096  # units across a tile
BUFFER = 64  # units drawn beyond its edge, so that lines join
NUMBER = re.compile(r"[0-9]{1,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tile:
    """One existing tile: 0 ≤ z ≤ 22, 0 ≤ x, y < 2^z; y counts southwards."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        """Refuse tiles that do not exist."""
        side = 1 << max(self.z, 0) if self.z <= MAX_ZOOM else 0
        if not (self.z >= 0 and 0 <= self.x < side and 0 <= self.y < side):
            raise ValueError(f"no tile {self.z}/{self.x}/{self.y}")

    @property
    def width(self) -> float:
        """The tile's width in EPSG:3857 metres."""
        return 2 * WORLD / (1 << self.z)

    @property
    def unit(self) -> float:
        """One of the 4096 units across, in EPSG:3857 metres."""
        return self.width / EXTENT

    def bounds(self, margin: int = 0) -> tuple[float, float, float, float]:
        """Return (west, south, east, north) in EPSG:3857, widened by so many units."""
        west, north = self.x * self.width - WORLD, WORLD - self.y * self.width
        wide = margin * self.unit
        return west - wide, north - self.width - wide, west + self.width + wide, north + wide


def parse(z: str, x: str, y: str) -> Tile:
    """Return the tile of an address; raises ValueError for what is no number or no tile."""
    if not all(NUMBER.fullmatch(part) for part in (z, x, y)):
        raise ValueError(f"no tile {z}/{x}/{y}")
    return Tile(int(z), int(x), int(y))


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude (degrees) of a point of EPSG:3857."""
    return x / WORLD * 180, degrees(2 * atan(exp(y / WORLD * pi)) - pi / 2)
