"""Where coordinates lie (domain.md §3). Pure: text and numbers in, findings out.

Only systems of a closed list can be named by a person; what a .prj says is parsed from its text by pyproj and never
given to GDAL. A datum shift always names its operation; a shift that PROJ would merely guess ("ballpark") is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from importers.refusals import UnreadableError

Floats = npt.NDArray[np.float64]

# EPSG §3.1: belt → central meridian, false easting, false northing; latitude of origin 30°, k = 1, Helmert 1906.
BELTS = {
    22991: (35.0, 300000.0, 1100000.0),
    22992: (31.0, 615000.0, 810000.0),
    22993: (27.0, 700000.0, 200000.0),
    22994: (27.0, 700000.0, 1200000.0),
}
BELT_NAMES = {22991: "Blue Belt", 22992: "Red Belt", 22993: "Purple Belt", 22994: "Extended Purple Belt"}
MTM_MERIDIANS = ("25.5", "28.5", "31.5", "34.5")
# What a person may name: metres and degrees used for land in Egypt.
EPSG_ALLOWED = (4326, 4229, *BELTS, 32635, 32636, 32637, 3857)
FILE = "FILE"  # as the file's own .prj says
EGYPT = (24.4, 21.5, 37.2, 32.2)  # west, south, east, north, with the sea's edge
HELMERT_1906 = (6378200.0, 298.3)
INTERNATIONAL_1924 = (6378388.0, 297.0)
MAX_PRJ = 20_000
OPERATION_EGYPT = "EPSG:7697"


@dataclass(frozen=True)
class Shift:
    """The way from a system to WGS 84 longitude and latitude."""

    transformer: pyproj.Transformer
    operation: str
    accuracy_m: float | None

    def lonlat(self, xy: Floats) -> Floats:
        """Return (n, 2) longitudes and latitudes; what cannot be placed is infinite."""
        lon, lat = self.transformer.transform(xy[:, 0], xy[:, 1], errcheck=False)
        return np.column_stack([lon, lat])


def allowed_codes() -> list[str]:
    """Return every code a person may name."""
    belts = [f"BELT-ON-WGS84:{belt}" for belt in BELTS]
    return [f"EPSG:{code}" for code in EPSG_ALLOWED] + [f"MTM:{meridian}" for meridian in MTM_MERIDIANS] + belts


def parse_code(code: str) -> str:
    """Return a code a person named as ours; raise UnreadableError for anything outside the closed list."""
    plain = code.strip().upper() if isinstance(code, str) and len(code) < 40 else ""
    plain = f"EPSG:{plain}" if re.fullmatch(r"[0-9]{4,5}", plain) else plain
    if plain not in allowed_codes():
        raise UnreadableError("crs_not_allowed")
    return plain


@lru_cache(maxsize=64)
def system(code: str, prj: str = "") -> pyproj.CRS:
    """Return the system of a code; FILE takes the text of the .prj."""
    kind, _colon, rest = code.partition(":")
    if code == FILE:
        return horizontal(pyproj.CRS.from_wkt(checked_prj(prj)))
    if kind == "MTM" and rest in MTM_MERIDIANS:
        return tmerc(0.0, float(rest), 0.9999, 300000.0, 0.0)
    if kind == "BELT-ON-WGS84" and rest.isdigit() and int(rest) in BELTS:
        meridian, easting, northing = BELTS[int(rest)]
        return tmerc(30.0, meridian, 1.0, easting, northing)
    if kind == "EPSG" and rest.isdigit() and int(rest) in EPSG_ALLOWED:
        return pyproj.CRS.from_epsg(int(rest))
    raise UnreadableError("crs_not_allowed")


def tmerc(lat0: float, lon0: float, scale: float, easting: float, northing: float) -> pyproj.CRS:
    """Return a Transverse Mercator on WGS 84."""
    return pyproj.CRS.from_dict(
        {"proj": "tmerc", "lat_0": lat0, "lon_0": lon0, "k": scale, "x_0": easting, "y_0": northing, "datum": "WGS84"}
    )


def checked_prj(text: str) -> str:
    """Return the text when it can only be WKT; raise CRSError otherwise (no URL, no path, no PROJ string)."""
    plain = text.strip().lstrip("\ufeff")
    known = re.match(r"^(PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS|GEODETICCRS|COMPD_CS|COMPOUNDCRS|BOUNDCRS)\s*\[", plain)
    if known is None or len(plain) > MAX_PRJ:
        raise CRSError("not WKT")
    return plain


def horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    """Return the part of a system that says where, without the height; a bound TOWGS84 is dropped (it misleads)."""
    if crs.is_compound:
        crs = next(part for part in crs.sub_crs_list if not part.is_vertical)
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    return crs.to_2d() if len(crs.axis_info) > 2 else crs


@lru_cache(maxsize=64)
def shift(code: str, prj: str = "") -> Shift:
    """Return the way to WGS 84; raise UnreadableError where PROJ knows none better than a guess."""
    crs = system(code, prj)
    group = TransformerGroup(crs, 4326, always_xy=True, allow_ballpark=False)
    if not group.transformers:
        raise UnreadableError("crs_no_transformation")
    best = group.transformers[0]
    accuracy = best.accuracy if best.accuracy is not None and best.accuracy >= 0 else None
    if code.startswith(("MTM", "BELT-ON")):
        accuracy = None  # what such numbers stand on is exactly what nobody knows
    return Shift(best, operation_of(best, crs), accuracy)


def operation_of(transformer: pyproj.Transformer, crs: pyproj.CRS) -> str:
    """Return the code of the datum operation, or `none` where the datum stays."""
    for step in transformer.operations or ():
        found = step.to_json_dict().get("id", {})
        if "Transformation" in step.type_name and found:
            return f"{found['authority']}:{found['code']}"
    return "none" if same_datum(crs) else transformer.description[:60]


def same_datum(crs: pyproj.CRS) -> bool:
    """Say whether a system stands on WGS 84."""
    name = datum_name(crs)
    return "wgs 84" in name or "wgs 1984" in name or "world geodetic system 1984" in name


def accuracy_at_most(code: str, metres: float, prj: str = "") -> bool:
    """Say whether the way to WGS 84 is at least this accurate."""
    found = shift(code, prj).accuracy_m
    return found is not None and found <= metres


# ---- what a .prj says ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Declared:
    """What the .prj was understood to say."""

    code: str = ""  # "" when it says nothing usable
    reason: str = "missing"  # missing | unreadable | known | lost_datum | belt_on_wgs84 | belt_on_other | other
    name: str = ""
    refusal: str = ""


def read_prj(text: str) -> Declared:
    """Understand the text of a .prj."""
    if not text.strip():
        return Declared()
    try:
        crs = horizontal(pyproj.CRS.from_wkt(checked_prj(text)))
    except (CRSError, StopIteration):
        return Declared(reason="unreadable")
    name = crs.name[:80]
    belt = belt_of(crs)
    if belt:
        return belt_declared(crs, belt, name)
    datum = datum_name(crs)
    if "1930" in datum and "egypt" in datum:
        return Declared("", "other", name, "crs_egypt_1930")
    epsg = crs.to_epsg()
    if epsg in EPSG_ALLOWED:
        return Declared(f"EPSG:{epsg}", "known", name)
    return other_declared(text, name)


def belt_declared(crs: pyproj.CRS, belt: int, name: str) -> Declared:
    """Understand a projection with one belt's numbers: on which datum?"""
    ellipsoid, datum = ellipsoid_of(crs), datum_name(crs)
    if crs.to_epsg() == belt or (near(ellipsoid, HELMERT_1906) and names_egypt_1907(datum)):
        return Declared(f"EPSG:{belt}", "known", name)
    if "1930" in datum and "egypt" in datum:
        return Declared("", "other", name, "crs_egypt_1930")
    if near(ellipsoid, HELMERT_1906):
        return Declared(f"EPSG:{belt}", "lost_datum", name)
    return Declared(f"EPSG:{belt}", "belt_on_wgs84" if same_datum(crs) else "belt_on_other", name)


def other_declared(text: str, name: str) -> Declared:
    """Understand a system that is none of Egypt's: usable when PROJ knows a real way to WGS 84."""
    try:
        shift(FILE, text)
    except (UnreadableError, ProjError, CRSError):
        return Declared("", "other", name, "crs_no_transformation")
    return Declared(FILE, "known", name)


def belt_of(crs: pyproj.CRS) -> int:
    """Return the belt whose central meridian, false easting and false northing a projection has, or 0."""
    operation = crs.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return 0
    values = {parameter.name.lower(): float(parameter.value) for parameter in operation.params}
    names = ("longitude of natural origin", "false easting", "false northing")
    found = [values.get(name, math.inf) for name in names]
    for belt, numbers in BELTS.items():
        if all(abs(value - number) < 1e-6 for value, number in zip(found, numbers, strict=True)):
            return belt
    return 0


def ellipsoid_of(crs: pyproj.CRS) -> tuple[float, float]:
    """Return (semi-major axis, inverse flattening)."""
    return (crs.ellipsoid.semi_major_metre, crs.ellipsoid.inverse_flattening) if crs.ellipsoid else (0.0, 0.0)


def near(found: tuple[float, float], wanted: tuple[float, float]) -> bool:
    """Say whether two ellipsoids are the same."""
    return abs(found[0] - wanted[0]) < 0.01 and abs(found[1] - wanted[1]) < 1e-4


def datum_name(crs: pyproj.CRS) -> str:
    """Return the datum's name in small letters with spaces."""
    datum = crs.geodetic_crs.datum if crs.geodetic_crs else None
    return re.sub(r"[_\s]+", " ", datum.name).strip().lower() if datum else ""


def names_egypt_1907(datum: str) -> bool:
    """Say whether a datum's name is one of Egypt 1907's."""
    return bool(re.search(r"egypt.*1907|old egyptian|old egypt", datum))


# ---- distances and directions ----------------------------------------------------------------------------------------
GEOD = pyproj.Geod(ellps="WGS84")
WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def offset(from_lonlat: Floats, to_lonlat: Floats) -> tuple[float, str]:
    """Return the middle distance in metres from one placement to another, and the direction it points to."""
    sound = np.all(np.isfinite(from_lonlat) & np.isfinite(to_lonlat), axis=1)
    if not np.any(sound):
        return math.inf, ""
    first, second = from_lonlat[sound], to_lonlat[sound]
    azimuth, _back, metres = GEOD.inv(first[:, 0], first[:, 1], second[:, 0], second[:, 1])
    middle = int(np.argsort(metres)[len(metres) // 2])
    return float(metres[middle]), WINDS[round(float(azimuth[middle]) / 45.0) % 8]


def share_in_egypt(lonlat: Floats) -> float:
    """Return the share of points inside Egypt's frame."""
    west, south, east, north = EGYPT
    with np.errstate(invalid="ignore"):
        inside = (lonlat[:, 0] >= west) & (lonlat[:, 0] <= east) & (lonlat[:, 1] >= south) & (lonlat[:, 1] <= north)
    return float(np.mean(inside)) if len(lonlat) else 0.0


def guesses(xy: Floats) -> list[tuple[str, bool]]:
    """Return (code, axes swapped) of every system whose numbers look like these (domain.md §3.5)."""
    x, y = np.median(xy, axis=0)
    wide, narrow = max(abs(x), abs(y)), min(abs(x), abs(y))
    if wide <= 180 and narrow <= 90:
        codes = ["EPSG:4326", "EPSG:4229"]
    elif wide > 2_000_000 and narrow > 2_000_000:
        codes = ["EPSG:3857"]
    elif wide > 2_000_000:
        codes = ["EPSG:32636", "EPSG:32635", *(f"MTM:{meridian}" for meridian in MTM_MERIDIANS)]
    else:
        codes = [f"EPSG:{belt}" for belt in (22992, 22993, 22991, 22994)]
    return [(code, swapped) for swapped in (False, True) for code in codes]


def in_range(code: str, xy: Floats) -> bool:
    """Say whether most numbers can be numbers of that system at all (degrees in metres, metres in degrees)."""
    wide = np.abs(xy).max(axis=1)
    degrees = bool(np.median(wide) <= 180)
    return degrees == (code in {"EPSG:4326", "EPSG:4229"})


def windows(sequence: Sequence[float]) -> list[float]:
    """Return numbers rounded for a picture (1e-7° is a centimetre)."""
    return [round(float(number), 7) for number in sequence]
