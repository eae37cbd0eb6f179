"""Split and merge: no land is lost, nothing stands on what ends, each side knows the other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from authority import clock
from authority.models import AuditEvent
from authority.refusal import Conflict, Invalid, NotFound
from parcels import selectors, services
from parcels.models import Lineage, Parcel
from parcels.services import Part
from tests.authority.builders import make_custodian
from tests.parcels import builders

pytestmark = pytest.mark.django_db
ON = dt.date(2024, 3, 1)


def whole(**given: Any) -> Parcel:
    return builders.a_parcel(number="12", boundary=builders.a_boundary(0, 0, 100, 50), **given)


def halves(**first: Any) -> list[Part]:
    return [
        Part("12/1", builders.a_boundary(0, 0, 60, 50), **first),
        Part("12/2", builders.a_boundary(60, 0, 40, 50)),
    ]


def split(parcel: Parcel, parts: list[Part], on: dt.date = ON) -> list[Parcel]:
    return services.split_parcel(by=builders.a_keeper(), at=clock.now(), parcel=parcel, parts=parts, on=on)


def test_a_split_ends_the_old_parcel_and_begins_the_new_ones() -> None:
    old = whole(land_use="CEMETERY")
    one, two = split(old, halves())
    old.refresh_from_db()
    assert old.closed_on == ON
    assert selectors.as_of(old, on=ON - dt.timedelta(days=1)).parcel_no_norm == "12"
    with pytest.raises(NotFound):
        selectors.as_of(old, on=ON)
    assert selectors.as_of(one, on=ON).land_use == "CEMETERY"
    assert [row.successor for row in selectors.lineage(old)] == [one, two]
    assert {row.act for row in selectors.lineage(two)} == {Lineage.Act.SPLIT}
    assert AuditEvent.objects.filter(action="parcels.split").count() == 3


def test_a_split_that_loses_land_is_refused() -> None:
    parts = [Part("1", builders.a_boundary(0, 0, 60, 50)), Part("2", builders.a_boundary(60, 0, 30, 50))]
    with pytest.raises(Conflict) as refused:
        split(whole(), parts)
    assert refused.value.code == "areas_not_conserved"


def test_a_split_whose_parts_overlap_is_refused() -> None:
    parts = [Part("1", builders.a_boundary(0, 0, 60, 50)), Part("2", builders.a_boundary(50, 0, 40, 50))]
    with pytest.raises(Conflict) as refused:
        split(whole(), parts)
    assert refused.value.code == "parts_overlap"


def test_a_split_of_paper_parcels_needs_areas() -> None:
    old = builders.a_parcel(located=False, deed_area_m2="9000")
    with pytest.raises(Invalid) as refused:
        split(old, [Part("1"), Part("2")])
    assert refused.value.code == "areas_missing"
    made = split(old, [Part("1", facts={"deed_area_m2": "4000"}), Part("2", facts={"deed_area_m2": "5000"})])
    assert len(made) == 2


def test_leased_land_is_not_split() -> None:
    old = whole()
    builders.a_holding(old, reference="ع/2025/12")
    with pytest.raises(Conflict) as refused:
        split(old, halves())
    assert (refused.value.code, refused.value.params["reference"]) == ("holding_stands", "ع/2025/12")


def test_land_whose_lease_ended_before_is_split() -> None:
    old = whole()
    builders.a_holding(old, last_day=ON - dt.timedelta(days=1))
    assert len(split(old, halves())) == 2


def test_assets_go_with_the_part_that_is_said() -> None:
    old = whole()
    kiosk = builders.an_asset(parcel=old)
    with pytest.raises(Conflict) as refused:
        split(old, halves())
    assert refused.value.code == "assets_unassigned"
    one, _ = split(old, halves(assets=[kiosk.pk]))
    kiosk.refresh_from_db()
    assert kiosk.parcel == one


def test_a_closed_parcel_is_neither_split_nor_let_nor_changed() -> None:
    old = whole()
    split(old, halves())
    for attempt in (
        lambda: split(old, halves()),
        lambda: builders.a_holding(old, start=ON),
        lambda: services.new_version(by=builders.a_keeper(), at=clock.now(), parcel=old, on=ON, facts={"street": "x"}),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == "parcel_closed"


def test_a_parcel_is_not_split_on_its_first_day() -> None:
    with pytest.raises(Conflict) as refused:
        split(whole(), halves(), on=builders.DAY)
    assert refused.value.code == "no_version_then"


def merge(parcels: list[Parcel], **given: Any) -> Parcel:
    return services.merge_parcels(by=builders.a_keeper(), at=clock.now(), parcels=parcels, number="12", on=ON, **given)


def neighbours(**given: Any) -> list[Parcel]:
    return [
        builders.a_parcel(boundary=builders.a_boundary(0, 0, 60, 50), deed_area_m2="3000", **given),
        builders.a_parcel(boundary=builders.a_boundary(60, 0, 40, 50), deed_area_m2="2000", **given),
    ]


def test_a_merge_joins_boundaries_and_areas() -> None:
    olds = neighbours()
    made = merge(olds)
    version = selectors.as_of(made, on=ON)
    assert (version.deed_area_m2, version.geom_area_m2) == (5000, 5000)
    assert (version.source_crs, version.source_made) == (builders.RED_BELT, "joined")
    assert len(version.geom) == 1
    assert {old.closed_on for old in Parcel.objects.filter(pk__in=[old.pk for old in olds])} == {ON}
    assert {row.predecessor for row in selectors.lineage(made)} == set(olds)


def test_parcels_of_different_custody_are_not_merged() -> None:
    mine = builders.a_parcel()
    theirs = builders.a_parcel(custodian=make_custodian("waqf"))
    with pytest.raises(Conflict) as refused:
        merge([mine, theirs])
    assert refused.value.code == "merge_of_different"


def test_a_merge_needs_two() -> None:
    parcel = builders.a_parcel()
    with pytest.raises(Invalid):
        merge([parcel, parcel])


def test_leased_land_is_not_merged() -> None:
    olds = neighbours()
    builders.a_holding(olds[1])
    with pytest.raises(Conflict) as refused:
        merge(olds)
    assert refused.value.code == "holding_stands"
