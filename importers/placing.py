"""Decide whether the place of a survey is certain, and else which placements a person is shown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj.exceptions import ProjError

from importers.crs import (
    FILE,
    Declared,
    Floats,
    guesses,
    in_range,
    offset,
    read_prj,
    share_in_egypt,
    shift,
    system,
    windows,
)
from importers.findings import CrsFinding, Placement, Ring
from importers.refusals import UnreadableError

MOST = 0.5  # a placement lies where this share of the sample lies
SHOWN_OUTLINES, SHOWN_CORNERS = 40, 80
MARGIN = 0.02  # degrees around a governorate's outline, which is drawn coarsely
SAME_M = 1.0  # placements closer than this are one


@dataclass(frozen=True)
class Sample:
    """A part of the file that stands for the whole: one point a feature, and some outlines."""

    points: Floats  # (n, 2) in the file's own numbers
    outlines: Sequence[Floats]


@dataclass
class Tried:
    """One placement and where it puts the sample."""

    code: str
    swapped: bool
    lonlat: Floats
    placement: Placement


def place(
    sample: Sample, *, prj: str = "", governorate: bytes | None = None, declared: str = "", fixed: str = ""
) -> CrsFinding:
    """Find where the sample lies.

    `prj` is the text of the .prj, `governorate` the WKB (lon/lat) it should lie in, `declared` the code the sender
    named, `fixed` the code a format prescribes (GeoJSON: EPSG:4326).
    """
    said = read_prj(prj)
    if declared or fixed:
        said = Declared(declared or fixed, "known", said.name or declared or fixed)
    if said.refusal:
        return CrsFinding(False, "", False, said.reason, said.name, [], said.refusal)
    if not len(sample.points):
        return CrsFinding(
            bool(said.code), said.code, False, said.reason, said.name, [], "" if said.code else "crs_unknown"
        )
    area = outline(governorate)
    tried = try_all(sample, candidates(sample, said), prj=prj, area=area)
    return settle(sample, said, tried, area=area)


def outline(governorate: bytes | None) -> shapely.Geometry | None:
    """Return the governorate's outline with a margin, ready for many questions."""
    if governorate is None:
        return None
    area = shapely.from_wkb(governorate)
    area = shapely.buffer(area, MARGIN, quad_segs=2)
    shapely.prepare(area)
    return area


def candidates(sample: Sample, said: Declared) -> list[tuple[str, bool]]:
    """Return (code, swapped) of every placement worth trying, the declared one first."""
    found: list[tuple[str, bool]] = []
    if said.code and in_range_of(said, sample):
        found += [(said.code, False), (said.code, True)]
    if said.reason in {"lost_datum", "belt_on_wgs84"}:
        found.append((f"BELT-ON-WGS84:{said.code.partition(':')[2]}", False))
    return list(dict.fromkeys([*found, *guesses(sample.points)]))


def in_range_of(said: Declared, sample: Sample) -> bool:
    """Say whether the declared system can have these numbers."""
    return said.code == FILE or in_range(said.code, sample.points)


def try_all(
    sample: Sample, pairs: Sequence[tuple[str, bool]], *, prj: str, area: shapely.Geometry | None
) -> list[Tried]:
    """Place the sample in each way; ways that PROJ does not know are left out."""
    found = []
    for code, swapped in pairs:
        try:
            found.append(try_one(sample, code, swapped, prj=prj, area=area))
        except (UnreadableError, ProjError):
            continue
    return found


def try_one(sample: Sample, code: str, swapped: bool, *, prj: str, area: shapely.Geometry | None) -> Tried:
    """Place the sample in one way."""
    way = shift(code, prj)
    lonlat = way.lonlat(turned(sample.points, swapped))
    rings = [ring_of(way.lonlat(turned(outline, swapped))) for outline in sample.outlines[:SHOWN_OUTLINES]]
    sound = lonlat[np.all(np.isfinite(lonlat), axis=1)]
    bounds = windows([*sound.min(axis=0), *sound.max(axis=0)]) if len(sound) else []
    inside = None if area is None else share_inside(area, lonlat)
    return Tried(
        code,
        swapped,
        lonlat,
        Placement(
            code=code,
            axis_swapped=swapped,
            name=system(code, prj).name[:80],
            suggested=False,
            inside=inside,
            in_egypt=round(share_in_egypt(lonlat), 4),
            accuracy_m=way.accuracy_m,
            operation=way.operation,
            bounds=bounds,
            outlines=[ring for ring in rings if ring],
        ),
    )


def turned(xy: Floats, swapped: bool) -> Floats:
    """Return the numbers with their columns exchanged when asked."""
    return xy[:, ::-1] if swapped else xy


def share_inside(area: shapely.Geometry, lonlat: Floats) -> float:
    """Return the share of points inside an area."""
    sound = np.where(np.isfinite(lonlat), lonlat, 999.0)
    return round(float(np.mean(shapely.contains_xy(area, sound[:, 0], sound[:, 1]))), 4)


def ring_of(lonlat: Floats) -> Ring:
    """Return an outline thin enough for a picture; nothing when a corner cannot be placed."""
    if not np.all(np.isfinite(lonlat)):
        return []
    step = max(1, len(lonlat) // SHOWN_CORNERS)
    thin = np.vstack([lonlat[:-1:step], lonlat[-1:]])
    return [windows(corner) for corner in thin.tolist()]


def fits(tried: Tried, area: shapely.Geometry | None) -> bool:
    """Say whether a placement is possible: in the governorate, or without one in Egypt."""
    share = tried.placement.in_egypt if area is None else tried.placement.inside
    return share is not None and share >= MOST


def settle(sample: Sample, said: Declared, tried: list[Tried], *, area: shapely.Geometry | None) -> CrsFinding:
    """Weigh the placements."""
    first = next((one for one in tried if one.code == said.code and not one.swapped), None)
    if first is not None and said.reason == "known":
        return settle_known(said, first, tried, area=area)
    shown = [one for one in tried if fits(one, area)]
    if first is not None and said.reason in {"lost_datum", "belt_on_wgs84", "belt_on_other"}:
        kept = [one for one in tried if one.code.endswith(said.code.partition(":")[2]) and not one.swapped]
        return asked(said, first, kept if fits(first, area) else [*kept, *shown], said.reason)
    if not shown:
        near_misses = [one for one in tried if one.placement.in_egypt >= MOST]
        reason = "out_of_range" if said.code else said.reason
        if not near_misses:
            return CrsFinding(False, "", False, reason, said.name, [], "crs_unknown")
        return asked(said, near_misses[0], near_misses, reason)
    return asked(said, shown[0], shown, "out_of_range" if said.code else said.reason)


def settle_known(said: Declared, first: Tried, tried: list[Tried], *, area: shapely.Geometry | None) -> CrsFinding:
    """The file names a system that exists: certain, unless the land then lies elsewhere and another way fits."""
    others = [one for one in tried if one is not first and fits(one, area) and not same(one, first)]
    if fits(first, area):
        swap = [one for one in others if one.swapped and one.code == first.code and area is not None]
        return asked(said, first, [first, *swap], "both_orders") if swap else sure(said, first)
    if said.code == FILE and share_of(first) == 0 and area is None:
        return sure(said, first)
    return asked(said, others[0], [*others, first], "elsewhere") if others else sure(said, first)


def share_of(tried: Tried) -> float:
    """Return the share of a placement's sample that lies in Egypt's frame."""
    return tried.placement.in_egypt


def same(one: Tried, other: Tried) -> bool:
    """Say whether two placements are one on the ground."""
    return offset(other.lonlat, one.lonlat)[0] < SAME_M


def sure(said: Declared, first: Tried) -> CrsFinding:
    """Return the certain finding."""
    first.placement.suggested = True
    return CrsFinding(True, first.code, first.swapped, said.reason, said.name, [first.placement])


def asked(said: Declared, best: Tried, shown: Sequence[Tried], reason: str) -> CrsFinding:
    """Return the question, the suggested placement first, each with its distance from it."""
    best.placement.suggested = True
    ordered = list({id(one): one for one in (best, *shown)}.values())
    for one in ordered:
        metres, direction = offset(best.lonlat, one.lonlat)
        one.placement.offset_m = round(metres, 2) if np.isfinite(metres) else 0.0
        one.placement.direction = direction if metres > 0.01 else ""
    return CrsFinding(False, best.code, best.swapped, reason, said.name, [one.placement for one in ordered])
