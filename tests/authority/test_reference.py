"""Governorates: codes, names, outlines and the systems in which land is measured."""

import pytest
from django.core.management import call_command
from django.db import connection

from authority.models import Place
from authority.reference.governorates import BY_CODE, GOVERNORATES
from authority.reference.loading import load_places

# domain.md §3.3: place, longitude, latitude, governorate, east, north
GOLDEN = [
    ("Cairo", 31.2357, 30.0444, "01", 637570.862, 814926.671),
    ("Alexandria", 29.9187, 31.2001, "02", 511785.130, 943532.078),
    ("Ismailia", 32.2723, 30.5965, "19", 736862.874, 876796.578),
    ("Aswan", 32.8998, 24.0889, "28", 808033.096, 156312.106),
    ("Sharm El-Sheikh", 34.3299, 27.9158, "35", 233867.886, 869163.475),
    ("Siwa", 25.5195, 29.2032, "33", 555860.776, 112566.022),
    ("Farafra", 27.9700, 27.0567, "32", 796073.870, 874149.370),
]


def test_there_are_27_governorates_and_no_code_for_abroad() -> None:
    assert len(GOVERNORATES) == len(BY_CODE) == 27
    assert "88" not in BY_CODE


def test_loading_twice_changes_nothing(db: None) -> None:
    load_places()
    before = list(Place.objects.order_by("pk").values("pk", "code", "geom", "working_srid"))
    call_command("load_places")
    assert list(Place.objects.order_by("pk").values("pk", "code", "geom", "working_srid")) == before


@pytest.mark.parametrize(("name", "lon", "lat", "code", "east", "north"), GOLDEN)
def test_the_database_transforms_to_the_working_system_by_the_right_operation(
    db: None, name: str, lon: float, lat: float, code: str, east: float, north: float
) -> None:
    sql = "SELECT ST_X(g), ST_Y(g) FROM ST_Transform(ST_SetSRID(ST_Point(%s, %s), 4326), %s::int) AS g"
    with connection.cursor() as cursor:
        cursor.execute(sql, [lon, lat, BY_CODE[code].working_srid])
        assert cursor.fetchone() == pytest.approx((east, north), abs=0.001)


@pytest.mark.parametrize(("name", "lon", "lat", "code", "east", "north"), GOLDEN)
def test_each_golden_point_lies_in_its_governorate(
    db: None, name: str, lon: float, lat: float, code: str, east: float, north: float
) -> None:
    load_places()
    found = Place.objects.extra(where=["ST_DWithin(geom, ST_SetSRID(ST_Point(%s, %s), 4326), 0.01)"], params=[lon, lat])
    assert code in set(found.values_list("code", flat=True))
