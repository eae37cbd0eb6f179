"""Reads: neighbours, timeline, card, lineage; what is not there is said, never None."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from authority import clock
from authority.models import Role
from authority.refusal import NotFound
from parcels import selectors, services, timeline
from parcels.areas import Verdict
from parcels.models import Parcel, ParcelVersion
from parcels.policies import may_keep, may_see, parcels_visible_to
from tests.authority.builders import make_custodian, make_place, make_user
from tests.parcels import builders

pytestmark = pytest.mark.django_db


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(NotFound):
        selectors.parcel_by_id(uuid.uuid4())
    with pytest.raises(NotFound):
        selectors.parcel_of("18-14-0112-0045-00")
    with pytest.raises(NotFound):
        selectors.standing_version(uuid.uuid4())


def test_a_parcel_is_found_by_its_code_as_typed() -> None:
    parcel = builders.a_parcel()
    typed = parcel.parcel_code.lower().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert selectors.parcel_of(f" {typed} ") == parcel


def test_outside_ones_jurisdiction_there_is_nothing() -> None:
    parcel = builders.a_parcel()
    with pytest.raises(NotFound):
        selectors.parcel_by_id(parcel.pk, make_user(Role.GIS_OFFICER, place=make_place("02")))


def test_the_closed_parcel_is_still_read_as_it_was() -> None:
    parcel = builders.a_parcel(boundary=builders.a_boundary(0, 0, 100, 50), street="قديم")
    parts = [services.Part(str(i), builders.a_boundary(i * 50, 0, 50, 50)) for i in range(2)]
    services.split_parcel(by=builders.a_keeper(), at=clock.now(), parcel=parcel, parts=parts, on=dt.date(2024, 1, 1))
    assert selectors.standing_version(parcel).street == "قديم"


def test_neighbours_touch_and_are_in_sight() -> None:
    by = builders.a_keeper()
    left, middle, right, far = (
        builders.a_parcel(boundary=builders.a_boundary(x, 0, 50, 50)) for x in (0, 50, 100, 500)
    )
    found = {row.parcel for row in selectors.neighbours(middle, by)}
    assert found == {left, right}
    assert far in {row.parcel for row in selectors.neighbours(middle, by, within_m=450)}
    assert not selectors.neighbours(middle, make_user(Role.CITIZEN)).exists()


def test_a_sliver_between_two_belts_does_not_part_neighbours() -> None:
    one = builders.a_parcel(boundary=builders.a_boundary(0, 0, 50, 50))
    other = builders.a_parcel(boundary=builders.a_boundary(50.4, 0, 50, 50))
    assert [row.parcel for row in selectors.neighbours(one, builders.a_keeper())] == [other]


def test_a_parcel_on_paper_has_no_neighbours() -> None:
    assert not selectors.neighbours(builders.a_parcel(located=False), builders.a_keeper()).exists()


def test_the_card_names_area_difference_and_what_stands() -> None:
    parcel = builders.a_parcel(deed_area_m2="5100", survey_area_m2="5000", governing_area="SURVEY")
    builders.a_holding(parcel, kind="ENCROACHMENT")
    builders.a_holding(parcel, reference="ع/2026/1")
    seen = selectors.card(parcel, builders.a_keeper())
    assert seen.governing_m2 == 5000
    assert seen.difference is not None
    assert (seen.difference.m2, seen.difference.percent, seen.difference.verdict) == (
        Decimal("100.00"),
        Decimal("2.00"),
        Verdict.WARN,
    )
    assert [row.kind for row in seen.holdings] == ["LEASE", "ENCROACHMENT"]
    assert [place.kind for place in seen.chain] == ["GOVERNORATE", "MARKAZ", "NAHIA", "HOD"]
    assert seen.may_keep


@pytest.mark.parametrize(
    ("governing", "deed", "survey", "expected"),
    [
        ("DEED", "10", "20", "10"),
        ("SURVEY", "10", "20", "20"),
        ("DEED", None, "20", "20"),
        ("SURVEY", "10", None, "10"),
        ("DEED", None, None, "5000"),
    ],
)
def test_the_governing_area_is_the_named_one_else_the_next_best(
    governing: str, deed: str | None, survey: str | None, expected: str
) -> None:
    version = ParcelVersion(
        governing_area=governing,
        deed_area_m2=deed and Decimal(deed),
        survey_area_m2=survey and Decimal(survey),
        geom_area_m2=Decimal(5000),
    )
    assert version.governing_m2 == Decimal(expected)


def test_the_timeline_has_a_lane_for_each_thing_and_takes_lanes_of_other_rooms() -> None:
    parcel, by = builders.a_parcel(), builders.a_keeper()
    builders.a_holding(parcel, reference="ع/2026/1", start=dt.date(2021, 1, 1), last_day=dt.date(2021, 12, 31))
    builders.a_holding(parcel, kind="ENCROACHMENT", start=dt.date(2022, 1, 1))
    services.restrict(by=by, at=clock.now(), parcel=parcel, text="حظر البناء")
    services.new_version(by=by, at=clock.now(), parcel=parcel, on=dt.date(2023, 1, 1), facts={"street": "شارع"})
    day = dt.date(2024, 1, 1)
    timeline.register(lambda land, _user: [timeline.Entry("inspections", str(land.pk), day, day)], "tests.lane")
    try:
        entries = selectors.timeline(parcel, by)
    finally:
        timeline._lanes.pop("tests.lane")
    lanes = [entry.lane for entry in entries]
    assert set(lanes) == {"versions", "holdings", "encroachments", "restrictions", "inspections"}
    assert lanes.count("versions") == 2
    assert next(entry for entry in entries if entry.lane == "inspections").is_moment
    lease = next(entry for entry in entries if entry.lane == "holdings")
    assert (lease.start, lease.end) == (dt.date(2021, 1, 1), dt.date(2022, 1, 1))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("bound", ["place", "custodian", "both", "elsewhere"])
def test_the_rule_said_twice_agrees(role: Role, bound: str) -> None:
    parcel, waqf = builders.a_parcel(), make_custodian("waqf")
    theirs = builders.a_parcel(custodian=waqf)
    given = {
        "place": {"place": builders.a_governorate()},
        "custodian": {"custodian": waqf},
        "both": {"place": builders.a_governorate(), "custodian": waqf},
        "elsewhere": {"place": make_place("02")},
    }[bound]
    user = make_user(role, **given)
    listed = set(parcels_visible_to(user, Parcel.objects.all()))
    for one in (parcel, theirs):
        assert may_see(user, one) == (one in listed)
        assert not may_keep(user, one) or may_see(user, one)
