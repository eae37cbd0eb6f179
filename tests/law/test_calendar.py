"""Holidays, the working week, fiscal and agricultural years: dated data, counted in one place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from rest_framework.test import APIClient

from authority import clock
from authority.models import AuditEvent, Role, User
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from law import days, services
from law.calendar import Calendar, Week, last_day, year_of
from law.holidays import enforce_holiday, propose_cancelling, propose_holiday, refuse_holiday
from law.models import Holiday
from tests.authority.builders import make_user
from tests.parcels import builders

D = dt.date
FEAST = D(2026, 3, 19)  # a Thursday
FRI_SAT = Week(start=D(1950, 1, 1), end=None, off=frozenset({4, 5}))


def legal() -> User:
    return make_user(Role.LEGAL_OFFICER, place=builders.a_governorate())


def proposed(day: D = FEAST, by: User | None = None, **how: Any) -> Holiday:
    said = {"name_ar": "عيد الفطر", "source": "قرار رئيس مجلس الوزراء ٩ لسنة ٢٠٢٦"} | how
    return propose_holiday(by=by or legal(), at=clock.now(), day=day, **said)


def in_force(day: D = FEAST, **how: Any) -> Holiday:
    return enforce_holiday(by=legal(), at=clock.now(), holiday=proposed(day, **how))


@pytest.mark.parametrize(
    ("start", "count", "off", "last"),
    [
        (D(2026, 5, 5), 15, (), D(2026, 5, 20)),
        (D(2026, 4, 23), 15, (), D(2026, 5, 10)),  # T-32: day 15 is Friday 8 May
        (D(2026, 4, 23), 15, (D(2026, 5, 10),), D(2026, 5, 11)),
        (D(2026, 4, 23), 15, (D(2026, 5, 9), D(2026, 5, 10), D(2026, 5, 11)), D(2026, 5, 12)),
    ],
)
def test_a_period_that_ends_on_a_day_off_ends_on_the_next_working_day(
    start: D, count: int, off: tuple[D, ...], last: D
) -> None:
    assert last_day(start, count, Calendar((FRI_SAT,), frozenset(off))) == last


def test_the_week_of_the_day_counts_not_the_week_of_today() -> None:
    old = Week(start=D(1950, 1, 1), end=D(2026, 1, 1), off=frozenset({4}))
    new = Week(start=D(2026, 1, 1), end=None, off=frozenset({4, 5}))
    both = Calendar((new, old))
    assert (both.is_working(D(2025, 12, 27)), both.is_working(D(2026, 1, 3))) == (True, False)  # both Saturdays
    with pytest.raises(NotFound, match=r"calendar\.week"):
        both.is_working(D(1949, 1, 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "fiscal", "agricultural"),
    [
        (D(2026, 6, 30), "2025/2026", "2025/2026"),  # T-65
        (D(2026, 7, 1), "2026/2027", "2025/2026"),
        (D(2026, 10, 31), "2026/2027", "2025/2026"),
        (D(2026, 11, 1), "2026/2027", "2026/2027"),
    ],
)
def test_the_fiscal_and_the_agricultural_year_of_a_day(day: D, fiscal: str, agricultural: str) -> None:
    assert (str(days.fiscal_year(day)), str(days.agricultural_year(day))) == (fiscal, agricultural)


@pytest.mark.django_db
def test_a_kind_of_land_may_have_an_agricultural_year_of_its_own() -> None:
    made = services.propose_rule(
        by=legal(), at=clock.now(), code="calendar.agricultural_year", regime="SUGAR_CANE",
        params={"month": 3, "day": 1}, starts_on=D(2020, 1, 1), source="قرار",
    )  # fmt: skip
    services.enforce_rule(by=legal(), at=clock.now(), rule=made)
    assert str(days.agricultural_year(D(2026, 10, 1), "SUGAR_CANE")) == "2026/2027"
    assert str(days.agricultural_year(D(2026, 10, 1), "ORCHARD")) == "2025/2026"


def test_a_year_ends_the_day_before_it_begins_again() -> None:
    year = year_of(D(2024, 2, 29), 3, 1)
    assert (year.first, year.last) == (D(2023, 3, 1), D(2024, 2, 29))


@pytest.mark.django_db
@pytest.mark.parametrize("params", [None, {}, {"days_off": []}, {"days_off": ["FRI"]}, {"days_off": ["FRIDAY"] * 2},
                                    {"days_off": [["FRIDAY"]]}, {"days_off": "FRIDAY"}])  # fmt: skip
def test_a_week_that_cannot_be_read_is_refused(params: Any) -> None:
    with pytest.raises(Invalid) as refused:
        services.propose_rule(
            by=legal(), at=clock.now(), code="calendar.week", params=params, starts_on=FEAST, source="قانون"
        )
    assert refused.value.code == "rule_unreadable"


@pytest.mark.django_db
class TestHolidays:
    """One enters, another puts in force."""

    def test_a_day_is_off_when_another_person_has_put_it_in_force(self) -> None:
        author = legal()
        made = proposed(by=author)
        assert days.calendar().is_working(FEAST)
        with pytest.raises(NotAllowed):
            enforce_holiday(by=author, at=clock.now(), holiday=made)
        enforce_holiday(by=legal(), at=clock.now(), holiday=made)
        assert not days.calendar().is_working(FEAST)
        assert AuditEvent.objects.filter(action="law.holiday_in_force").count() == 1

    def test_a_moved_holiday_is_a_closed_row_and_a_new_one(self) -> None:
        old = in_force()
        new = in_force(D(2026, 3, 22), replaces=old.pk)
        old.refresh_from_db()
        assert (old.in_book, new.in_book, new.replaces_id) == (False, True, old.pk)
        assert [row.day for row in days.holidays()] == [D(2026, 3, 22)]

    def test_a_cancelled_holiday_is_a_working_day_and_stays_in_the_book_as_it_was(self) -> None:
        old = in_force()
        enforce_holiday(
            by=legal(), at=clock.now(),
            holiday=propose_cancelling(by=legal(), at=clock.now(), holiday=old.pk, source="قرار"),
        )  # fmt: skip
        assert days.calendar().is_working(FEAST)
        assert Holiday.objects.get(pk=old.pk).day == FEAST

    def test_a_day_is_off_once(self) -> None:
        waiting = proposed()
        in_force()
        with pytest.raises(Conflict) as refused:
            enforce_holiday(by=legal(), at=clock.now(), holiday=waiting)
        assert refused.value.code == "holiday_stands"
        with pytest.raises(Conflict):
            proposed()

    def test_what_was_moved_by_one_cannot_be_moved_by_another(self) -> None:
        old = in_force()
        two = [proposed(D(2026, 3, day), replaces=old.pk) for day in (22, 23)]
        enforce_holiday(by=legal(), at=clock.now(), holiday=two[0])
        with pytest.raises(Conflict) as refused:
            enforce_holiday(by=legal(), at=clock.now(), holiday=two[1])
        assert refused.value.code == "holiday_gone"

    def test_a_refused_proposal_keeps_its_reason(self) -> None:
        made = proposed()
        with pytest.raises(Invalid):
            refuse_holiday(by=legal(), at=clock.now(), holiday=made, reason=" ")
        assert refuse_holiday(by=legal(), at=clock.now(), holiday=made, reason="لا قرار").reason == "لا قرار"
        assert days.calendar().is_working(FEAST)

    @pytest.mark.parametrize("how", [{"name_ar": " "}, {"source": " "}, {"day": D(1, 1, 1)}, {"day": D.max}])
    def test_a_holiday_without_name_or_decree_or_out_of_time_is_refused(self, how: dict[str, Any]) -> None:
        with pytest.raises(Invalid):
            proposed(**how)

    def test_a_clerk_enters_no_holiday(self) -> None:
        with pytest.raises(NotAllowed):
            proposed(by=make_user(Role.FRONT_DESK, place=builders.a_governorate()))

    @pytest.mark.parametrize(
        "change", [{"day": D(2026, 4, 1)}, {"name_ar": "x"}, {"source": "x"}, {"state": "REFUSED"}]
    )
    def test_the_database_keeps_a_decided_holiday(self, change: dict[str, Any]) -> None:
        held = in_force()
        with pytest.raises(DatabaseError), transaction.atomic():
            Holiday.objects.filter(pk=held.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Holiday.objects.filter(pk=held.pk).delete()


@pytest.mark.django_db
class TestApi:
    """The same by programs."""

    def client(self, user: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    def test_a_day_is_told_with_its_years(self) -> None:
        in_force()
        told = self.client(legal()).get("/api/v1/calendar/?on=2026-03-19").json()
        assert told == {
            "day": "2026-03-19", "working": False, "holiday": "عيد الفطر", "fiscal_year": "2025/2026",
            "agricultural_year": "2025/2026",
        }  # fmt: skip

    @pytest.mark.parametrize("on", ["1949-01-01", "x", "0001-01-01"])
    def test_a_day_without_a_rule_or_no_day_is_refused(self, on: str) -> None:
        assert self.client(legal()).get(f"/api/v1/calendar/?on={on}").status_code in (400, 404)

    def test_a_holiday_is_proposed_by_one_and_put_in_force_by_another(self) -> None:
        said = {"day": "2026-03-19", "name_ar": "عيد الفطر", "source": "قرار"}
        author = self.client(legal())
        made = author.post("/api/v1/holidays/", said, format="json").json()
        path = f"/api/v1/holidays/{made['id']}/enforce/"
        assert author.post(path, {}, format="json").status_code == 403
        assert self.client(legal()).post(path, {}, format="json").json()["state"] == "IN_FORCE"
        assert author.post("/api/v1/holidays/", said | {"x": 1}, format="json").status_code == 400
