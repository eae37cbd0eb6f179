"""Lays land out in the quarters and gives every piece its number: what a surveyor and a land book would start from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from parcels.numbers import ParcelNumber
from workspace.sample.gazetteer import HODS, STREETS, Quarter
from workspace.sample.ground import Floats, seed_of
from workspace.sample.mesh import ALONG, FIELDS, STRIP, TOWN, Block, Lattice, Node

NO_HODS = ("1908", "0214")  # land outside the zimam: numbered by the nahia alone


@dataclass(frozen=True)
class Site:
    """A quarter with all that is needed to lay land out in it."""

    code: str
    quarter: Quarter
    territory: MultiPolygon  # in the belt
    angle: float
    seed: int

    @property
    def hods(self) -> bool:
        """Whether land is numbered by hods."""
        return not self.quarter.urban and self.code[:4] not in NO_HODS


@dataclass(frozen=True)
class Hod:
    """A hod and the ring around its fields, in the belt."""

    code: str
    name: str
    number: str
    section: str
    ring: Floats


@dataclass
class Plot:
    """One piece of land before the book knows it."""

    role: str
    number: ParcelNumber
    part: int | None
    street: str
    building: str
    ring: Floats = field(repr=False)  # (n, 2) in the belt, open
    block: tuple[int, int] = (0, 0)
    halves: int = 0  # 1 or 2: came out of a strip that was cut across
    lane: str = ""


@dataclass
class Layout:
    """The land of one hod or one block of a town."""

    site: Site
    hod: Hod | None
    plots: list[Plot]


def lay_out(site: Site, wanted: int) -> Iterator[Layout]:
    """Yield the blocks of a quarter from its middle outwards until they hold the wanted number of plots."""
    fabric = TOWN if site.quarter.urban else FIELDS
    lattice = Lattice(fabric, seed_of(site.quarter), site.angle, (site.seed, int(site.code)))
    chosen = _chosen(lattice, site.territory, wanted)
    together = set(chosen)
    naming = Naming(site)
    for order, (i, j) in enumerate(chosen):
        block = lattice.block(i, j)
        hod = _hod(site, lattice, block, order) if site.hods else None
        yield Layout(site, hod, naming.plots(lattice, block, together, fresh=hod is not None))


def _chosen(lattice: Lattice, territory: BaseGeometry, wanted: int) -> list[tuple[int, int]]:
    shapely.prepare(territory)
    found: list[tuple[int, int]] = []
    count = 0
    west, south, east, north = territory.bounds
    reach = int(max(east - west, north - south) / min(lattice.fabric.block, 2 * lattice.fabric.depth)) + 2
    for i, j in lattice.outward(min(reach, 300, 2 + int(wanted**0.5))):
        if count >= wanted:
            break
        if _fits(lattice, territory, i, j):
            found.append((i, j))
            count += sum(1 for _ in lattice.block(i, j).pieces(set()))
    return found


def _fits(lattice: Lattice, territory: BaseGeometry, i: int, j: int) -> bool:
    """Say whether a block with its lanes and some metres around them lies inside the territory."""
    west, south = lattice.corner(i - 1, j - 1, True, True)
    east, north = lattice.corner(i, j, True, True)
    ring = [(west - 12, south - 12), (east + 12, south - 12), (east + 12, north + 12), (west - 12, north + 12)]
    return bool(shapely.contains_properly(territory, shapely.polygons(lattice.place(np.array(ring)))))


def _hod(site: Site, lattice: Lattice, block: Block, order: int) -> Hod:
    """Name the hod of a block: every tenth is the second section of the one before it."""
    second = order % 10 == 9
    number = order if second else order + 1
    section = {8: "قسم أول", 9: "قسم ثان"}.get(order % 10, "")
    digit = {8: "1", 9: "2"}.get(order % 10, "")
    name = HODS[(number * 7 + int(site.code)) % len(HODS)]
    ring = lattice.place(np.array(block.outline))
    return Hod(f"{site.code}{number:03d}{digit}", name, str(number), section, ring)


class Naming:
    """Gives numbers, streets and house numbers as the blocks of one quarter come by."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.streets = STREETS[site.code[:2]]
        self.rng = np.random.default_rng((site.seed, int(site.code), 7))
        self.next = 1

    def plots(self, lattice: Lattice, block: Block, together: set[tuple[int, int]], *, fresh: bool) -> list[Plot]:
        """Return the plots of a block; numbers begin anew in each hod."""
        if fresh:
            self.next = 1
        pieces = list(block.pieces(together))
        rings = _rings(lattice, [piece.ring for piece in pieces])
        found: list[Plot] = []
        for piece, ring in zip(pieces, rings, strict=True):
            if piece.role != STRIP:
                found.append(self._lane(piece.role, block, ring))
            else:
                found.append(self._strip(block, piece.row, piece.rank, ring))
        _mark_halves(found, block)
        self._renumber(found)
        return found

    def _lane(self, role: str, block: Block, ring: Floats) -> Plot:
        street = self._street(role, block.j if role == ALONG else block.i) if self.site.quarter.urban else ""
        return Plot(role, ParcelNumber(None), None, street, "", ring, (block.i, block.j))

    def _street(self, role: str, line: int) -> str:
        shift = int(self.site.code) * 5 + (0 if role == ALONG else 11)
        return self.streets[(line * 2 + shift) % len(self.streets)]

    def _strip(self, block: Block, row: int, rank: int, ring: Floats) -> Plot:
        street = building = ""
        if self.site.quarter.urban:
            street = self._street(ALONG, block.j + row)
            building = str((block.i + 400) % 40 * 30 + rank * 2 + 1 + row)
        return Plot(STRIP, ParcelNumber(0), None, street, building, ring, (block.i, block.j))

    def _renumber(self, plots: list[Plot]) -> None:
        """Number the strips in their order; halves of a cut strip share a number, some are bis or part of another."""
        odd = self.rng.random(len(plots))
        for plot, chance in zip(plots, odd, strict=True):
            if plot.role != STRIP:
                continue
            if plot.halves:
                plot.number = ParcelNumber(self.next, str(plot.halves))
                self.next += plot.halves == 2
            elif chance < 0.012 and self.next > 1:
                plot.number = ParcelNumber(self.next - 1, bis=True)
                self.next += 1
            else:
                part = chance > 0.985
                plot.number, plot.part = ParcelNumber(self.next, is_part_of=part), 1 if part else None
                self.next += 1


def _rings(lattice: Lattice, rings: list[list[Node]]) -> list[Floats]:
    """Place many rings at once."""
    placed = lattice.place(np.array([node for ring in rings for node in ring]))
    ends = np.cumsum([len(ring) for ring in rings])
    return np.split(placed, ends[:-1])


def _mark_halves(plots: list[Plot], block: Block) -> None:
    """Mark the two pieces of every strip that was cut across."""
    strips = iter([plot for plot in plots if plot.role == STRIP])
    for row in block.rows:
        for k in range(len(row.front) - 1):
            first = next(strips)
            if row.cut[k]:
                first.halves, next(strips).halves = 1, 2
