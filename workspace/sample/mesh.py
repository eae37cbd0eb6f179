"""Irregular land that fits together: blocks of strips between lanes, every shared edge with the same vertices.

A quarter has a lattice of blocks in its own frame (s along, t across, metres). Between the blocks run lanes: streets
in a town, canals and roads in the fields. A block holds two rows of strips, back to back; strips differ in width, lean
and bend, and some are cut across. Where strips of two rows meet, and where they meet a lane, each polygon carries the
vertices of the other side, so neighbours share their edges exactly. The frame is turned and bent smoothly, which
changes no neighbourhood. All of it follows from (seed, quarter, block): a block can be made alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workspace.sample.ground import Floats

STRIP, ALONG, ACROSS = "strip", "along", "across"
HALF = 1024  # the lattice reaches this many blocks each way
Node = tuple[float, float]


@dataclass(frozen=True)
class Fabric:
    """How a kind of land is divided; lengths in metres."""

    block: float  # along a block
    depth: float  # of one row of strips
    lane_along: float  # width of lanes that run along the blocks
    lane_across: float
    strip: float  # median width of a strip
    spread: float  # sigma of its logarithm
    cut: float  # share of strips that are cut across
    sway: float  # how far a node strays
    bend: float  # how far the frame is bent
    wave: float  # over which length


TOWN = Fabric(118, 23, 9, 12, 15, 0.28, 0.10, 0.5, 7, 620)
FIELDS = Fabric(640, 128, 11, 8, 21, 0.55, 0.22, 4.0, 55, 2300)


@dataclass(frozen=True)
class Piece:
    """One polygon of a block: its ring (open, counter-clockwise in the frame) and where it stands."""

    role: str  # strip, along, across
    row: int  # 0 front, 1 back; lanes: 0
    rank: int  # order in the row
    ring: list[Node]


@dataclass(frozen=True)
class Row:
    """The nodes of one row of strips: towards the lane, half-way, towards the block's back line."""

    front: list[Node]
    half: list[Node]
    back: list[int]  # indices into the block's back line
    cut: list[bool]


class Lattice:
    """The frame of one quarter and its blocks."""

    def __init__(self, fabric: Fabric, origin: Floats, angle: float, seed: tuple[int, ...]) -> None:
        self.fabric, self.origin, self.seed = fabric, origin, seed
        self.turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        rng = np.random.default_rng(seed)
        self.phase = rng.uniform(0, 2 * np.pi, 2)
        stray = 0.2 * min(fabric.lane_along, fabric.lane_across)
        self.columns = rng.uniform(-stray, stray, (2, 2 * HALF))
        self.rows = rng.uniform(-stray, stray, (2, 2 * HALF))
        self._blocks: dict[tuple[int, int], Block] = {}

    def place(self, nodes: Floats) -> Floats:
        """Turn frame coordinates (n, 2) into belt coordinates, rounded to the millimetre."""
        f = self.fabric
        turns = 2 * np.pi * nodes[:, ::-1] / f.wave + self.phase
        bent = nodes + f.bend * np.sin(turns)
        moved: Floats = np.round(bent @ self.turn.T + self.origin, 3)
        return moved

    def corner(self, i: int, j: int, east: bool, north: bool) -> Node:
        """Return a corner of block (i, j)."""
        f = self.fabric
        s = i * (f.block + f.lane_across) + self.columns[int(east), i + HALF] + (f.block if east else 0.0)
        t = j * (2 * f.depth + f.lane_along) + self.rows[int(north), j + HALF] + (2 * f.depth if north else 0.0)
        return float(s), float(t)

    def block(self, i: int, j: int) -> Block:
        """Return a block, made once."""
        if (i, j) not in self._blocks:
            self._blocks[i, j] = Block(self, i, j)
        return self._blocks[i, j]

    def outward(self, reach: int) -> Iterator[tuple[int, int]]:
        """Yield block indices from the middle outwards."""
        f = self.fabric
        size = (f.block, 2 * f.depth)
        grid = [(i, j) for i in range(-reach, reach + 1) for j in range(-reach, reach + 1)]
        yield from sorted(grid, key=lambda at: (max(abs(at[0]) * size[0], abs(at[1]) * size[1]), at))


class Block:
    """One block of the lattice, in frame coordinates."""

    def __init__(self, lattice: Lattice, i: int, j: int) -> None:
        self.lattice, self.i, self.j = lattice, i, j
        f, rng = lattice.fabric, np.random.default_rng((*lattice.seed, i + HALF, j + HALF))
        self.sw, self.se = lattice.corner(i, j, False, False), lattice.corner(i, j, True, False)
        self.nw, self.ne = lattice.corner(i, j, False, True), lattice.corner(i, j, True, True)
        stops = [_stops(rng, f, self.se[0] - self.sw[0]) for _ in range(2)]
        backs = [_leaned(rng, one) for one in stops]
        line = np.unique(np.concatenate(backs))
        line = line[np.concatenate([[True], np.diff(line) * (self.se[0] - self.sw[0]) > 1.2])]
        line[-1] = 1.0
        middle = rng.uniform(-0.2, 0.2, 2) * f.lane_across
        west, east = _between(self.sw, self.nw, 0.5, middle[0]), _between(self.se, self.ne, 0.5, middle[1])
        self.back = _nodes(rng, west, east, line, f.sway / 2)
        self.rows = [
            self._row(rng, stops[0], backs[0], line, self.sw, self.se),
            self._row(rng, stops[1], backs[1], line, self.nw, self.ne),
        ]

    def _row(self, rng: np.random.Generator, stops: Floats, back: Floats, line: Floats, a: Node, b: Node) -> Row:
        f = self.lattice.fabric
        front = _nodes(rng, a, b, stops, 0.0)
        nearest = np.abs(line[None, :] - back[:, None]).argmin(axis=1)
        shares = rng.uniform(0.35, 0.65, len(stops))
        swing = rng.uniform(-0.08, 0.08, len(stops)) * f.strip
        half = [
            _between(node, self.back[at], float(share), float(side))
            for node, at, share, side in zip(front, nearest, shares, swing, strict=True)
        ]
        return Row(front, half, nearest.tolist(), (rng.random(len(stops)) < f.cut).tolist())

    @cached_property
    def outline(self) -> list[Node]:
        """The ring around the block's strips."""
        low, high = self.rows
        east = [low.half[-1], self.back[-1], high.half[-1]]
        west = [high.half[0], self.back[0], low.half[0]]
        return [*low.front, *east, *reversed(high.front), *west]

    def pieces(self, together: set[tuple[int, int]]) -> Iterator[Piece]:
        """Yield the lanes south and west of the block and its strips; `together` are the blocks that are laid out."""
        yield Piece(ALONG, 0, 0, self._along(together))
        yield Piece(ACROSS, 0, 0, self._across(together))
        for number, row in enumerate(self.rows):
            yield from self._strips(number, row)

    def _strips(self, number: int, row: Row) -> Iterator[Piece]:
        rank = 0
        for k in range(len(row.front) - 1):
            front, half = row.front[k : k + 2], row.half[k : k + 2]
            back = self.back[row.back[k] : row.back[k + 1] + 1]
            if len(back) < 2:  # its back was snapped away: a triangle
                back = back[:1]
            rings = [[*front, half[1], *reversed(back), half[0]]]
            if row.cut[k]:
                rings = [[*front, half[1], half[0]], [half[0], half[1], *reversed(back)]]
            for ring in rings:
                yield Piece(STRIP, number, rank, ring if number == 0 else ring[::-1])
                rank += 1

    def _along(self, together: set[tuple[int, int]]) -> list[Node]:
        lattice, i, j = self.lattice, self.i, self.j
        below = lattice.block(i, j - 1).rows[1].front if (i, j - 1) in together else self._bare(i, j - 1, north=True)
        start = [lattice.corner(i - 1, j - 1, True, True)]
        return [*start, *below, *reversed(self.rows[0].front), lattice.corner(i - 1, j, True, False)]

    def _across(self, together: set[tuple[int, int]]) -> list[Node]:
        beside = (self.i - 1, self.j)
        low, high = self.rows
        here = [low.front[0], low.half[0], self.back[0], high.half[0], high.front[0]]
        there = _dotted(self.lattice.corner(*beside, True, True), self.lattice.corner(*beside, True, False), 4)
        if beside in together:
            other = self.lattice.block(*beside)
            below, above = other.rows
            there = [above.front[-1], above.half[-1], other.back[-1], below.half[-1], below.front[-1]]
        return [*here, *there]

    def _bare(self, i: int, j: int, *, north: bool) -> list[Node]:
        return _dotted(self.lattice.corner(i, j, False, north), self.lattice.corner(i, j, True, north), 12)


def _stops(rng: np.random.Generator, fabric: Fabric, length: float) -> Floats:
    """Return where strips begin and end along a row, as shares of its length from 0 to 1."""
    widths = fabric.strip * np.exp(fabric.spread * rng.standard_normal(int(3 * length / fabric.strip) + 4))
    ends = np.cumsum(np.maximum(widths, 0.38 * fabric.strip))  # narrower ones could cross where they bend
    count = max(2, int(np.searchsorted(ends, length)))
    return np.concatenate([[0.0], ends[:count] / ends[count - 1]])


def _leaned(rng: np.random.Generator, stops: Floats) -> Floats:
    """Return the same stops on the back line: strips lean, but never cross."""
    room = np.minimum(np.diff(stops)[:-1], np.diff(stops)[1:]) * 0.3
    back = stops.copy()
    back[1:-1] += rng.uniform(-1, 1, len(room)) * room
    return back


def _nodes(rng: np.random.Generator, start: Node, end: Node, shares: Floats, sway: float) -> list[Node]:
    """Return points along a line; those between its ends stray sideways."""
    s = start[0] + (end[0] - start[0]) * shares
    t = start[1] + (end[1] - start[1]) * shares
    if sway:
        t[1:-1] += rng.uniform(-sway, sway, max(0, len(shares) - 2))
    return list(zip(s.tolist(), t.tolist(), strict=True))


def _dotted(a: Node, b: Node, parts: int) -> list[Node]:
    """Return a line with points on the way: where the frame bends, a long chord would cut the lane."""
    return [_between(a, b, k / parts, 0.0) for k in range(parts + 1)]


def _between(a: Node, b: Node, share: float, aside: float) -> Node:
    return a[0] + (b[0] - a[0]) * share + aside, a[1] + (b[1] - a[1]) * share
