"""Rings into polygons, and shapes into Shapely geometries and ISO WKB."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely import GeometryType, STRtree

from importers.readers.shp import LINE, MULTIPOINT, POINT, POLYGON, Coordinates, Floats, Ints, Records, coordinates

Geometries = npt.NDArray[np.object_]
Structure = list[list[int]]  # polygons of rings, the first ring of each its shell


@dataclass
class Shapes:
    """A run of rows as geometries."""

    geometry: Geometries  # with Z where the file has it; None where a row has a fault
    wkb: Geometries  # ISO WKB with Z and M, or None


def build(records: Records, first: int, end: int) -> Shapes:
    """Return the geometries of rows [first, end); what cannot be built gets a fault in `records`."""
    geometry = np.full(end - first, None, object)
    measures: dict[int, tuple[Coordinates, Structure]] = {}
    base = records.base
    by_kind: dict[int, list[int]] = {POINT: [], LINE: [], POLYGON: [], MULTIPOINT: []}
    found: dict[int, Coordinates] = {}
    for row in range(first, end):
        if not records.fault[row] and (numbers := coordinates(records, row)) is not None:
            found[row] = numbers
            by_kind[int(base[row])].append(row)
    for kind, rows in by_kind.items():
        if rows:
            made, structures = BUILDERS[kind]([found[row] for row in rows])
            for row, shape, structure in zip(rows, made, structures, strict=True):
                geometry[row - first] = shape
                if found[row].m is not None:
                    measures[row - first] = (found[row], structure)
    wkb = np.asarray(shapely.to_wkb(geometry, flavor="iso"), object)
    for at, (numbers, structure) in measures.items():
        wkb[at] = measured_wkb(numbers, structure, int(base[first + at]))
    return Shapes(geometry, wkb)


def stacked(numbers: Sequence[Coordinates]) -> Floats:
    """Return all points as (n, 2) or (n, 3)."""
    if any(item.z is not None for item in numbers):
        tall = [np.column_stack([item.xy, np.zeros(len(item.xy)) if item.z is None else item.z]) for item in numbers]
        return np.concatenate(tall)
    return np.ascontiguousarray(np.concatenate([item.xy for item in numbers]))


def offsets(sizes: Sequence[int] | Ints) -> Ints:
    """Return where runs of these sizes begin, and the end."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def points(numbers: Sequence[Coordinates]) -> tuple[Geometries, list[Structure]]:
    """Return points."""
    made: Geometries = np.asarray(shapely.points(stacked(numbers)), object)
    return made, [[[0]]] * len(numbers)


def multipoints(numbers: Sequence[Coordinates]) -> tuple[Geometries, list[Structure]]:
    """Return multipoints."""
    at = offsets([len(item.xy) for item in numbers])
    return shapely.from_ragged_array(GeometryType.MULTIPOINT, stacked(numbers), (at,)), [[[0]]] * len(numbers)


def lines(numbers: Sequence[Coordinates]) -> tuple[Geometries, list[Structure]]:
    """Return lines, as multilines where they have several parts; a part of one point is doubled."""
    padded = [pad_parts(item, least=2, close=False) for item in numbers]
    part_sizes = np.concatenate([np.diff(np.append(item.starts, len(item.xy))) for item in padded])
    at = (offsets(part_sizes), offsets([len(item.starts) for item in padded]))
    made = shapely.from_ragged_array(GeometryType.MULTILINESTRING, stacked(padded), at)
    single = np.array([len(item.starts) == 1 for item in padded])
    made[single] = shapely.get_geometry(made[single], 0)
    return made, [[[part] for part in range(len(item.starts))] for item in padded]


def polygons(numbers: Sequence[Coordinates]) -> tuple[Geometries, list[Structure]]:
    """Return polygons, as multipolygons where they have several shells."""
    padded = [pad_parts(item, least=4, close=True) for item in numbers]
    structures = [group(item) for item in padded]
    sizes, ring_counts, polygon_counts, pieces = [], [], [], []
    for item, structure in zip(padded, structures, strict=True):
        ends = np.append(item.starts[1:], len(item.xy))
        for rings in structure:
            ring_counts.append(len(rings))
            for ring in rings:
                start, end = int(item.starts[ring]), int(ends[ring])
                sizes.append(end - start)
                pieces.append(
                    Coordinates(
                        item.xy[start:end], None if item.z is None else item.z[start:end], None, item.starts[:1]
                    )
                )
        polygon_counts.append(len(structure))
    at = (offsets(sizes), offsets(ring_counts), offsets(polygon_counts))
    made = shapely.from_ragged_array(GeometryType.MULTIPOLYGON, stacked(pieces), at)
    single = np.array(polygon_counts) == 1
    made[single] = shapely.get_geometry(made[single], 0)
    return made, structures


BUILDERS = {POINT: points, LINE: lines, POLYGON: polygons, MULTIPOINT: multipoints}


def pad_parts(item: Coordinates, *, least: int, close: bool) -> Coordinates:
    """Return the shape with every part closed (rings) and long enough to be a part at all."""
    ends = np.append(item.starts[1:], len(item.xy))
    first, last = item.xy[item.starts], item.xy[ends - 1]
    open_ = np.any(first != last, axis=1) if close else np.zeros(len(ends), bool)
    sizes = ends - item.starts + open_
    if not np.any(open_) and np.all(sizes >= least):
        return item
    picks: list[Ints] = []
    for start, end, is_open in zip(item.starts, ends, open_, strict=True):
        pick = np.arange(start, end)
        pick = np.append(pick, start) if is_open else pick
        picks.append(np.append(pick, np.full(max(0, least - len(pick)), pick[-1])))
    chosen = np.concatenate(picks)
    starts = offsets([len(pick) for pick in picks])[:-1]
    z = None if item.z is None else item.z[chosen]
    m = None if item.m is None else item.m[chosen]
    return Coordinates(item.xy[chosen], z, m, starts)


def ring_areas(item: Coordinates) -> Floats:
    """Return each ring's signed area: clockwise (a shell by the format's rule) is negative."""
    ends = np.append(item.starts[1:], len(item.xy))
    near = item.xy - np.repeat(item.xy[item.starts], ends - item.starts, axis=0)
    cross = near[:-1, 0] * near[1:, 1] - near[1:, 0] * near[:-1, 1]
    cross = np.append(cross, 0.0)
    cross[ends - 1] = 0.0  # from one ring to the next is no edge
    return np.add.reduceat(cross, item.starts) / 2


def group(item: Coordinates) -> Structure:
    """Say which rings are shells and whose holes the others are."""
    if len(item.starts) == 1:
        return [[0]]
    areas = ring_areas(item)
    shells = np.flatnonzero(areas < 0)
    holes = np.flatnonzero(areas >= 0)
    if len(shells) == 0:
        return by_nesting(item, areas)
    if len(holes) == 0:
        return [[int(shell)] for shell in shells]
    if len(shells) == 1:
        return [[int(shells[0]), *map(int, holes)]]
    return place_holes(item, areas, shells, holes)


def ring_polygons(item: Coordinates, rings: Ints) -> Geometries:
    """Return rings as polygons without holes."""
    ends = np.append(item.starts[1:], len(item.xy))
    return np.array([shapely.Polygon(item.xy[item.starts[ring] : ends[ring]]) for ring in rings], object)


def place_holes(item: Coordinates, areas: Floats, shells: Ints, holes: Ints) -> Structure:
    """Give each hole to the smallest shell around it; a hole in no shell stands alone."""
    structure = {int(shell): [int(shell)] for shell in shells}
    owner: dict[int, int] = {}
    hole_at, shell_at = STRtree(ring_polygons(item, shells)).query(ring_polygons(item, holes), predicate="intersects")
    shell_shapes, hole_shapes = ring_polygons(item, shells), ring_polygons(item, holes)
    inside = touching_inside(shell_shapes[shell_at], hole_shapes[hole_at])
    for hole, shell in zip(holes[hole_at[inside]].tolist(), shells[shell_at[inside]].tolist(), strict=True):
        if hole not in owner or abs(areas[shell]) < abs(areas[owner[hole]]):
            owner[hole] = shell
    for hole in holes.tolist():
        if hole in owner:
            structure[owner[hole]].append(hole)
        else:
            structure[hole] = [hole]
    return [structure[ring] for ring in sorted(structure)]


def touching_inside(shells: Geometries, holes: Geometries) -> npt.NDArray[np.bool_]:
    """Say for each pair whether most of the hole's corners lie in or on the shell; safe for crossing rings."""
    answers = np.zeros(len(shells), bool)
    for at, (shell, hole) in enumerate(zip(shells, holes, strict=True)):
        corners = shapely.points(shapely.get_coordinates(hole)[:-1][:50])
        shapely.prepare(shell)
        answers[at] = np.mean(shapely.intersects(shell, corners)) > 0.5
    return answers


def by_nesting(item: Coordinates, areas: Floats) -> Structure:
    """All rings run the wrong way round: a ring inside an odd number of others is a hole."""
    order = np.argsort(-np.abs(areas), kind="stable")
    shapes = ring_polygons(item, order)
    inner, outer = STRtree(shapes).query(shapes, predicate="intersects")
    pairs = inner > outer  # a larger ring comes first
    inner, outer = inner[pairs], outer[pairs]
    inside = touching_inside(shapes[outer], shapes[inner])
    depth = np.bincount(inner[inside], minlength=len(order))
    shells, holes = order[depth % 2 == 0], order[depth % 2 == 1]
    if len(holes) == 0:
        return [[int(shell)] for shell in np.sort(shells)]
    return place_holes(item, areas, np.sort(shells), np.sort(holes))


# ---- ISO WKB with measures, which Shapely's arrays do not carry ------------------------------------------------------
WKB_KINDS = {POINT: (1, 1), MULTIPOINT: (4, 1), LINE: (2, 5), POLYGON: (3, 6)}


def measured_wkb(item: Coordinates, structure: Structure, base: int) -> bytes:
    """Return little-endian ISO WKB of one shape with M (and Z)."""
    if base in (LINE, POLYGON):
        item = pad_parts(item, least=4 if base == POLYGON else 2, close=base == POLYGON)
    columns = [item.xy] + ([item.z[:, None]] if item.z is not None else []) + [item.m[:, None]]  # type: ignore[index]
    numbers = np.ascontiguousarray(np.concatenate(columns, axis=1), "<f8")
    plus = 3000 if item.z is not None else 2000
    ends = np.append(item.starts[1:], len(numbers))
    single, many = WKB_KINDS[base]
    if base == POINT:
        return head(single + plus) + numbers.tobytes()
    if base == MULTIPOINT:
        return head(many + plus, len(numbers)) + b"".join(head(1 + plus) + row.tobytes() for row in numbers)
    runs = [[numbers[item.starts[ring] : ends[ring]] for ring in rings] for rings in structure]
    pieces = [piece(single + plus, rings) for rings in runs]
    return pieces[0] if len(pieces) == 1 else head(many + plus, len(pieces)) + b"".join(pieces)


def piece(code: int, rings: list[Floats]) -> bytes:
    """Return one line or polygon."""
    runs = [struct.pack("<L", len(ring)) + ring.tobytes() for ring in rings]
    return head(code) + runs[0] if code % 1000 == 2 else head(code, len(rings)) + b"".join(runs)


def head(code: int, count: int | None = None) -> bytes:
    """Return the byte order, the type and, where the type has one, a count."""
    return struct.pack("<BL", 1, code) + (b"" if count is None else struct.pack("<L", count))
