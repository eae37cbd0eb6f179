"""Offices are opened and closed by two administrators."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from authority import clock
from authority.keeping import services
from authority.keeping.selectors import tree_of
from authority.models import AuditEvent, Office, PreparedChange, Role, RoleHolding, User
from authority.refusal import Refusal
from tests.authority.builders import make_office, make_place, make_user

pytestmark = pytest.mark.django_db
PAGE = "/administration/offices/"
DAY = dt.timedelta(days=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def closing(office: Office, by: User, days: int = 0) -> str:
    """Try to prepare that an office closes; '' when it is prepared."""
    try:
        services.prepare_closing(office=office, on=clock.today() + days * DAY, by=by, at=clock.now())
    except Refusal as refusal:
        return refusal.code
    return ""


def test_an_office_is_opened_and_closed_on_the_page_by_two_people() -> None:
    first, second = signed_in(make_user(Role.ADMIN)), signed_in(make_user(Role.ADMIN))
    sent = {"code": "west", "name_ar": "إدارة الغرب", "place": make_place().code, "parent": make_office().pk}
    where = first.post(PAGE, sent)["Location"]
    assert not Office.objects.filter(code="west").exists()
    assert first.post(where, {"act": "carry_out"}).status_code == 403
    assert "إدارة الغرب" in second.get(where).content.decode()
    assert second.post(where, {"act": "carry_out"}).status_code == 302
    made = Office.objects.get(code="west")
    assert (made.place, made.parent_id) == (make_place(), sent["parent"])
    assert "west" in first.get(PAGE).content.decode()
    assert first.post(PAGE, {"close": "west", "on": "never"}).status_code == 400
    where = first.post(PAGE, {"close": "west", "on": clock.today().strftime("%d/%m/%Y")})["Location"]
    assert second.post(where, {"act": "carry_out"}).status_code == 302
    made.refresh_from_db()
    assert made.closed_on == clock.today()
    assert AuditEvent.objects.filter(action="authority.office_closed", object_id=str(made.pk)).count() == 1
    assert first.post(PAGE, {"close": "west", "on": clock.today().strftime("%d/%m/%Y")}).status_code == 404


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"place": ""}, 400),
        ({"place": "77"}, 400),
        ({"code": "bad code"}, 400),
        ({"name_ar": ""}, 400),
        ({"place": "02"}, 403),  # another governorate
        ({"code": "taken"}, 409),
        ({"parent": "0"}, 400),
    ],
)
def test_an_office_that_cannot_be_is_not_prepared(said: dict[str, str], status: int) -> None:
    make_place("02")
    Office.objects.create(code="taken", name_ar="إدارة", place=make_place())
    sent = {"code": "west", "name_ar": "إدارة الغرب", "place": make_place().code} | said
    answer = signed_in(make_user(Role.ADMIN)).post(PAGE, sent)
    assert (answer.status_code, PreparedChange.objects.count()) == (status, 0)


def test_an_office_with_people_or_offices_below_is_not_closed() -> None:
    admin, office = make_user(Role.ADMIN), make_office()
    below = Office.objects.create(code="below", name_ar="فرع", place=make_place(), parent=office)
    assert closing(office, admin) == "office_in_use"
    Office.objects.filter(pk=below.pk).update(closed_on=clock.today())
    holder = make_user(Role.INSPECTOR, office=office)
    assert closing(office, admin) == "office_in_use"
    RoleHolding.objects.filter(user=holder).update(ends_on=clock.today())
    assert closing(office, admin) == "office_in_use"  # he works there today
    assert closing(office, admin, days=-1) == "bad_period"
    assert closing(office, make_user(Role.ADMIN, place=make_place("02")), days=1) == "not_allowed"
    assert closing(office, admin, days=1) == ""


def test_who_came_into_the_office_meanwhile_stops_its_closing() -> None:
    office = make_office()
    change = services.prepare_closing(office=office, on=clock.today(), by=make_user(Role.ADMIN), at=clock.now())
    make_user(Role.INSPECTOR, office=office)
    with pytest.raises(Refusal) as answer:
        services.carry_out(change_id=change.pk, by=make_user(Role.ADMIN), at=clock.now())
    assert answer.value.code == "office_in_use"


def test_offices_stand_below_the_one_above_them() -> None:
    top, other = make_office(), make_office()
    child = Office.objects.create(code="child", name_ar="فرع", place=make_place(), parent=top)
    grandchild = Office.objects.create(code="grandchild", name_ar="فرع", place=make_place(), parent=child)
    assert tree_of([top, child, other, grandchild]) == [(0, top), (1, child), (2, grandchild), (0, other)]
    assert tree_of([grandchild]) == [(0, grandchild)]
