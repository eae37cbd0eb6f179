"""Status: derived by precedence, in Python and in SQL alike, by Cairo's days."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authority import clock
from jobs import registry
from jobs.services import queue
from jobs.worker import Worker
from parcels import selectors, services, status
from parcels.models import Asset, Holding, OwnershipClass, Parcel, Status
from tests.parcels import builders

K = Holding.Kind
TODAY = dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((), Status.FREE),
        ((K.LEASE,), Status.LEASED),
        ((K.LEASE, K.ENCROACHMENT), Status.ENCROACHED),
        ((K.ENCROACHMENT, K.DISPUTE, K.LEASE), Status.DISPUTED),
        ((K.REGULARIZATION, K.ENCROACHMENT), Status.ENCROACHED),
        ((K.REGULARIZATION,), Status.REGULARIZING),
        ((K.SALE_INSTALLMENTS, K.RESERVATION), Status.SOLD_INSTALLMENTS),
        ((K.USE_LICENCE,), Status.USUFRUCT),
        ((K.LEASE_TO_OWN,), Status.LEASED),
        ((K.ALLOCATION, K.RESERVATION), Status.ALLOCATED),
    ],
)
def test_the_strongest_holding_gives_the_status(kinds: tuple[str, ...], expected: Status) -> None:
    for order in itertools.permutations(kinds):
        assert status.derive(order) == expected


def test_what_was_never_surveyed_or_classed_is_not_free_but_unknown() -> None:
    assert status.derive((), surveyed=False) == Status.UNKNOWN
    assert status.derive((), ownership=OwnershipClass.UNKNOWN) == Status.UNKNOWN
    assert status.derive((K.LEASE,), surveyed=False) == Status.LEASED


def test_every_kind_of_holding_has_a_status() -> None:
    assert set(status.OF_HOLDING) == set(K)


@pytest.fixture
def plot(db: None) -> Parcel:
    return builders.a_parcel()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.sets(st.sampled_from(list(K)), max_size=4))
def test_python_and_sql_agree(plot: Parcel, kinds: set[str]) -> None:
    Parcel.objects.filter(pk=plot.pk).update(status="")
    for row in Holding.objects.filter(parcel=plot, in_book=True):
        services.end_holding(by=row.recorded_by, at=clock.now(), holding=row, last_day=dt.date(2019, 1, 1))
    for kind in kinds:
        builders.a_holding(plot, kind=kind, exclusive=False)
    status.refresh_status([plot.pk], on=TODAY)
    plot.refresh_from_db()
    assert plot.status == status.derive(kinds)
    assert selectors.as_of(plot, on=TODAY).shown_status == status.derive(kinds)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "located"),
    [({}, True), ({}, False), ({"ownership_class": "UNKNOWN"}, True), ({"survey_area_m2": "100"}, False)],
)
def test_python_and_sql_agree_on_land_that_nobody_holds(facts: dict[str, str], located: bool) -> None:
    parcel = builders.a_parcel(located=located, **facts)
    surveyed = located or "survey_area_m2" in facts
    expected = status.derive((), surveyed=surveyed, ownership=facts.get("ownership_class", "STATE_PRIVATE"))
    assert parcel.status == expected
    assert selectors.as_of(parcel, on=dt.date(2024, 1, 1)).shown_status == expected


@pytest.mark.django_db
def test_the_status_of_a_past_day_and_of_an_earlier_book_is_what_it_was() -> None:
    parcel = builders.a_parcel(at=dt.datetime(2023, 1, 1, tzinfo=dt.UTC))
    entered = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    builders.a_holding(parcel, start=dt.date(2024, 1, 1), last_day=dt.date(2024, 12, 31), at=entered)
    then, before = dt.date(2024, 6, 1), dt.datetime(2024, 7, 1, tzinfo=dt.UTC)
    assert selectors.as_of(parcel, on=then).shown_status == Status.LEASED
    assert selectors.as_of(parcel, on=then, known_at=before).shown_status == Status.FREE
    assert selectors.as_of(parcel, on=dt.date(2025, 6, 1)).shown_status == Status.FREE
    assert selectors.standing_version(parcel).shown_status == parcel.status == Status.FREE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (dt.datetime(2026, 12, 31, 21, 59, tzinfo=dt.UTC), Status.LEASED),
        (dt.datetime(2026, 12, 31, 22, 0, tzinfo=dt.UTC), Status.FREE),
    ],
)
def test_a_lease_ends_at_midnight_in_cairo(moment: dt.datetime, expected: Status) -> None:
    parcel = builders.a_parcel()
    builders.a_holding(parcel, last_day=dt.date(2026, 12, 31))
    status.refresh_status(on=clock.day_of(moment))
    parcel.refresh_from_db()
    assert parcel.status == expected


@pytest.mark.django_db
def test_an_asset_is_leased_apart_from_its_parcel() -> None:
    parcel = builders.a_parcel()
    kiosk = builders.an_asset(parcel=parcel)
    assert kiosk.status == Status.FREE
    builders.a_holding(asset=kiosk)
    assert Asset.objects.get(pk=kiosk.pk).status == Status.LEASED
    assert Parcel.objects.get(pk=parcel.pk).status == Status.FREE


@pytest.mark.django_db
def test_the_daily_job_is_registered_and_changes_only_what_differs() -> None:
    parcel = builders.a_parcel()
    builders.a_holding(parcel, start=dt.date(2026, 6, 1), last_day=dt.date(2026, 6, 30))
    assert registry.get("parcels.refresh_status")
    assert status.refresh_status(on=dt.date(2026, 6, 30)) in ([], [parcel.pk])
    assert status.refresh_status(on=dt.date(2026, 7, 1)) == [parcel.pk]
    assert status.refresh_status(on=dt.date(2026, 7, 1)) == []


@pytest.mark.django_db(transaction=True)
def test_the_night_brings_the_status_in_step() -> None:
    parcel = builders.a_parcel()
    Parcel.objects.filter(pk=parcel.pk).update(status=Status.LEASED)
    with transaction.atomic():
        queue("parcels.refresh_status", by=builders.a_keeper())
    assert Worker().work_once()
    assert Parcel.objects.get(pk=parcel.pk).status == Status.FREE
