"""Small orthophotos that an operator loaded: where they lie, what a pixel says, and their XYZ tiles as PNG.

Only GeoTIFF is opened, by that driver alone, so that no file can name another (threats M6). The reader is rasterio.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from django.contrib.gis.geos import Polygon
from django.utils.translation import gettext_lazy as _
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds
from rasterio.vrt import WarpedVRT

from authority.refusal import Invalid, TooLarge
from tiles.grid import Tile

SIDE = 256  # pixels of a tile
MAX_PIXELS = 400_000_000  # "small": about 20,000 × 20,000
ACCURACY = 20.0  # metres; a worse way to WGS 84 is no way
LOCKED = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class Image:
    """What the register keeps of an orthophoto: its system (EPSG:22992), outline (EPSG:4326), pixel size in metres."""

    crs: str
    footprint: Polygon
    pixel_m: float


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open a GeoTIFF for reading; raises Invalid for anything else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # `inspect` refuses such a file in words
            with rasterio.Env(**LOCKED), rasterio.open(path, driver="GTiff") as source:
                yield source
    except RasterioIOError as error:
        raise Invalid("raster_unreadable", _("The file is no readable GeoTIFF.")) from error


def inspect(path: Path) -> Image:
    """Return where an orthophoto lies; raises Invalid where that is not certain, TooLarge for big ones."""
    with opened(path) as source:
        if source.width * source.height > MAX_PIXELS:
            raise TooLarge("raster_large", _("The picture has more pixels than this server draws."))
        epsg = source.crs.to_epsg() if source.crs else None
        if epsg is None or source.transform.is_identity:
            raise Invalid("raster_unplaced", _("The file does not say where on the ground the picture lies."))
        corners = [place(source.transform, *corner) for corner in around(source)]
        return Image(f"EPSG:{epsg}", outline(epsg, corners), pixel_size(source, epsg))


def around(source: Any) -> list[tuple[float, float]]:
    """Return points along the picture's edge in pixels, eight a side, clockwise and closed."""
    w, h, n = source.width, source.height, 8
    top = [(w * i / n, 0.0) for i in range(n)]
    right = [(float(w), h * i / n) for i in range(n)]
    bottom = [(w - w * i / n, float(h)) for i in range(n)]
    left = [(0.0, h - h * i / n) for i in range(n)]
    return [*top, *right, *bottom, *left, (0.0, 0.0)]


def place(affine: Any, column: float, row: float) -> tuple[float, float]:
    """Return the coordinates of a point given in pixels."""
    a, b, c, d, e, f = affine[:6]
    return a * column + b * row + c, d * column + e * row + f


def transformer(epsg_from: int, epsg_to: int) -> Transformer:
    """Return the way between two systems, never a ballpark one (domain.md §3.3)."""
    return Transformer.from_crs(epsg_from, epsg_to, always_xy=True, allow_ballpark=False, accuracy=ACCURACY)


def outline(epsg: int, corners: list[tuple[float, float]]) -> Polygon:
    """Return the outline in EPSG:4326; raises Invalid where no exact way leads there."""
    try:
        way = transformer(epsg, 4326)
        ring = [way.transform(x, y, errcheck=True) for x, y in corners]
    except ProjError as error:
        raise Invalid("raster_system", _("There is no exact way from this coordinate system to WGS 84.")) from error
    return Polygon([*ring[:-1], ring[0]], srid=4326)


def pixel_size(source: Any, epsg: int) -> float:
    """Return the ground size of a pixel in metres (degrees are taken at 111,320 m)."""
    east, _north = source.res
    return float(east) * (111_320.0 if CRS.from_epsg(epsg).is_geographic else 1.0)


def value_at(path: Path, lon: float, lat: float) -> list[float | None] | None:
    """Return the bands' values of the pixel at a point of WGS 84; None outside or where nothing was recorded."""
    with opened(path) as source:
        x, y = transformer(4326, source.crs.to_epsg()).transform(lon, lat)
        row, column = source.index(x, y)
        if not (0 <= row < source.height and 0 <= column < source.width):
            return None
        found = next(source.sample([(x, y)], masked=True))
        values = [None if each is np.ma.masked else float(each) for each in found]
        return None if all(each is None for each in values) else values


def tile_png(path: Path, tile: Tile) -> bytes | None:
    """Return the picture's part of a tile as PNG with transparency; None where it does not reach."""
    west, south, east, north = tile.bounds()
    placed = from_bounds(west, south, east, north, SIDE, SIDE)
    with opened(path) as source:
        wanted: dict[str, Any] = {"crs": "EPSG:3857", "transform": placed, "width": SIDE, "height": SIDE}
        if not has_alpha(source):
            wanted["add_alpha"] = True
        try:
            with WarpedVRT(source, resampling=Resampling.bilinear, **wanted) as warped:
                bands = colour_bands(source)
                shown, alpha = warped.read(bands), warped.dataset_mask()
        except RasterioError as error:
            raise Invalid("raster_unreadable", _("The file is no readable GeoTIFF.")) from error
        return encode(to_bytes(source, bands, shown), alpha) if alpha.any() else None


def has_alpha(source: Any) -> bool:
    """Say whether the picture tells by itself where it is empty."""
    flags = source.mask_flag_enums[0]
    return MaskFlags.alpha in flags or MaskFlags.nodata in flags or ColorInterp.alpha in source.colorinterp


def colour_bands(source: Any) -> list[int]:
    """Return the three bands shown as red, green and blue; one band is shown grey."""
    colours = [i for i, kind in enumerate(source.colorinterp, 1) if kind is not ColorInterp.alpha]
    return colours[:3] if len(colours) >= 3 else colours[:1] * 3


def to_bytes(source: Any, bands: list[int], shown: Any) -> Any:
    """Return the bands as 0–255; deeper pictures are stretched between their 2nd and 98th percentile."""
    if shown.dtype == np.uint8:
        return shown
    rough = source.read(bands, out_shape=(3, min(source.height, 256), min(source.width, 256)), masked=True)
    kept = rough.compressed()
    low, high = np.nanpercentile(kept, (2, 98)) if kept.size else (0.0, 1.0)
    stretched = (shown.astype("float64") - low) / max(float(high - low), 1e-9) * 255
    return np.nan_to_num(np.clip(stretched, 0, 255)).astype("uint8")


def encode(shown: Any, alpha: Any) -> bytes:
    """Return red, green, blue and transparency as PNG."""
    with MemoryFile() as memory:
        with memory.open(driver="PNG", width=SIDE, height=SIDE, count=4, dtype="uint8") as png:
            png.write(shown, [1, 2, 3])
            png.write(alpha.astype("uint8"), 4)
        return bytes(memory.read())
