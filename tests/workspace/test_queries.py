"""Lists ask the database as often for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from authority.models import Role, User
from parties.models import Party
from tests.authority.builders import make_place, make_user
from tests.cases.builders import party
from tests.leases import builders as leases
from tests.parcels import builders
from tests.surveys.builders import reported

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROLES = (Role.PROPERTY_OFFICER, Role.INSPECTOR, Role.GIS_OFFICER, Role.SURVEYOR, Role.AUDITOR, Role.FRONT_DESK)


def a_held_parcel() -> None:
    """A parcel that somebody of its own name holds."""
    builders.a_holding(builders.a_parcel(), party=party())


def a_survey() -> None:
    """A survey that was read and checked."""
    reported()


def a_lease() -> None:
    """A file that waits for an inspector."""
    leases.application()


def a_party() -> None:
    """Somebody whom an office of the governorate entered."""
    Party.objects.create(name_ar="محمود عبد الله حسن", governorate="19", created_by=make_user(Role.FRONT_DESK))


LISTS: list[tuple[str, Callable[[], object]]] = [
    ("/parcels/", a_held_parcel),
    ("/map/results/", a_held_parcel),
    ("/inbox/", a_lease),
    ("/surveys/", a_survey),
    ("/api/v1/parcels/", a_held_parcel),
    ("/api/v1/assets/", lambda: builders.an_asset(parcel=builders.a_parcel())),
    ("/api/v1/parties/", a_party),
    ("/api/v1/cases/", a_lease),
    ("/api/v1/submissions/", a_survey),
]


def reader() -> User:
    """Somebody who sees all of it."""
    return make_user(*ROLES, place=make_place("19"))


def asked(client: Client, path: str) -> tuple[int, int]:
    """Return how often the database is asked for a page, and its bytes; a second time, when all is warm."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(queries), len(answer.content)


@pytest.mark.parametrize(("path", "one_more"), LISTS, ids=[path for path, _ in LISTS])
def test_a_list_asks_the_database_no_more_for_more_rows(path: str, one_more: Callable[[], object]) -> None:
    client = Client()
    client.force_login(reader())
    for _ in range(2):
        one_more()
    few, short = asked(client, path)
    for _ in range(4):
        one_more()
    many, long = asked(client, path)
    assert long > short, "the list has not grown"
    assert many <= few
