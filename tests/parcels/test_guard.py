"""The land book is held by the database: the application's role can neither overwrite nor delete."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from parcels.models import Holding, Lineage, Parcel, ParcelVersion
from tests.conftest import as_before, as_owner
from tests.parcels import builders

ATTACKS = [
    "UPDATE parcels_parcelversion SET land_use = 'ROAD'",
    "UPDATE parcels_parcelversion SET geom = NULL",
    "UPDATE parcels_parcelversion SET source_geom = NULL, source_crs = ''",
    "UPDATE parcels_parcelversion SET legal_range = '[2001-01-01,)'",
    "UPDATE parcels_parcelversion SET recorded_range = '[2001-01-01,2002-01-01)'",
    "UPDATE parcels_parcelversion SET recorded_range = 'empty'",
    "UPDATE parcels_parcelversion SET recorded_range = tstzrange(lower(recorded_range), NULL)",
    "DELETE FROM parcels_parcelversion",
    "TRUNCATE parcels_parcelversion",
    "ALTER TABLE parcels_parcelversion DISABLE TRIGGER ALL",
    "UPDATE parcels_holding SET kind = 'SALE'",
    "UPDATE parcels_holding SET legal_range = '[2001-01-01,)'",
    "DELETE FROM parcels_holding",
    "UPDATE parcels_lineage SET act = 'MERGE'",
    "DELETE FROM parcels_lineage",
]


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ATTACKS)
def test_the_application_may_not_change_what_was_written(sql: str) -> None:
    parcel = builders.a_holding().parcel
    assert parcel is not None
    other = builders.a_parcel()
    Lineage.objects.create(
        predecessor=parcel,
        successor=other,
        act=Lineage.Act.SPLIT,
        on=dt.date(2024, 1, 1),
        recorded_at=dt.datetime.now(tz=dt.UTC),
        recorded_by=builders.a_keeper(),
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_a_row_is_closed_once() -> None:
    builders.a_parcel()
    close = (
        "UPDATE parcels_parcelversion SET recorded_range = tstzrange(lower(recorded_range), now() + interval '%s days')"
    )
    with connection.cursor() as cursor:
        cursor.execute(close % 1)
    with pytest.raises(DatabaseError, match="closed before"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(close % 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE parcels_parcelversion SET land_use = 'ROAD'",
        "UPDATE parcels_parcelversion SET land_use = 'ROAD', recorded_range = tstzrange(lower(recorded_range), 'infinity')",
        "DELETE FROM parcels_parcelversion",
        "UPDATE parcels_holding SET exclusive = false",
        "DELETE FROM parcels_holding",
    ],
)
def test_even_the_owner_of_the_tables_does_not_slip(sql: str) -> None:
    builders.a_holding()
    before = as_owner()
    try:
        with pytest.raises(DatabaseError), transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(sql)
    finally:
        as_before(before)
    assert ParcelVersion.objects.filter(land_use="VACANT").count() == Holding.objects.count() == 1


STAR = "POLYGON((32 30, 32.1 30.1, 32.1 30, 32 30.1, 32 30))"
RING = [
    (32 + math.sin(i * 1500 * 2 * math.pi / 3001) / 100, 30 + math.cos(i * 1500 * 2 * math.pi / 3001) / 100)
    for i in range(3001)
]
BIG_STAR = "POLYGON((" + ", ".join(f"{x} {y}" for x, y in [*RING, RING[0]]) + "))"
SYRIA = "POLYGON((38 34, 38.1 34, 38.1 34.1, 38 34))"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wkt", [STAR, BIG_STAR, SYRIA, "MULTIPOLYGON EMPTY"], ids=["star", "big star", "Syria", "empty"]
)
def test_no_door_writes_an_unsound_boundary(wkt: str) -> None:
    version = builders.a_parcel().versions.get()
    shape = GEOSGeometry(wkt, srid=4326)
    version.pk, version.legal_range = None, "[2010-01-01,2011-01-01)"
    version.geom = shape if shape.geom_type == "MultiPolygon" else GEOSGeometry(f"SRID=4326;MULTIPOLYGON({wkt[7:]})")
    with pytest.raises(IntegrityError, match="version_geom_is_sound"), transaction.atomic():
        version.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("parcel_no_norm", " ", "version_has_number"),
        ("transform_op", "", "version_names_its_transformation"),
        ("source_geom", None, "version_source_is_whole"),
        ("legal_range", "empty", "version_ranges_are_real"),
        ("legal_range", "(,2011-01-01)", "version_ranges_are_real"),
    ],
)
def test_no_door_writes_a_version_that_says_too_little(field: str, value: object, constraint: str) -> None:
    version = builders.a_parcel().versions.get()
    version.pk, version.legal_range = None, "[2010-01-01,2011-01-01)"
    setattr(version, field, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        version.save(force_insert=True)


@pytest.mark.django_db
def test_two_versions_of_one_moment_are_impossible() -> None:
    version = builders.a_parcel().versions.get()
    version.pk = None
    with pytest.raises(IntegrityError, match="one_version_per_moment"), transaction.atomic():
        version.save(force_insert=True)
    assert Parcel.objects.count() == 1
