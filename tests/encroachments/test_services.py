"""Reports, measurements, and what the land book is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.gis.geos import Point, Polygon

from authority.models import Role
from authority.refusal import Invalid, NotAllowed
from encroachments import selectors, services
from parcels.models import Holding
from tests.cases import builders
from tests.encroachments import builders as encroachments

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
INSIDE = Point(32.2705, 30.6005, srid=4326)


def standing(case_id: object, kind: str) -> list[Holding]:
    """Holdings of a case that stand today."""
    return list(
        Holding.objects.filter(case_id=case_id, kind=kind, in_book=True, legal_range__contains=dt.date(2026, 11, 24))
    )


def test_a_report_finds_the_parcel_under_it() -> None:
    parcel = builders.parcel()
    made = services.report(by=builders.person(Role.FRONT_DESK), at=builders.NOON, geom=INSIDE)
    assert made.case.parcel == parcel
    assert made.case.place == parcel.place


def test_a_report_beside_every_parcel_stands_at_its_place() -> None:
    builders.parcel()
    made = services.report(by=builders.person(Role.FRONT_DESK), at=builders.NOON, geom=Point(32.5, 30.9, srid=4326))
    assert (made.case.parcel, made.case.place) == (None, builders.governorate())


def test_a_report_nowhere_is_refused() -> None:
    with pytest.raises(Invalid):
        services.report(by=builders.person(Role.FRONT_DESK), at=builders.NOON)
    builders.parcel()
    with pytest.raises(Invalid):
        services.report(by=builders.person(Role.FRONT_DESK), at=builders.NOON, geom=Point(29.0, 27.0, srid=4326))


@pytest.mark.parametrize(("metres", "days", "found"), [(20, 1, True), (24, 89, True), (26, 1, False), (10, 91, False)])
def test_a_second_report_within_25_metres_and_90_days_is_pointed_out(metres: float, days: int, found: bool) -> None:
    encroachments.reported(geom=INSIDE)
    beside = Point(INSIDE.x, INSIDE.y + metres / 110_850, srid=4326)
    near = selectors.near(user=builders.person(Role.INSPECTOR), geom=beside, at=builders.NOON + days * DAY)
    assert bool(near) is found


def test_an_inspection_measures_the_part_inside_the_parcel() -> None:
    made = encroachments.inspected()
    # half of 0.001° × 0.0002° at 30.6° N, less the scale of the zone
    assert float(made.overlap_m2) == pytest.approx(float(made.measured_m2) / 2, rel=1e-4)
    assert 1050 < float(made.overlap_m2) < 1070
    assert float(made.overlap_sigma_m2) == pytest.approx(0.03 / 2 * 2 * (47.9**2 + 22.2**2) ** 0.5, rel=0.02)
    assert made.working_srid == 32636
    (holding,) = standing(made.case_id, Holding.Kind.ENCROACHMENT)
    assert (holding.exclusive, holding.area_m2) == (False, made.overlap_m2)


def test_a_measurement_beside_the_parcel_is_refused() -> None:
    beside = Polygon.from_bbox((32.28, 30.61, 32.281, 30.611))
    beside.srid = 4326
    with pytest.raises(Invalid) as refusal:
        encroachments.inspected(geometry=beside)
    assert refusal.value.code == "beside_parcel"


def test_a_parcel_without_a_boundary_takes_the_measurement_as_it_is() -> None:
    made = encroachments.inspected(builders.parcel(geom=None))
    assert (made.overlap, made.overlap_m2) == (None, None)
    assert made.measured_m2 > 2000


def test_a_new_measurement_takes_the_place_of_the_old_and_the_book_keeps_both() -> None:
    made = encroachments.inspected(method="PHONE")
    smaller = Polygon.from_bbox((32.2705, 30.6004, 32.2708, 30.6006))
    smaller.srid = 4326
    again = encroachments.do(
        made, "measure_again", Role.SURVEYOR, facts={"geometry": smaller, "method": "GNSS_RTK"}, at=builders.NOON + DAY
    )
    assert again.overlap_m2 < made.overlap_m2
    (now,) = Holding.objects.filter(case_id=made.case_id, in_book=True, legal_range__contains=dt.date(2026, 11, 25))
    assert now.area_m2 == again.overlap_m2
    assert Holding.objects.filter(case_id=made.case_id, area_m2=made.overlap_m2).exists()


def test_a_claim_to_title_shows_the_land_as_disputed_until_it_is_over() -> None:
    made = encroachments.do(encroachments.confirmed(), "review_title", Role.LEGAL_OFFICER)
    assert len(standing(made.case_id, Holding.Kind.DISPUTE)) == 1
    made = encroachments.do(made, "title_not_serious", Role.LEGAL_OFFICER)
    assert made.case.state == "CONFIRMED"
    assert standing(made.case_id, Holding.Kind.DISPUTE) == []


def test_a_removed_encroachment_no_longer_stands_on_the_land() -> None:
    made = encroachments.notified()
    assert standing(made.case_id, Holding.Kind.ENCROACHMENT)
    made = encroachments.do(made, "removed_by_occupant", Role.INSPECTOR)
    assert standing(made.case_id, Holding.Kind.ENCROACHMENT) == []


def test_a_dismissed_report_no_longer_stands_on_the_land() -> None:
    made = encroachments.do(encroachments.inspected(), "dismiss", Role.DISTRICT_HEAD)
    assert standing(made.case_id, Holding.Kind.ENCROACHMENT) == []


def test_a_repeat_opens_a_new_file_linked_to_the_closed_one() -> None:
    made = encroachments.do(encroachments.notified(), "removed_by_occupant", Role.INSPECTOR)
    made = encroachments.do(made, "close", Role.PROPERTY_OFFICER)
    again = encroachments.reported(made.case.parcel, at=builders.NOON + 300 * DAY)
    assert (again.case.prior, again.case.repeat) == (made.case, True)
    late = encroachments.reported(made.case.parcel, at=builders.NOON + 800 * DAY)
    assert (late.case.prior, late.case.repeat) == (None, False)


def test_an_order_has_a_number_of_its_year_and_loses_it_when_withdrawn() -> None:
    first, second = encroachments.issued(), encroachments.issued()
    assert [first.order_number, second.order_number] == ["1/2026", "2/2026"]
    again = encroachments.do(first, "withdraw_order", Role.GOVERNOR)
    assert (again.case.state, again.order_number) == ("CONFIRMED", "")


def test_a_stayed_order_returns_to_where_it_was() -> None:
    stayed = encroachments.do(encroachments.notified(), "stay", Role.LEGAL_OFFICER)
    assert (stayed.case.state, stayed.case.paused_from) == ("STAYED", "NOTIFIED")
    assert encroachments.do(stayed, "lift_stay", Role.LEGAL_OFFICER).case.state == "NOTIFIED"


def test_a_citizen_reports_at_the_desk_not_here() -> None:
    with pytest.raises(NotAllowed):
        encroachments.reported(by=builders.person(Role.CITIZEN))
