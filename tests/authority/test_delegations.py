"""Delegations, deputies and absences: who enters, who confirms, when they count."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from authority import policies
from authority.mandates import services
from authority.models import Absence, AuditEvent, Delegation, Role, RoleHolding, User
from authority.refusal import Refusal
from tests.authority.builders import make_office, make_place, make_user

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 24)
WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


@pytest.fixture
def governor() -> User:
    return make_user(Role.GOVERNOR)


@pytest.fixture
def head() -> User:
    return make_user(Role.DISTRICT_HEAD)


def entered(giver: User, delegate: User, **said: Any) -> Delegation:
    """A delegation of a week from today on, entered by the giver himself."""
    known: dict[str, Any] = {
        "role": next(iter(policies.scope_of(giver).roles)), "starts_on": TODAY, "ends_on": TODAY + WEEK,
        "decree": "قرار 7 لسنة 2026", "by": giver, "at": NOON,
    }  # fmt: skip
    return services.enter(giver=giver, delegate=delegate, **(known | said))


def in_force(giver: User, delegate: User, **said: Any) -> Delegation:
    """The same, confirmed by an administrator."""
    made = entered(giver, delegate, **said)
    return services.confirm(delegation_id=made.pk, by=keeper(), at=NOON)


def keeper() -> User:
    """An administrator of two governorates."""
    user = make_user(Role.ADMIN)
    RoleHolding.objects.create(
        user=user, role=Role.ADMIN, office=make_office(make_place("02")), starts_on=dt.date(2020, 1, 1)
    )
    return user


def lent(user: User, on: dt.date = TODAY) -> list[tuple[str, int]]:
    """The roles that are lent to somebody on a day, with their givers."""
    return [(one.grant.role, one.giver_id) for one in sorted(policies.scope_of(user, on=on).mandates)]


def refused(code: str, **how: Any) -> None:
    with pytest.raises(Refusal) as answer:
        entered(**how)
    assert answer.value.code == code


def test_a_delegation_counts_from_its_first_day_to_its_last_once_a_second_person_has_confirmed_it(
    governor: User, head: User
) -> None:
    made = entered(governor, head, starts_on=TODAY + DAY, ends_on=TODAY + 2 * DAY)
    assert lent(head, TODAY + DAY) == []
    services.confirm(delegation_id=made.pk, by=make_user(Role.ADMIN), at=NOON)
    days = [bool(lent(head, TODAY + number * DAY)) for number in range(4)]
    assert days == [False, True, True, False]


def test_a_lent_role_opens_nothing_of_the_land_book(governor: User, head: User) -> None:
    in_force(governor, head)
    scope = policies.scope_of(head, on=TODAY)
    assert Role.GOVERNOR not in scope.roles
    assert not scope.allows({Role.GOVERNOR}, "19")
    assert scope.lent("lease").allows({Role.GOVERNOR}, "19.1")


def test_it_counts_only_while_the_giver_himself_holds_the_role(governor: User, head: User) -> None:
    in_force(governor, head)
    RoleHolding.objects.filter(user=governor).update(ends_on=TODAY + DAY)
    assert [bool(lent(head, TODAY + number * DAY)) for number in (1, 2)] == [True, False]
    User.objects.filter(pk=governor.pk).update(is_active=False)
    assert not lent(head)


def test_a_delegation_of_one_office_lends_no_other(head: User) -> None:
    here, there = make_office(), make_office(make_place("02"))
    governor = make_user(Role.GOVERNOR, office=here)
    RoleHolding.objects.create(user=governor, role=Role.GOVERNOR, office=there, starts_on=dt.date(2020, 1, 1))
    in_force(governor, head, office=here)
    assert {one.grant.path for one in policies.scope_of(head, on=TODAY).mandates} == {"19"}


def test_what_is_lent_is_not_lent_on(governor: User, head: User) -> None:
    third = make_user(Role.PROPERTY_OFFICER)
    in_force(governor, head)
    refused("delegation_chain", giver=head, delegate=third)
    refused("delegation_chain", giver=make_user(Role.SECRETARY_GENERAL), delegate=governor)
    after = entered(head, third, starts_on=TODAY + WEEK + DAY, ends_on=TODAY + WEEK + DAY)
    assert after.pk


def test_one_role_is_lent_to_one_person_at_a_time(governor: User, head: User) -> None:
    made = entered(governor, head, files=["lease"])
    other = make_user(Role.SECRETARY_GENERAL)
    refused("delegation_overlaps", giver=governor, delegate=other)
    assert entered(governor, other, files=["encroachment"]).files == ["encroachment"]
    services.close(delegation_id=made.pk, reason="خطأ في القيد", by=governor, at=NOON)
    assert entered(governor, make_user(Role.SECRETARY_GENERAL), files=["lease"]).pk


def test_a_closed_delegation_ends_at_once_and_binds_until_midnight(governor: User, head: User) -> None:
    made = in_force(governor, head)
    services.close(delegation_id=made.pk, reason="انتهاء الحاجة", by=head, at=NOON)
    assert lent(head) == []
    assert policies.scope_of(head, on=TODAY).pair == {governor.pk}
    assert policies.scope_of(head, on=TODAY + DAY).pair == frozenset()
    assert policies.scope_of(governor, on=TODAY).eyes == {governor.pk, head.pk}


def test_a_deputy_acts_only_on_days_on_which_the_officer_is_away(governor: User, head: User) -> None:
    in_force(governor, head, kind="DEPUTY", role="", ends_on=TODAY + 30 * DAY)
    assert lent(head, TODAY + DAY) == []
    assert policies.scope_of(head, on=TODAY + DAY).pair == frozenset()
    away = services.be_away(user=governor, starts_on=TODAY + DAY, ends_on=TODAY + 3 * DAY, by=governor, at=NOON)
    assert [bool(lent(head, TODAY + number * DAY)) for number in range(5)] == [False, True, True, True, False]
    services.be_back(absence_id=away.pk, by=governor, at=NOON + 2 * DAY)
    assert [bool(lent(head, TODAY + number * DAY)) for number in range(5)] == [False, True, False, False, False]


def test_two_officers_may_stand_in_for_each_other(governor: User, head: User) -> None:
    in_force(governor, head, kind="DEPUTY", role="")
    assert in_force(head, governor, kind="DEPUTY", role="").confirmed_at
    refused("delegation_chain", giver=head, delegate=make_user(Role.LEGAL_OFFICER), kind="DEPUTY", role="")


# Who may enter (giver = the governor) and who may then confirm; threats C1.
PEOPLE = ("giver", "delegate", "admin", "other admin", "admin elsewhere", "superior", "colleague")
ENTERS = {"giver", "admin", "other admin"}


@pytest.mark.parametrize("first", PEOPLE)
def test_two_people_make_a_delegation_and_the_delegate_is_neither(first: str) -> None:
    office = make_office()
    people = {
        "giver": make_user(Role.DISTRICT_HEAD, office=office),
        "delegate": make_user(Role.ADMIN, Role.PROPERTY_OFFICER, office=office),
        "admin": make_user(Role.ADMIN, office=office),
        "other admin": make_user(Role.ADMIN, office=office),
        "admin elsewhere": make_user(Role.ADMIN, place=make_place("02")),
        "superior": make_user(Role.GOVERNOR, office=office),
        "colleague": make_user(Role.PROPERTY_OFFICER, office=office),
    }
    said = {"giver": people["giver"], "delegate": people["delegate"], "role": Role.DISTRICT_HEAD, "by": people[first]}
    if first not in ENTERS:
        refused("not_allowed", **said)
        return
    made = entered(**said)
    confirmed = set()
    for second in PEOPLE:
        try:
            with transaction.atomic():
                services.confirm(delegation_id=made.pk, by=people[second], at=NOON)
                confirmed.add(second)
                raise InterruptedError
        except (Refusal, InterruptedError):
            policies.forget()
    assert confirmed == {"giver", "admin", "other admin", "superior"} - {first}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.CITIZEN, Role.SYSTEM, "nobody", ""])
def test_what_is_bound_to_the_person_is_not_lent(role: str, head: User) -> None:
    giver = make_user(Role.ADMIN, Role.AUDITOR)
    refused("bad_choice", giver=giver, delegate=head, role=role)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"starts_on": TODAY - DAY}, "bad_period"),
        ({"ends_on": TODAY - DAY}, "bad_period"),
        ({"ends_on": TODAY + 400 * DAY}, "bad_period"),
        ({"starts_on": TODAY + 800 * DAY, "ends_on": TODAY + 801 * DAY}, "bad_period"),
        ({"decree": "  "}, "decree_missing"),
        ({"decree": "ق" * 121}, "decree_missing"),
        ({"kind": "GIFT"}, "bad_choice"),
        ({"files": ["no-such-kind"]}, "bad_choice"),
        ({"role": Role.LEGAL_OFFICER}, "role_not_held"),
    ],
)
def test_a_delegation_that_says_nonsense_is_refused(
    said: dict[str, Any], code: str, governor: User, head: User
) -> None:
    refused(code, giver=governor, delegate=head, **said)


def test_nobody_delegates_to_himself_and_no_stranger_learns_of_it(governor: User, head: User) -> None:
    refused("own_delegation", giver=governor, delegate=governor)
    made = entered(governor, head)
    stranger = make_user(Role.PROPERTY_OFFICER)
    for act in (
        lambda: services.confirm(delegation_id=made.pk, by=stranger, at=NOON),
        lambda: services.close(delegation_id=made.pk, reason="سبب", by=stranger, at=NOON),
        lambda: services.close(delegation_id="no id", reason="سبب", by=stranger, at=NOON),
        lambda: services.be_away(user=governor, starts_on=TODAY, ends_on=TODAY, by=stranger, at=NOON),
    ):
        with pytest.raises(Refusal) as answer:
            act()
        assert answer.value.status == 404


def test_each_step_is_audited(governor: User, head: User) -> None:
    made = in_force(governor, head)
    services.close(delegation_id=made.pk, reason="انتهاء", by=governor, at=NOON)
    actions = AuditEvent.objects.filter(object_id=str(made.pk)).order_by("id").values_list("action", "governorate")
    assert [*actions] == [
        ("authority.delegation_entered", "19"),
        ("authority.delegation_confirmed", "19"),
        ("authority.delegation_closed", "19"),
    ]


@pytest.mark.parametrize(
    "change",
    [{"role": Role.LEGAL_OFFICER}, {"decree": "1"}, {"ends_on": TODAY + 90 * DAY}, {"confirmed_by": None}],
)
def test_the_database_lets_nobody_rewrite_a_delegation(change: dict[str, Any], governor: User, head: User) -> None:
    made = in_force(governor, head)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()


def test_rights_are_read_in_one_query(governor: User, head: User, django_assert_num_queries: Any) -> None:
    in_force(governor, head)
    Absence.objects.create(user=governor, starts_on=TODAY, ends_on=TODAY, entered_by=governor, entered_at=NOON)
    with django_assert_num_queries(1):
        policies.scope_of(head, on=TODAY)
