"""GDAL, GEOS, PROJ of GeoDjango, rasterio, pyproj and pyogrio in one process."""

import importlib.util

import pytest
from django.contrib.gis.gdal.libgdal import GDAL_VERSION
from django.contrib.gis.geos import Point

from gisapp.native import UnsafeComponentError, refuse_unsafe


def test_psycopg_3_is_not_installed_because_django_would_prefer_it() -> None:
    assert importlib.util.find_spec("psycopg") is None


def test_the_native_libraries_live_together_and_transform_the_red_belt() -> None:
    import pyogrio
    import pyproj
    import rasterio
    from rasterio.warp import transform as warp

    assert GDAL_VERSION >= (3, 9)
    assert pyogrio.__gdal_version__ >= (3, 9)
    assert tuple(int(part) for part in rasterio.__gdal_version__.split(".")[:2]) >= (3, 9)
    cairo = (637570.862, 814926.671)
    by_pyproj = pyproj.Transformer.from_crs(22992, 4326, always_xy=True, allow_ballpark=False).transform(*cairo)
    point = Point(*cairo, srid=22992)
    point.transform(4326)
    by_rasterio = warp("EPSG:22992", "EPSG:4326", [cairo[0]], [cairo[1]])
    assert by_pyproj == pytest.approx((31.2357, 30.0444), abs=1e-8)
    assert (point.x, point.y) == pytest.approx((31.2357, 30.0444), abs=1e-7)
    assert (by_rasterio[0][0], by_rasterio[1][0]) == pytest.approx((31.2357, 30.0444), abs=1e-7)


@pytest.mark.parametrize(
    ("django", "gdal"), [((5, 2, 18), (3, 12, 4)), ((5, 2, 19), (3, 8, 5)), ((4, 2, 99), (3, 12, 4))]
)
def test_an_unsafe_django_or_gdal_stops_the_start(django: tuple[int, ...], gdal: tuple[int, ...]) -> None:
    with pytest.raises(UnsafeComponentError):
        refuse_unsafe(django=django, gdal=gdal)
