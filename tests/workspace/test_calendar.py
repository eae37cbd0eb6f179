"""The calendar's page: a year as a table, holidays proposed by one and decided by another."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from authority.models import Role, User
from law import days
from law.models import Holiday
from tests.authority.builders import make_user
from tests.parcels import builders

pytestmark = pytest.mark.django_db
PAGE = "/reference/calendar/"
FEAST = {"day": "19/03/2026", "name_ar": "عيد الفطر", "source": "قرار ٩ لسنة ٢٠٢٦"}


def legal() -> User:
    return make_user(Role.LEGAL_OFFICER, place=builders.a_governorate())


def as_user(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def put_in_force(client: Client, **said: str) -> Holiday:
    assert as_user(client, legal()).post(PAGE, FEAST | said).status_code == 302
    made = Holiday.objects.latest("pk")
    assert as_user(client, legal()).post(f"{PAGE}{made.pk}/decide/", {"act": "enforce"}).status_code == 302
    return made


def test_a_holiday_of_two_people_is_marked_in_the_table_of_its_year(client: Client) -> None:
    put_in_force(client)
    html = client.get(f"{PAGE}?year=2026").content.decode()
    assert html.count('class="feast') == 1
    assert "قرار ٩ لسنة ٢٠٢٦" in html
    assert 'class="feast' not in client.get(f"{PAGE}?year=2025").content.decode()


def test_a_holiday_moves_and_is_cancelled_by_the_same_form(client: Client) -> None:
    first = put_in_force(client)
    second = put_in_force(client, day="22/03/2026", replaces=str(first.pk))
    assert [row.day for row in days.holidays()] == [dt.date(2026, 3, 22)]
    put_in_force(client, day="", replaces=str(second.pk))
    assert not days.holidays().exists()


def test_who_proposed_is_not_offered_the_decision(client: Client) -> None:
    author = as_user(client, legal())
    author.post(PAGE, FEAST)
    made = Holiday.objects.get()
    assert f"{PAGE}{made.pk}/decide/" not in author.get(PAGE).content.decode()
    assert author.post(f"{PAGE}{made.pk}/decide/", {"act": "enforce"}).status_code == 403
    assert f"{PAGE}{made.pk}/decide/" in as_user(client, legal()).get(PAGE).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"day": ""}, {"day": "31/02/2026"}, {"day": "01/01/0001"}, {"source": ""}, {"name_ar": ""}, {"replaces": "99"},
     {"name_ar": "x\x00"}, {"name_ar": "س" * 121}],
)  # fmt: skip
def test_a_form_that_cannot_be_read_is_refused_and_nothing_is_written(client: Client, wrong: dict[str, str]) -> None:
    assert as_user(client, legal()).post(PAGE, FEAST | wrong).status_code in (400, 422)
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("year", ["x", "0", "99999999999", "٢٠٢٦", "²", "-1"])
def test_any_year_asked_for_shows_a_year(client: Client, year: str) -> None:
    assert as_user(client, legal()).get(PAGE, {"year": year}).status_code == 200


def test_every_month_bears_its_own_name_in_arabic(client: Client) -> None:
    html = as_user(client, legal()).get(PAGE).content.decode()
    names = re.findall(r"<caption>(.*?)</caption>", html)
    assert len(set(names)) == 12
    assert "مايو" in names
