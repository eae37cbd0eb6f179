"""A small orthophoto: where it lies, what a pixel says, and how it is cut into tiles."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from django.core.management import CommandError, call_command
from PIL import Image as Picture
from pyproj import Transformer
from rasterio.transform import from_origin

from authority.models import AuditEvent, Role
from authority.refusal import Invalid
from tests.authority.builders import make_user
from tiles import orthophoto
from tiles.grid import WORLD, Tile
from tiles.models import OrthoImage

EAST, NORTH, PIXEL = 736_800.0, 876_900.0, 2.0  # Red belt, Ismailia


def make_tif(path: Path, *, epsg: int | None = 22992, dtype: str = "uint8", count: int = 3, **more: Any) -> Path:
    """Write 100 × 100 pixels whose red is the column, green the row, blue 200."""
    rows, columns = np.mgrid[0:100, 0:100]
    bands = np.stack([columns, rows, np.full((100, 100), 200)])[:count].astype(dtype)
    given: dict[str, Any] = {"driver": "GTiff", "width": 100, "height": 100, "count": count, "dtype": dtype, **more}
    if epsg:
        given |= {"crs": f"EPSG:{epsg}", "transform": from_origin(EAST, NORTH, PIXEL, PIXEL)}
    with rasterio.open(path, "w", **given) as file:
        file.write(bands)
    return path


def tile_over(lon: float, lat: float, z: int) -> Tile:
    n = 1 << z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return Tile(z, int((lon + 180) / 360 * n), int(y * n))


def place(column: float, row: float) -> tuple[float, float]:
    way = Transformer.from_crs(22992, 4326, always_xy=True, allow_ballpark=False, accuracy=2.0)
    return way.transform(EAST + column * PIXEL, NORTH - row * PIXEL)


def test_its_outline_lies_where_the_belt_says(tmp_path: Path) -> None:
    found = orthophoto.inspect(make_tif(tmp_path / "a.tif"))
    assert (found.crs, found.pixel_m) == ("EPSG:22992", 2.0)
    west, south, east, north = found.footprint.extent
    assert west == pytest.approx(min(place(0, 0)[0], place(0, 100)[0]), abs=1e-7)
    assert north == pytest.approx(max(place(0, 0)[1], place(100, 0)[1]), abs=1e-7)
    assert (east - west, north - south) == pytest.approx((0.00210, 0.00182), abs=2e-5)


@pytest.mark.parametrize(("column", "row"), [(10, 20), (0, 0), (99, 99), (50, 3)])
def test_a_pixel_says_its_values(tmp_path: Path, column: int, row: int) -> None:
    path = make_tif(tmp_path / "a.tif")
    assert orthophoto.value_at(path, *place(column + 0.5, row + 0.5)) == [column, row, 200]


def test_outside_there_is_no_value(tmp_path: Path) -> None:
    assert orthophoto.value_at(make_tif(tmp_path / "a.tif"), 31.0, 30.0) is None


def test_where_nothing_was_recorded_there_is_no_value(tmp_path: Path) -> None:
    path = make_tif(tmp_path / "a.tif", count=1, nodata=10)
    assert orthophoto.value_at(path, *place(10.5, 5.5)) is None
    assert orthophoto.value_at(path, *place(11.5, 5.5)) == [11]


@pytest.mark.parametrize(("column", "row"), [(20.5, 30.5), (70.5, 60.5)])
def test_a_tile_shows_each_pixel_in_its_place(tmp_path: Path, column: float, row: float) -> None:
    path, (lon, lat) = make_tif(tmp_path / "a.tif"), place(column, row)
    tile = tile_over(lon, lat, 19)
    body = orthophoto.tile_png(path, tile)
    assert body is not None
    drawn = np.array(Picture.open(io.BytesIO(body)))
    assert drawn.shape == (256, 256, 4)
    west, _south, _east, north = tile.bounds()
    x = lon / 180 * WORLD
    y = math.asinh(math.tan(math.radians(lat))) / math.pi * WORLD
    pixel = tile.width / 256
    red, green, blue, alpha = drawn[int((north - y) / pixel), int((x - west) / pixel)].tolist()
    assert (red, green) == pytest.approx((int(column), int(row)), abs=1.5)
    assert (blue, alpha) == (200, 255)


def test_beyond_its_edge_a_tile_is_transparent_or_absent(tmp_path: Path) -> None:
    path = make_tif(tmp_path / "a.tif")
    body = orthophoto.tile_png(path, tile_over(*place(50, 50), 14))
    assert body is not None
    assert np.array(Picture.open(io.BytesIO(body)))[..., 3].min() == 0
    assert orthophoto.tile_png(path, tile_over(31.0, 30.0, 14)) is None


def test_deep_pictures_are_stretched(tmp_path: Path) -> None:
    body = orthophoto.tile_png(make_tif(tmp_path / "a.tif", dtype="uint16"), tile_over(*place(50, 50), 18))
    assert body is not None
    drawn = np.array(Picture.open(io.BytesIO(body)))
    assert int(drawn[..., 0][drawn[..., 3] > 0].max()) > 100


@pytest.mark.parametrize("kind", ["vrt", "text", "unplaced", "png"])
def test_what_is_no_placed_geotiff_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.tif"
    if kind == "vrt":
        inner = make_tif(tmp_path / "inner.tif")
        path.write_text(
            f'<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
            f"<SourceFilename>{inner}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
        )
    elif kind == "text":
        path.write_text("no picture")
    elif kind == "png":
        Picture.new("RGB", (9, 9)).save(path, "PNG")
    else:
        with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
            make_tif(path, epsg=None)
    with pytest.raises(Invalid):
        orthophoto.inspect(path)


@pytest.mark.parametrize(
    "name",
    ["rio-tiler/cog_rgb.tif", "rio-tiler/cog_rgba.tif", "rio-tiler/cog_nodata.tif", "rio-tiler/cog.tif",
     "martin_naip_cog/usda_naip_512_deflate_z2.tif", "rio-tiler/cog_cmap.tif"],
)  # fmt: skip
def test_real_pictures_are_drawn(shared_data: Path, name: str) -> None:
    path = shared_data / "raster" / name
    found = orthophoto.inspect(path)
    lon, lat = found.footprint.centroid.coords
    body = orthophoto.tile_png(path, tile_over(lon, lat, 14))
    assert body is not None
    assert np.array(Picture.open(io.BytesIO(body)))[..., 3].any()


@pytest.mark.django_db
def test_an_operator_adds_a_picture_and_officers_see_it(tmp_path: Path, client: Any) -> None:
    operator = make_user(Role.ADMIN, username="operator")
    call_command("add_orthophoto", str(make_tif(tmp_path / "a.tif")), name="ismailia-2025", by="operator")
    image = OrthoImage.objects.get()
    assert (image.crs, image.added_by) == ("EPSG:22992", operator)
    assert AuditEvent.objects.filter(action="tiles.add_orthophoto", object_id=str(image.pk)).exists()
    client.force_login(make_user(Role.SURVEYOR))
    lon, lat = place(20.5, 30.5)
    tile = tile_over(lon, lat, 18)
    answer = client.get(f"/tiles/ortho/ismailia-2025/{tile.z}/{tile.x}/{tile.y}.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    known = {"If-None-Match": answer["ETag"]}
    assert client.get(f"/tiles/ortho/ismailia-2025/{tile.z}/{tile.x}/{tile.y}.png", headers=known).status_code == 304
    assert client.get(f"/tiles/ortho/ismailia-2025/value?lon={lon}&lat={lat}").json()["values"] == [20, 30, 200]
    assert client.get("/tiles/style.json").json()["sources"]["ortho-ismailia-2025"]["type"] == "raster"


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["name", "taken", "file", "user"])
def test_a_picture_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    make_user(Role.ADMIN, username="operator")
    file = make_tif(tmp_path / "a.tif")
    given = {"name": "x", "by": "operator"}
    if case == "taken":
        call_command("add_orthophoto", str(file), **given)
    changes = {"name": {"name": "../x"}, "taken": {}, "file": {}, "user": {"by": "nobody"}}[case]
    with pytest.raises(CommandError):
        call_command("add_orthophoto", str(tmp_path / "none.tif" if case == "file" else file), **{**given, **changes})
