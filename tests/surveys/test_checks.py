"""Each rule of the checks: what it finds, how bad it is, and what it tolerates."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from authority.models import Place
from surveys.checks import ALL
from surveys.models import Submission
from surveys.presenting import advice_of, message_of
from surveys.selectors import sound_count
from tests.parcels.builders import a_boundary, a_hod, a_parcel, corners
from tests.surveys.builders import plot, ready_land, reported, row, survey_zip

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def found(submission: Submission, code: str) -> list[tuple[Any, ...]]:
    return list(submission.faults.filter(code=code).order_by("row").values_list("severity", "row", "other_row"))


@pytest.mark.parametrize(
    ("shift", "faults"),
    [(100, []), (99.99, []), (99.85, []), (99.7, [("block", 2, 1)]), (50, [("block", 2, 1)])],
    ids=["touching", "1 cm", "15 cm wide", "30 cm wide", "half"],
)
def test_an_overlap_in_the_file_counts_from_20_cm_and_1_m2(shift: float, faults: list[tuple[Any, ...]]) -> None:
    assert found(reported(survey_zip([plot(0), plot(shift)])), "overlap_in_file") == faults


def test_the_same_boundary_twice_is_a_duplicate_and_no_overlap() -> None:
    submission = reported(survey_zip([plot(0), plot(300), plot(0)]))
    assert found(submission, "geometry_duplicate") == [("block", 3, 1)]
    assert found(submission, "overlap_in_file") == []


def test_an_overlap_with_the_register_names_parcel_area_and_share() -> None:
    ready_land()
    parcel = a_parcel(number="900", boundary=a_boundary(0, 0, 100, 100))
    submission = reported(survey_zip([plot(50)], [row("12")]))
    fault = submission.faults.get(code="overlap_register")
    assert (fault.severity, fault.other_parcel_id, fault.params["parcel"]) == ("block", parcel.pk, "900")
    assert abs(fault.params["area_m2"] - 5000) < 1
    assert abs(fault.params["percent"] - 50) < 0.1


def test_the_parcel_a_row_speaks_of_is_not_overlapped_by_it() -> None:
    hod = ready_land()
    parcel = a_parcel(number="12", place=hod, boundary=a_boundary(0, 0, 100, 100))
    submission = reported(survey_zip([plot(1)], [row("12", area="10000")]))
    assert found(submission, "overlap_register") == []
    assert submission.features.get().matches_id == parcel.pk


def test_neighbours_may_correct_their_common_boundary_in_one_survey() -> None:
    hod = ready_land()
    a_parcel(number="12", place=hod, boundary=a_boundary(0, 0, 100, 100))
    a_parcel(number="13", place=hod, boundary=a_boundary(100, 0, 100, 100))
    plots = [box_of(0, 0, 90, 100), box_of(90, 0, 110, 100)]
    submission = reported(survey_zip(plots, [row("12", area="9000"), row("13", area="11000")]))
    assert submission.block_count == 0


def test_what_leans_on_a_row_that_is_held_back_is_held_back_too() -> None:
    hod = ready_land()
    for number in range(3):
        a_parcel(number=str(12 + number), place=hod, boundary=a_boundary(100 * number, 0, 100, 100))
    plots = [box_of(0, 0, 90, 100), box_of(90, 0, 100, 100), box_of(190, 0, 110, 100)]
    rows = [row("12", area="20000"), row("13", area="10000"), row("14", area="11000")]
    submission = reported(survey_zip(plots, rows))
    assert found(submission, "area_mismatch") == [("block", 1, None)]
    assert found(submission, "overlap_held") == [("block", 2, 1), ("block", 3, 2)]
    assert sound_count(submission) == 0


def box_of(x: float, y: float, width: float, height: float) -> Any:
    """Return a rectangle, metres from the farm's origin."""
    return [[*corners(x, y, width, height)[::-1], corners(x, y, width, height)[-1]]]


def test_land_far_away_is_outside_the_governorate() -> None:
    submission = reported(survey_zip([plot(0), plot(x=0, y=80_000)]))
    assert found(submission, "outside_governorate") == [("block", 2, None)]


def test_land_outside_the_place_chosen_is_a_warning() -> None:
    hod = ready_land()
    from tests.tiles.builders import box

    Place.objects.filter(pk=hod.pk).update(geom=box(32.5, 30.8, 0.01, 0.01))
    submission = reported(place=hod)
    assert {severity for severity, _, _ in found(submission, "outside_place")} == {"warn"}
    assert found(submission, "outside_governorate") == []


@pytest.mark.parametrize(
    ("stated", "severity"),
    [("10000", None), ("10040", None), ("10060", "warn"), ("9900", "warn"), ("10600", "block"), ("0", None)],
)
def test_the_written_area_against_the_drawn_one(stated: str, severity: str | None) -> None:
    submission = reported(survey_zip([plot(0)], [row("12", area=stated)]))
    assert [fault[0] for fault in found(submission, "area_mismatch")] == ([severity] if severity else [])


def test_one_number_twice_in_one_hod_blocks_and_in_two_hods_does_not() -> None:
    plots = [plot(0), plot(200)]
    assert found(reported(survey_zip(plots, [row("12/3"), row("12 / 3")])), "number_duplicate")
    other = a_hod(number=9)
    Place.objects.filter(pk=other.pk).update(hod_no="9")
    assert not found(reported(survey_zip(plots, [row("7", hod="8"), row("7", hod="9")])), "number_duplicate")


def test_a_number_that_is_none_blocks_and_a_missing_one_warns() -> None:
    submission = reported(survey_zip([plot(0), plot(200)], [row("12-Mar"), row("")]))
    assert found(submission, "number_unreadable") == [("block", 1, None)]
    assert found(submission, "number_missing") == [("warn", 2, None)]


def test_a_row_finds_its_hod_by_number() -> None:
    hod = ready_land()
    assert reported().features.get(row=1).mapped["place_id"] == hod.pk


def test_checking_twice_finds_the_same() -> None:
    from surveys.services.checking import report

    submission = reported(survey_zip([plot(0), plot(50)]))
    before = list(submission.faults.values_list("code", "row"))
    report(submission)
    assert list(submission.faults.values_list("code", "row")) == before


def test_every_fault_is_told_with_its_numbers_in_it() -> None:
    submission = reported(survey_zip([plot(0), plot(50), None], [row("x y"), row("12", area="99"), row("")]))
    assert submission.faults.count() >= 4
    for fault in submission.faults.all():
        assert "%(" not in message_of(fault)
        assert advice_of(fault)


def test_no_two_checks_have_one_code() -> None:
    assert len({check.code for check in ALL}) == len(ALL)


def test_every_check_is_described() -> None:
    page = (settings.BASE_DIR / "docs" / "reference" / "checks.md").read_text("utf-8")
    assert [check.code for check in ALL if f"| `{check.code}` |" not in page] == []
