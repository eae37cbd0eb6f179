"""Two times: what was true in law on a day, and what the book said at a moment."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authority import clock
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound, Stale
from parcels import selectors, services
from parcels.bitemporal import Span, common, without
from parcels.models import Parcel, ParcelVersion
from tests.authority.builders import make_custodian, make_place
from tests.parcels import builders

D = dt.date


def say(parcel: Parcel, on: dt.date, *, at: dt.datetime | None = None, **given: Any) -> Parcel:
    by = given.pop("by", None) or builders.a_keeper()
    return services.new_version(by=by, at=at or clock.now(), parcel=parcel, on=on, **given)


def standing(parcel: Parcel) -> list[tuple[dt.date, dt.date | None, str]]:
    rows = parcel.versions.filter(in_book=True).order_by("legal_range")
    return [(row.legal_range.lower, row.legal_range.upper, row.land_use) for row in rows]


@pytest.mark.django_db
def test_a_change_in_law_splits_the_days_and_keeps_what_was_before() -> None:
    parcel = builders.a_parcel(land_use="VACANT")
    say(parcel, D(2024, 1, 1), facts={"land_use": "SERVICE"})
    assert standing(parcel) == [(D(2020, 1, 1), D(2024, 1, 1), "VACANT"), (D(2024, 1, 1), None, "SERVICE")]
    assert parcel.versions.count() == 3


@pytest.mark.django_db
def test_a_correction_takes_all_the_days_of_the_wrong_row() -> None:
    parcel = builders.a_parcel(land_use="VACANT")
    say(parcel, D(2024, 1, 1), kind="correction", facts={"land_use": "ROAD"})
    assert standing(parcel) == [(D(2020, 1, 1), None, "ROAD")]
    assert parcel.versions.filter(in_book=False).get().land_use == "VACANT"


@pytest.mark.django_db
def test_a_decree_registered_late_does_not_undo_what_followed_it() -> None:
    parcel = builders.a_parcel(land_use="VACANT")
    say(parcel, D(2024, 1, 1), facts={"land_use": "ROAD"})
    say(parcel, D(2022, 1, 1), facts={"land_use": "SERVICE"})
    assert standing(parcel) == [
        (D(2020, 1, 1), D(2022, 1, 1), "VACANT"),
        (D(2022, 1, 1), D(2024, 1, 1), "SERVICE"),
        (D(2024, 1, 1), None, "ROAD"),
    ]


@pytest.mark.django_db
def test_a_late_decree_on_custody_runs_through_later_changes_of_other_facts() -> None:
    parcel, other = builders.a_parcel(land_use="VACANT"), make_custodian("waqf")
    say(parcel, D(2024, 1, 1), facts={"land_use": "ROAD"})
    say(parcel, D(2022, 1, 1), custodian=other)
    on_2025 = selectors.as_of(parcel, on=D(2025, 1, 1))
    assert (on_2025.land_use, on_2025.custodian) == ("ROAD", other)
    assert Parcel.objects.get(pk=parcel.pk).custodian == other


@pytest.mark.django_db
def test_as_of_takes_both_times() -> None:
    """What was true on the date of the decree, and what the register said that day (domain.md §0b.8)."""
    entered = dt.datetime(2023, 3, 1, 8, tzinfo=clock.CAIRO)
    late = dt.datetime(2025, 9, 1, 8, tzinfo=clock.CAIRO)
    parcel = builders.a_parcel(land_use="VACANT", at=entered)
    say(parcel, D(2024, 1, 1), at=late, facts={"land_use": "ROAD"})
    between = dt.datetime(2025, 1, 1, 8, tzinfo=clock.CAIRO)
    assert selectors.as_of(parcel, on=D(2024, 6, 1), known_at=between).land_use == "VACANT"
    assert selectors.as_of(parcel, on=D(2024, 6, 1)).land_use == "ROAD"
    assert selectors.as_of(parcel, on=D(2023, 6, 1)).land_use == "VACANT"
    with pytest.raises(NotFound):
        selectors.as_of(parcel, on=D(2024, 6, 1), known_at=dt.datetime(2023, 1, 1, tzinfo=dt.UTC))


@pytest.mark.django_db
def test_a_change_for_some_days_only_leaves_the_days_after_as_they_were() -> None:
    parcel = builders.a_parcel(land_use="VACANT")
    say(parcel, D(2024, 1, 1), until=D(2024, 7, 1), facts={"land_use": "SERVICE"})
    assert [use for *_, use in standing(parcel)] == ["VACANT", "SERVICE", "VACANT"]


@pytest.mark.django_db
def test_a_paper_parcel_is_located_later() -> None:
    parcel = builders.a_parcel(located=False, deed_area_m2="5000")
    say(parcel, D(2024, 1, 1), boundary=builders.a_boundary(), basis="رفع 12")
    version = selectors.as_of(parcel, on=D(2024, 1, 1))
    assert version.geom is not None
    assert (version.deed_area_m2, version.basis) == (5000, "رفع 12")
    assert Parcel.objects.get(pk=parcel.pk).status == "FREE"


@pytest.mark.django_db
def test_a_future_change_leaves_today_alone() -> None:
    parcel, other = builders.a_parcel(), make_custodian("waqf")
    say(parcel, clock.today() + dt.timedelta(days=30), custodian=other)
    assert Parcel.objects.get(pk=parcel.pk).custodian != other


@pytest.mark.django_db
def test_two_writings_of_one_moment_both_stay() -> None:
    at = clock.now()
    parcel = builders.a_parcel(at=at, land_use="VACANT")
    say(parcel, D(2020, 1, 1), at=at, kind="correction", facts={"land_use": "ROAD"})
    assert parcel.versions.count() == 2


@pytest.mark.django_db
def test_a_stale_change_is_refused() -> None:
    parcel = builders.a_parcel()
    seen = parcel.row_version
    say(parcel, D(2024, 1, 1), facts={"street": "شارع"}, expected=seen)
    with pytest.raises(Stale):
        say(parcel, D(2024, 1, 1), facts={"street": "طريق"}, expected=seen)


@pytest.mark.django_db
def test_what_cannot_be_said_is_refused() -> None:
    parcel = builders.a_parcel()
    with pytest.raises(Invalid):
        say(parcel, D(2024, 1, 1))
    with pytest.raises(Conflict) as refused:
        say(parcel, D(2019, 1, 1), facts={"street": "شارع"})
    assert refused.value.code == "no_version_then"
    with pytest.raises(NotAllowed):
        say(parcel, D(2024, 1, 1), facts={"street": "شارع"}, by=builders.a_keeper(make_place("02")))


@pytest.mark.django_db
def test_land_is_not_moved_to_where_the_officer_has_no_say() -> None:
    elsewhere = builders.a_hod(builders.a_governorate("02", working_srid=22992))
    parcel = builders.a_parcel()
    with pytest.raises(NotAllowed):
        say(parcel, D(2024, 1, 1), place=elsewhere)


days = st.integers(0, 400).map(lambda n: D(2020, 1, 1) + dt.timedelta(days=n))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(days, st.sampled_from(["law", "correction"]), st.sampled_from(["ROAD", "SERVICE", "VACANT"])),
        max_size=6,
    )
)
def test_the_book_never_has_a_gap_an_overlap_or_a_lost_row(db: None, steps: list[tuple[Any, Any, Any]]) -> None:
    parcel, by = builders.a_parcel(), builders.a_keeper()
    before: set[tuple[Any, ...]] = set()
    for on, kind, use in steps:
        say(parcel, on, kind=kind, facts={"land_use": use}, by=by)
        rows = ParcelVersion.objects.filter(parcel=parcel)
        facts = {(row.pk, row.land_use, row.legal_range.lower, row.legal_range.upper) for row in rows}
        assert before <= facts
        before = facts
        spans = [row[:2] for row in standing(parcel)]
        assert spans[0][0] == D(2020, 1, 1)
        assert spans[-1][1] is None
        assert all(one[1] == other[0] for one, other in itertools.pairwise(spans))
        assert selectors.as_of(parcel, on=on).land_use == use


spans = st.builds(
    lambda start, length: Span(start, length and start + dt.timedelta(days=length)),
    days,
    st.none() | st.integers(1, 90),
)


@given(spans, spans, days)
def test_cutting_a_span_keeps_each_day_once(whole: Span, hole: Span, day: dt.date) -> None:
    left = without(whole, hole)
    both = common(whole, hole)
    pieces = [*left, *([both] if both else [])]
    assert sum(piece.holds(day) for piece in pieces) == whole.holds(day)
