"""Corners are objects with a number, a mark and an accuracy; control points are kept with their cards."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import shapely
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from authority import clock
from authority.models import Role, User
from authority.refusal import Conflict, Invalid, NotAllowed, Stale
from parcels import services
from parcels.corners import corners_of, rings_of
from parcels.models import ControlPoint, Corner, Parcel
from parcels.selectors import standing_version
from parcels.services import Mark
from tests.authority.builders import make_user
from tests.parcels import builders

pytestmark = pytest.mark.django_db
EAST, NORTH = Decimal("736000"), Decimal("876000")


def surveyor() -> User:
    return make_user(Role.SURVEYOR, place=builders.a_governorate())


def a_farm() -> Parcel:
    return builders.a_parcel(boundary=builders.a_boundary(0, 0, 100, 50))


def marked(parcel: Parcel, *marks: Mark, **how: Any) -> list[Corner]:
    return services.mark_corners(by=surveyor(), at=clock.now(), parcel=parcel, marks=marks, **how)


def test_corners_run_clockwise_from_the_north_west_with_their_legs() -> None:
    points = corners_of(standing_version(a_farm()))
    assert [(p.east - EAST, p.north - NORTH) for p in points] == [(0, 50), (100, 50), (100, 0), (0, 0)]
    assert [p.to_next_m for p in points] == [Decimal("100.000"), Decimal("50.000")] * 2
    assert [p.bearing for p in points] == [
        Decimal("90.0000"),
        Decimal("180.0000"),
        Decimal("270.0000"),
        Decimal("0.0000"),
    ]
    assert [p.number for p in points] == ["1", "2", "3", "4"]
    assert {p.sigma_m for p in points} == {0.03}


def test_a_mark_belongs_to_the_corner_it_lies_on() -> None:
    parcel = a_farm()
    marked(parcel, Mark("ح-7", EAST + 100, NORTH, monument="IRON", method="TOTAL_STATION", sigma_m=0.01))
    third = corners_of(standing_version(parcel))[2]
    assert (third.number, third.monument, third.method, third.sigma_m) == ("ح-7", "IRON", "TOTAL_STATION", 0.01)
    assert third.marked


def test_a_mark_that_lies_on_no_corner_is_refused_with_its_row() -> None:
    with pytest.raises(Invalid) as refused:
        marked(a_farm(), Mark("1", EAST, NORTH), Mark("2", EAST + 1, NORTH))
    assert (refused.value.code, refused.value.params["row"]) == ("corner_not_on_boundary", 2)
    assert not Corner.objects.exists()


def test_two_corners_of_one_number_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        marked(a_farm(), Mark("1", EAST, NORTH), Mark("1", EAST + 100, NORTH))
    assert refused.value.code == "corner_twice"


@pytest.mark.parametrize(
    "how", [{"sigma_m": 0.0}, {"sigma_m": -1.0}, {"sigma_m": 1e9}, {"monument": "GOLD"}, {"method": "EYE"}]
)
def test_what_a_corner_cannot_be_is_refused_with_its_row(how: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        marked(a_farm(), Mark("1", EAST, NORTH, **how))
    assert (refused.value.code, refused.value.params["row"]) == ("corner_invalid", 1)


def test_marking_again_closes_what_was_marked_and_loses_nothing() -> None:
    parcel = a_farm()
    marked(parcel, Mark("1", EAST, NORTH, monument="IRON"))
    marked(parcel, Mark("1", EAST, NORTH, monument="CONCRETE"))
    assert [row.monument for row in Corner.objects.order_by("pk")] == ["IRON", "CONCRETE"]
    assert Corner.objects.get(in_book=True).monument == "CONCRETE"
    with pytest.raises(DatabaseError), transaction.atomic():
        Corner.objects.filter(in_book=True).update(monument="WALL")


def test_a_new_boundary_keeps_the_marks_of_the_corners_that_stay() -> None:
    parcel = a_farm()
    marked(parcel, Mark("أ", EAST, NORTH), Mark("ب", EAST + 100, NORTH))
    wider = builders.a_boundary(0, 0, 120, 50)
    services.new_version(by=builders.a_keeper(), at=clock.now(), parcel=parcel, on=dt.date(2024, 1, 1), boundary=wider)
    assert [p.number for p in corners_of(standing_version(parcel)) if p.marked] == ["أ"]


def test_a_paper_parcel_has_no_corners_to_mark() -> None:
    with pytest.raises(Conflict):
        marked(builders.a_parcel(located=False), Mark("1", EAST, NORTH))
    assert corners_of(standing_version(builders.a_parcel(located=False))) == []


def test_marks_are_set_on_the_parcel_as_it_was_read() -> None:
    parcel = a_farm()
    with pytest.raises(Stale):
        marked(parcel, Mark("1", EAST, NORTH), expected=parcel.row_version - 1)


def test_who_reads_only_marks_nothing() -> None:
    with pytest.raises(NotAllowed):
        services.mark_corners(
            by=make_user(Role.AUDITOR, place=builders.a_governorate()), at=clock.now(), parcel=a_farm(), marks=[]
        )


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 40), st.floats(0.5, 500), st.integers(0, 39), st.booleans())
def test_every_ring_comes_out_clockwise_and_whole(sides: int, radius: float, start: int, turned: bool) -> None:
    ring = [
        (600_000 + radius * x, 800_000 + radius * y)
        for x, y in shapely.Point(0, 0).buffer(1, quad_segs=sides).exterior.coords[:-1]
    ]
    ring = ring[start % len(ring) :] + ring[: start % len(ring)]
    ring = ring[::-1] if turned else ring
    (found,) = rings_of(shapely.to_wkb(shapely.Polygon(ring)))
    assert set(found) == set(ring)
    assert not shapely.LinearRing(found).is_ccw
    assert found[0] == min(found, key=lambda p: (p[0] - p[1], p))


# ---- control points --------------------------------------------------------------------------------------------------


def a_control_point(by: User | None = None, **how: Any) -> ControlPoint:
    given_ = {"name": "ث-12", "east": EAST, "north": NORTH, "crs": builders.RED_BELT} | how
    return services.register_control_point(by=by or surveyor(), at=clock.now(), place=builders.a_hod(), **given_)


def test_a_control_point_is_placed_by_the_named_operation() -> None:
    """Domain.md §3.3: Ismailia's golden point."""
    point = a_control_point(east=Decimal("736862.874"), north=Decimal("876796.578"))
    assert (point.geom.x, point.geom.y) == pytest.approx((32.2723, 30.5965), abs=1e-8)


def test_a_control_point_outside_egypt_or_in_an_unknown_system_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        a_control_point(east=Decimal("32.27"), north=Decimal("30.59"))
    assert refused.value.code == "geometry_outside_egypt"
    with pytest.raises(Invalid):
        a_control_point(crs="../etc/passwd")


def test_a_visit_changes_the_card_and_never_the_coordinates() -> None:
    point = a_control_point(card={"order": "SECOND", "description": "أعلى مبنى المدرسة"})
    seen = services.visit_control_point(
        by=surveyor(), at=clock.now(), point=point, card={"condition": "LOST", "visited_on": dt.date(2026, 5, 1)}
    )
    assert (seen.condition, seen.east) == ("LOST", EAST)
    with pytest.raises(Invalid):
        services.visit_control_point(by=surveyor(), at=clock.now(), point=point, card={"east": Decimal(1)})
    with pytest.raises(Stale):
        services.visit_control_point(by=surveyor(), at=clock.now(), point=point, card={}, expected=1)


def test_a_name_is_given_once_in_a_place_until_the_point_is_taken_out_of_use() -> None:
    point = a_control_point()
    with pytest.raises(Conflict):
        a_control_point()
    services.close_control_point(by=surveyor(), at=clock.now(), point=point, on=dt.date(2026, 1, 1), reason="أزيلت")
    assert a_control_point().pk != point.pk
    with pytest.raises(Conflict):
        services.visit_control_point(by=surveyor(), at=clock.now(), point=point, card={})
