"""Coordinates typed into the box: degrees (decimal or degrees, minutes, seconds) and metres of the belts and of UTM.

A pair that can mean several places is answered with all of them, each with its system (domain.md §3, T-05, T-06):
nothing is guessed silently. The datum is shifted by EPSG:7697, never by a ballpark.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyproj import Transformer
from pyproj.exceptions import ProjError

from search.normalise import normalise

EGYPT = (24.0, 21.5, 37.2, 32.0)  # west, south, east, north, with the coast's waters
NUMBER = r"[-+]?[0-9]{1,8}(?:\.[0-9]{1,12})?"
LETTER = r"(?:شمالا?|شرقا?|[nesw])"
DMS = (
    rf"(?:{LETTER}\s*)?([0-9]{{1,3}})\s*[°º]\s*([0-9]{{1,2}})\s*['′’]\s*"
    rf"([0-9]{{1,2}}(?:\.[0-9]{{1,8}})?)?\s*(?:[\"″”]|'')?\s*({LETTER})?"
)
SIDE = rf"({LETTER})?\s*[:=]?\s*({NUMBER})\s*°?\s*({LETTER})?"
PAIR = re.compile(rf"{SIDE}\s*[,;\s/]\s*{SIDE}")
TWO_DMS = re.compile(rf"{DMS}\s*[,;]?\s*{DMS}")
NORTH, EAST = {"n", "شمال", "شمالا"}, {"e", "شرق", "شرقا"}
# EPSG code → E from, to, N from, to (domain.md §3.1), in metres.
RANGES = {
    22991: (93_000, 502_000, 210_000, 1_253_000),
    22992: (408_000, 822_000, -78_000, 1_001_000),
    22993: (473_000, 897_000, -2_000, 389_000),
    22994: (492_000, 908_000, 312_000, 1_002_000),
    32635: (262_000, 811_000, 2_429_000, 3_512_000),
    32636: (190_000, 811_000, 2_429_000, 3_512_000),
}


@dataclass(frozen=True)
class Reading:
    """One way to read a pair: the system and where it lies in WGS 84 degrees."""

    epsg: int
    lon: float
    lat: float
    swapped: bool = False  # read as longitude first


def read(text: str) -> list[Reading]:
    """Return every place in Egypt that the text can mean, the most usual reading first."""
    plain = normalise(text[:120])
    dms = TWO_DMS.fullmatch(plain)
    if dms is not None:
        return list(_degrees(_of_dms(dms.groups()[:4]), _of_dms(dms.groups()[4:]), dms[4] or "", dms[8] or ""))
    pair = PAIR.fullmatch(plain.replace("،", ","))
    if pair is None:
        return []
    first, second = float(pair[2]), float(pair[5])
    names = (pair[1] or pair[3] or "", pair[4] or pair[6] or "")
    if abs(first) <= 180 and abs(second) <= 180:
        whole = "." not in pair[2] and "." not in pair[5]
        return [] if whole and not any(names) else list(_degrees(first, second, *names))
    return list(_metres(first, second, *names))


def _of_dms(parts: tuple[str | None, ...]) -> float:
    degrees, minutes, seconds = (float(part or 0) for part in parts[:3])
    return degrees + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else math.nan


def _degrees(first: float, second: float, name: str, other: str) -> Iterator[Reading]:
    """Latitude first is the habit of people; the other order is shown beside it where it lies in Egypt too."""
    said = _order(name, other)
    if said in ("", "ne") and inside(second, first):
        yield Reading(4326, second, first)
    if said in ("", "en") and inside(first, second):
        yield Reading(4326, first, second, swapped=not said)


def _metres(first: float, second: float, name: str, other: str) -> Iterator[Reading]:
    """East first is the surveyors' habit; north first only where it is said, or where no system fits otherwise."""
    said = _order(name, other)
    found = list(_fits(second, first) if said == "ne" else _fits(first, second))
    yield from found or ([] if said else _fits(second, first))


def _order(name: str, other: str) -> str:
    """Return "ne" or "en" when the order is said, else ""."""
    if name in NORTH or other in EAST:
        return "ne"
    return "en" if name in EAST or other in NORTH else ""


def _fits(east: float, north: float) -> Iterator[Reading]:
    for epsg, (west_end, east_end, south_end, north_end) in sorted(RANGES.items(), key=lambda item: item[0] != 22992):
        if west_end <= east <= east_end and south_end <= north <= north_end:
            lon, lat = to_degrees(epsg, east, north)
            if inside(lon, lat):
                yield Reading(epsg, lon, lat)


def to_degrees(epsg: int, east: float, north: float) -> tuple[float, float]:
    """Return (lon, lat) in WGS 84, or (nan, nan) where the system does not reach."""
    try:
        lon, lat = transformer(epsg).transform(east, north, errcheck=True)
    except ProjError:
        return math.nan, math.nan
    return float(lon), float(lat)


@lru_cache(maxsize=8)
def transformer(epsg: int) -> Transformer:
    """Return the way to WGS 84 with the named operation; a ballpark shift is never taken."""
    return Transformer.from_crs(epsg, 4326, always_xy=True, allow_ballpark=False, accuracy=2.0)


def inside(lon: float, lat: float) -> bool:
    """Say whether a point lies in the box around Egypt."""
    west, south, east, north = EGYPT
    return west <= lon <= east and south <= lat <= north
