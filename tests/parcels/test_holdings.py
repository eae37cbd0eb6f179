"""Holdings: one exclusive holding of a thing in a period, held by the database."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.extras import DateRange, DateTimeTZRange

from authority import clock
from authority.models import AuditEvent
from authority.refusal import Conflict, Invalid, NotFound
from parcels import services
from parcels.models import Holding, Parcel, Status
from tests.parcels import builders

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
ONE_DAY = dt.timedelta(days=1)


def test_an_overlapping_lease_is_refused_and_what_stands_is_named() -> None:
    parcel = builders.a_parcel()
    builders.a_holding(parcel, start=FIRST, last_day=LAST, reference="ع/2025/12")
    with pytest.raises(Conflict) as refused:
        builders.a_holding(parcel, start=LAST, last_day=None)
    assert refused.value.code == "holding_overlaps"
    told = refused.value.params
    assert (told["reference"], told["start"], told["last_day"]) == ("ع/2025/12", FIRST, LAST)
    assert Holding.objects.filter(parcel=parcel).count() == 1


def test_the_next_lease_begins_the_day_after_the_last_ends() -> None:
    parcel = builders.a_parcel()
    builders.a_holding(parcel, start=FIRST, last_day=LAST)
    builders.a_holding(parcel, start=LAST + ONE_DAY, last_day=None)
    assert parcel.holdings.count() == 2


@pytest.mark.parametrize("kind", ["ENCROACHMENT", "DISPUTE", "REGULARIZATION"])
def test_claims_and_wrongs_stand_beside_a_lease(kind: str) -> None:
    parcel = builders.a_parcel()
    builders.a_holding(parcel)
    assert builders.a_holding(parcel, kind=kind).exclusive is False


def test_two_parcels_are_let_independently() -> None:
    builders.a_holding()
    builders.a_holding()
    assert Holding.objects.count() == 2


def test_the_database_itself_shuts_out_the_second() -> None:
    standing = builders.a_holding()
    with pytest.raises(IntegrityError, match="one_exclusive_holding_of_a_parcel"), transaction.atomic():
        Holding.objects.create(
            parcel=standing.parcel,
            kind="USUFRUCT",
            exclusive=True,
            legal_range=DateRange(dt.date(2030, 1, 1), None),
            recorded_range=DateTimeTZRange(clock.now(), None),
            recorded_by=standing.recorded_by,
        )


def test_ending_a_holding_keeps_what_was_written_before() -> None:
    old = builders.a_holding(start=FIRST)
    new = services.end_holding(by=old.recorded_by, at=clock.now(), holding=old, last_day=LAST, reason="فسخ")
    assert new is not None
    assert (new.legal_range.lower, new.legal_range.upper) == (FIRST, LAST + ONE_DAY)
    rows = Holding.objects.filter(parcel=old.parcel)
    assert [(row.in_book, row.legal_range.upper) for row in rows.order_by("recorded_range")] == [
        (False, None),
        (True, LAST + ONE_DAY),
    ]
    assert AuditEvent.objects.filter(action="parcels.holding_ended", object_id=str(old.parcel_id)).exists()


def test_a_holding_that_never_was_leaves_the_book_whole() -> None:
    old = builders.a_holding(start=FIRST)
    assert services.end_holding(by=old.recorded_by, at=clock.now(), holding=old, last_day=FIRST - ONE_DAY) is None
    assert Parcel.objects.get(pk=old.parcel_id).status == Status.FREE
    builders.a_holding(old.parcel, start=FIRST)


def test_an_ended_holding_is_not_ended_again() -> None:
    old = builders.a_holding(start=FIRST)
    new = services.end_holding(by=old.recorded_by, at=clock.now(), holding=old, last_day=LAST)
    with pytest.raises(NotFound):
        services.end_holding(by=old.recorded_by, at=clock.now(), holding=old, last_day=LAST)
    assert new is not None
    with pytest.raises(Conflict):
        services.end_holding(by=old.recorded_by, at=clock.now(), holding=new, last_day=LAST)


def test_all_that_a_case_holds_ends_with_it() -> None:
    case = uuid.uuid4()
    holding = builders.a_holding(case_id=case)
    builders.a_holding(case_id=case)
    left = services.end_holdings_of_case(by=holding.recorded_by, at=clock.now(), case_id=case, last_day=LAST)
    assert {row.legal_range.upper for row in left} == {LAST + ONE_DAY}


def test_a_holding_needs_a_thing_and_a_day() -> None:
    by = builders.a_keeper()
    with pytest.raises(Invalid):
        services.place_holding(by=by, at=clock.now(), kind="LEASE", start=FIRST)
    with pytest.raises(Invalid):
        builders.a_holding(start=LAST, last_day=FIRST)


Period = tuple[int, int]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(periods=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6))
def test_no_sequence_of_lettings_ever_overlaps(db: None, periods: list[Period]) -> None:
    parcel = builders.a_parcel()
    days: set[int] = set()
    for first, length in periods:
        wanted = set(range(first, first + length + 1))
        start = FIRST + ONE_DAY * first
        try:
            builders.a_holding(parcel, start=start, last_day=start + ONE_DAY * length)
        except Conflict:
            assert days & wanted
        else:
            assert not days & wanted
            days |= wanted


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_gets_the_parcel() -> None:
    parcel, by = builders.a_parcel(), builders.a_keeper()
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def attempt() -> None:
        start.wait()
        for _ in range(5):
            try:
                builders.a_holding(parcel, by=by)
                outcomes.append("held")
            except Conflict as refused:
                outcomes.append(refused.code)
        connection.close()

    run_all([threading.Thread(target=attempt) for _ in range(8)])
    assert sorted(set(outcomes)) == ["held", "holding_overlaps"]
    assert (outcomes.count("held"), len(outcomes)) == (1, 40)
    assert Holding.objects.filter(parcel=parcel).count() == 1


def run_all(threads: list[Any]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
