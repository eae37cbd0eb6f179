"""How much may be asked in a while: by a person, by a key, by an address without a sign-in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from authority import clock
from authority.keys import hashed, new_key
from authority.limits import rate_of, spend
from authority.models import ApiKey, Role, User
from tests.authority.builders import make_user

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


@pytest.fixture(autouse=True)
def rates(settings: Any) -> None:
    settings.API_RATES = {"user": "4/min", "key": "3/min", "stranger": "2/min"}


def key_for(user: User) -> dict[str, str]:
    key = new_key()
    ApiKey.objects.create(
        user=user, name="x", prefix=key.prefix, secret_hash=hashed(key.secret), scopes=["read"],
        created_at=clock.now(), expires_at=clock.now() + dt.timedelta(days=1),
    )  # fmt: skip
    return {"Authorization": f"Bearer {key.token}"}


def codes(times: int, **asked: Any) -> list[int]:
    client = Client()
    return [client.get(ME, **asked).status_code for _ in range(times)]


def later(seconds: int) -> None:
    """Let time pass for every bucket."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE authority_bucket SET began = began - %s * interval '1 second'", [seconds])


def test_a_key_that_asks_too_much_is_told_how_long_to_wait() -> None:
    headers = key_for(make_user(Role.SURVEYOR))
    assert codes(3, headers=headers) == [200] * 3
    answer = Client().get(ME, headers=headers)
    assert (answer.status_code, answer.json()["code"], answer["Content-Type"]) == (
        429,
        "rate_limit",
        "application/problem+json",
    )
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_another_key_of_the_same_person_is_counted_apart_but_the_person_as_one() -> None:
    user = make_user(Role.SURVEYOR)
    assert codes(3, headers=key_for(user)) == [200] * 3
    assert codes(2, headers=key_for(user)) == [200, 429]


def test_another_person_is_not_held_up() -> None:
    codes(9, headers=key_for(make_user(Role.SURVEYOR)))
    assert codes(1, headers=key_for(make_user(Role.SURVEYOR))) == [200]


def test_when_the_window_is_over_all_is_open_again() -> None:
    headers = key_for(make_user(Role.SURVEYOR))
    assert codes(4, headers=headers)[-1] == 429
    later(60)
    assert codes(1, headers=headers) == [200]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer amlak_wrong"}])
@pytest.mark.parametrize("path", [ME, "/tiles/style.json"])
def test_an_address_without_a_valid_sign_in_is_slowed_down(path: str, header: dict[str, str]) -> None:
    client = Client()
    told = [client.get(path, headers=header) for _ in range(3)]
    assert [answer.status_code for answer in told] == [401, 401, 429]
    assert int(told[-1]["Retry-After"]) >= 1


def test_who_guesses_keys_does_not_lock_out_who_has_one() -> None:
    codes(9)
    assert codes(1, headers=key_for(make_user(Role.SURVEYOR))) == [200]


def test_forged_addresses_share_one_bucket() -> None:
    client = Client()
    seen = [client.get(ME, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(3)]
    assert seen == [401, 401, 429]


def test_old_buckets_are_swept_by_new_ones() -> None:
    spend("ip:old", rate_of("1/min"))
    later(2 * 86400)
    spend("ip:new", rate_of("1/min"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM authority_bucket")
        assert cursor.fetchall() == [("ip:new",)]


@pytest.mark.parametrize("text", ["", "many", "12", "1/fortnight", "-1/min", "1.5/min"])
def test_what_is_no_rate_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="not a rate"):
        rate_of(text)
