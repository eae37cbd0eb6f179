"""Parcels enter the book: by hand and by survey."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
import shapely
from django.db import connection, transaction

from authority import clock
from authority.models import AuditEvent, Role
from authority.refusal import Conflict, Invalid, NotAllowed
from parcels import codes, services
from parcels.facts import Boundary
from parcels.models import Parcel, ParcelVersion, Status
from parcels.services import apply_survey
from tests.authority.builders import make_custodian, make_place, make_user
from tests.conftest import as_before, as_owner
from tests.parcels import builders
from tiles.models import LayerVersion

pytestmark = pytest.mark.django_db


def test_a_parcel_is_registered_in_one_call() -> None:
    parcel = builders.a_parcel(number="12/3")
    version = parcel.versions.get()
    assert parcel.status == Status.FREE
    assert codes.verify(parcel.parcel_code)
    assert (version.parcel_no_norm, version.parcel_no_main, version.parcel_no_sub) == ("12/3", 12, "3")
    assert version.geom_area_m2 == Decimal("5000.0000")
    assert (version.transform_op, version.transform_accuracy_m) == ("EPSG:7697", 1.2)


def test_the_boundary_of_record_is_kept_byte_by_byte() -> None:
    boundary = builders.a_boundary()
    version = builders.a_parcel(boundary=boundary).versions.get()
    assert bytes(version.source_geom) == boundary.wkb
    assert version.source_crs == builders.RED_BELT


def test_a_paper_parcel_has_no_boundary_and_no_known_status() -> None:
    parcel = builders.a_parcel(located=False, deed_area_m2="9100")
    assert parcel.versions.get().geom is None
    assert parcel.status == Status.UNKNOWN


def test_registering_is_audited_counted_and_versioned() -> None:
    parcel = builders.a_parcel()
    event = AuditEvent.objects.get(action="parcels.registered", object_id=str(parcel.pk))
    assert event.governorate == "19"
    assert LayerVersion.objects.get(layer="parcels", governorate="19").version >= 1
    assert parcel.row_version > 1


def test_parts_of_one_parcel_are_counted() -> None:
    hod = builders.a_hod()
    parcels = [builders.a_parcel(place=hod, number="ضمن 45") for _ in range(3)]
    assert [parcel.versions.get().part_seq for parcel in parcels] == [1, 2, 3]
    assert len({parcel.parcel_code for parcel in parcels}) == 3


def test_a_number_used_twice_gets_two_codes() -> None:
    hod = builders.a_hod()
    one, two = (builders.a_parcel(place=hod, number="45") for _ in range(2))
    assert one.parcel_code != two.parcel_code


def test_who_keeps_another_governorate_registers_nothing_here() -> None:
    stranger = builders.a_keeper(make_place("02"))
    with pytest.raises(NotAllowed):
        builders.a_parcel(by=stranger)
    assert not Parcel.objects.exists()


def test_who_only_reads_registers_nothing() -> None:
    with pytest.raises(NotAllowed):
        builders.a_parcel(by=make_user(Role.AUDITOR, place=builders.a_governorate()))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"deed_area_m2": "0.001"}, "area_too_small"),
        ({"deed_area_m2": "many"}, "fact_invalid"),
        ({"land_use": "FOREST"}, "fact_invalid"),
        ({"colour": "red"}, "fact_unknown"),
        ({"street": "ش" * 200}, "fact_invalid"),
    ],
)
def test_facts_that_cannot_be_are_refused(facts: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        builders.a_parcel(**facts)
    assert refused.value.code == code


def test_the_national_number_is_borne_by_one_parcel_alone() -> None:
    hod, custodian, by = builders.a_hod(), make_custodian(), builders.a_keeper()
    given = {"by": by, "at": clock.now(), "place": hod, "custodian": custodian, "legal_from": builders.DAY}
    services.register_parcel(number="1", unified_property_no="EG-1", **given)
    with pytest.raises(Conflict) as refused:
        services.register_parcel(number="2", unified_property_no="EG-1", **given)
    assert refused.value.code == "unified_number_taken"
    with pytest.raises(Invalid):
        services.register_parcel(number="3", unified_property_no="9" * 65, **given)


@pytest.mark.django_db(transaction=True)
def test_officers_who_register_the_same_number_at_once_get_different_codes() -> None:
    hod, by, start = builders.a_hod(), builders.a_keeper(), threading.Barrier(6)

    def register() -> None:
        start.wait()
        for _ in range(3):
            builders.a_parcel(by=by, place=hod, number="ضمن 45", located=False, deed_area_m2="100")
        connection.close()

    threads = [threading.Thread(target=register) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    parts = sorted(ParcelVersion.objects.values_list("part_seq", flat=True))
    assert parts == list(range(1, 19))
    assert Parcel.objects.values("parcel_code").distinct().count() == 18


def boundary_of(shape: shapely.Geometry, crs: str = builders.RED_BELT) -> Boundary:
    return Boundary(shapely.to_wkb(shape), crs, row=7)


BOWTIE = shapely.Polygon([(736000, 876000), (736100, 876100), (736100, 876000), (736000, 876100)])


@pytest.mark.parametrize(
    ("boundary", "code"),
    [
        (boundary_of(BOWTIE), "geometry_invalid"),
        (boundary_of(shapely.Point(736000, 876000)), "geometry_not_polygon"),
        (boundary_of(shapely.Polygon()), "geometry_empty"),
        (boundary_of(shapely.box(0, 0, 100, 100), "EPSG:32636"), "geometry_outside_egypt"),
        (boundary_of(shapely.box(31, 30, 31.001, 30.001), "EPSG:22992"), "geometry_outside_egypt"),
        (boundary_of(shapely.box(31, 30, 31.001, 30.001), "EPSG:4199"), "no_transformation"),
        (boundary_of(shapely.box(31, 30, 31.001, 30.001), "http://example.org/crs"), "crs_unknown"),
        (boundary_of(shapely.box(31, 30, 31.001, 30.001), "EPSG:999999"), "crs_unknown"),
        (boundary_of(shapely.box(31, 30, 31.001, 30.001), "+proj=longlat"), "crs_unknown"),
    ],
)
def test_boundaries_that_cannot_stand_are_refused(boundary: Boundary, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        builders.a_parcel(boundary=boundary)
    assert refused.value.code == code
    assert not Parcel.objects.exists()


def test_a_negative_northing_is_good_land() -> None:
    abu_simbel = shapely.box(679_292.16, -38_855.98, 679_392.16, -38_755.98)
    aswan = builders.a_governorate("28")
    parcel = builders.a_parcel(place=builders.a_hod(aswan), boundary=boundary_of(abu_simbel))
    assert parcel.versions.get().geom.centroid.y == pytest.approx(22.3366, abs=0.01)


def test_a_system_that_only_the_file_defines_keeps_its_own_coordinates() -> None:
    own = shapely.to_wkb(shapely.box(0, 0, 100, 50))
    lonlat = shapely.to_wkb(shapely.box(32.27, 30.59, 32.271, 30.591))
    boundary = Boundary(own, "FILE", lonlat=lonlat, operation="EPSG:7697", lonlat_accuracy_m=1.2)
    version = builders.a_parcel(boundary=boundary).versions.get()
    assert (bytes(version.source_geom), version.source_crs) == (own, "FILE")
    assert (version.transform_op, version.transform_accuracy_m) == ("EPSG:7697", 1.2)
    assert version.geom.extent == pytest.approx((32.27, 30.59, 32.271, 30.591))


# ---- surveys ---------------------------------------------------------------------------------------------------------


def survey(count: int = 5, *, on: dt.date = dt.date(2024, 5, 1), **given: Any) -> list[services.Applied]:
    by = given.pop("by", None) or builders.a_keeper()
    items = given.pop("items", None) or builders.survey_items(count)
    return apply_survey(by=by, at=clock.now(), items=items, on=on, basis="ر/2026/0147")


def test_a_survey_of_new_land_makes_parcels() -> None:
    applied = survey(5)
    assert all(one.created for one in applied)
    version = ParcelVersion.objects.get(parcel_id=applied[2].parcel_id)
    assert (version.parcel_no_norm, version.source_row, version.basis) == ("3", 3, "ر/2026/0147")
    assert version.survey_area_m2 == version.geom_area_m2 == Decimal("200.0000")


def test_a_survey_of_known_land_adds_versions_and_keeps_the_old_ones() -> None:
    first = survey(5)
    second = survey(5, on=dt.date(2025, 5, 1))
    assert [one.parcel_id for one in first] == [one.parcel_id for one in second]
    assert not any(one.created for one in second)
    rows = ParcelVersion.objects.filter(parcel_id=first[0].parcel_id)
    standing = sorted((row.legal_range.lower, row.legal_range.upper) for row in rows.filter(in_book=True))
    assert standing == [(dt.date(2024, 5, 1), dt.date(2025, 5, 1)), (dt.date(2025, 5, 1), None)]
    assert rows.filter(in_book=False).count() == 1


def test_a_survey_keeps_what_it_does_not_speak_of() -> None:
    hod = builders.a_hod()
    parcel = builders.a_parcel(place=hod, number="1", land_use="CEMETERY", deed_area_m2="210")
    survey(1, on=dt.date(2024, 5, 1))
    now = parcel.versions.get(in_book=True, legal_range__contains=dt.date(2024, 5, 1))
    assert (now.land_use, now.deed_area_m2, now.geom_area_m2) == ("CEMETERY", Decimal("210.0000"), Decimal("200.0000"))


def test_a_survey_dated_before_the_parcel_speaks_from_its_first_day() -> None:
    parcel = builders.a_parcel(number="1", legal_from=dt.date(2025, 1, 1))
    survey(1, on=dt.date(2024, 5, 1))
    standing = parcel.versions.filter(in_book=True)
    assert [row.legal_range.lower for row in standing] == [dt.date(2025, 1, 1)]


def test_two_features_of_one_parcel_are_refused() -> None:
    items = builders.survey_items(2)
    survey(1)
    twice = [items[0], services.SurveyItem(items[0].place, items[0].custodian_id, "1", items[1].boundary)]
    with pytest.raises(Conflict) as refused:
        survey(items=twice)
    assert refused.value.code == "matched_twice"


def test_parts_are_never_matched_by_their_number() -> None:
    item = builders.survey_items(1)[0]
    part = services.SurveyItem(item.place, item.custodian_id, "ضمن 1", item.boundary)
    survey(items=[part])
    assert survey(items=[part])[0].created


def test_one_bad_feature_stops_the_whole_survey_and_is_named() -> None:
    items = [*builders.survey_items(3)]
    bad = Boundary(shapely.to_wkb(BOWTIE), builders.RED_BELT, row=42)
    items.append(services.SurveyItem(items[0].place, items[0].custodian_id, "9", bad))
    with pytest.raises(Invalid) as refused:
        survey(items=items)
    assert refused.value.params["rows"] == "42"
    assert not Parcel.objects.exists()


def test_a_survey_is_let_in_only_where_the_officer_may() -> None:
    with pytest.raises(NotAllowed):
        survey(by=make_user(Role.SURVEYOR, place=builders.a_governorate()))


def test_attributes_of_the_file_are_kept_verbatim() -> None:
    said = {"رقم_القطعة": "١٢", "tab": "a\tb\\n\n", "none": None, "n": 1.5}
    item = builders.survey_items(1)[0]
    boundary = builders.a_boundary(attributes=said, encoding="cp1256")
    (applied,) = survey(items=[services.SurveyItem(item.place, make_custodian().pk, "1", boundary)])
    version = ParcelVersion.objects.get(parcel_id=applied.parcel_id)
    assert version.source_attributes == said
    assert version.source_encoding == "cp1256"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_features_enter_at_once_even_after_as_many_were_taken_back() -> None:
    """What was taken back leaves tables that the planner, once it has counted them, takes for empty."""
    with transaction.atomic():
        taken_back = builders.survey_items(10_000)
        apply_survey(by=builders.a_keeper(), at=clock.now(), items=taken_back, on=dt.date(2024, 1, 1))
        transaction.set_rollback(True)
    app = as_owner()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE parcels_parcel, parcels_parcelversion, search_searchentry")
    as_before(app)
    items = builders.survey_items(10_000)
    by = builders.a_keeper()
    created = apply_survey(by=by, at=clock.now(), items=items, on=dt.date(2024, 1, 1))
    again = apply_survey(by=by, at=clock.now(), items=items, on=dt.date(2025, 1, 1))
    assert (sum(one.created for one in created), sum(one.created for one in again)) == (10_000, 0)
    assert ParcelVersion.objects.count() == 30_000
