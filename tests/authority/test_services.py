"""Accounts, roles, keys and offices: each change with its audit."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from authority import clock, selectors, services
from authority.models import AuditEvent, Role, RoleHolding, User
from authority.policies import STAFF_READ, scope_of
from authority.refusal import NotAllowed, Refusal
from tests.authority.builders import ALEXANDRIA, make_office, make_place, make_user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 10, 9, tzinfo=dt.UTC)


def last_action() -> str:
    return AuditEvent.objects.latest("id").action


def test_an_administrator_opens_an_account_and_gives_a_role_in_his_own_place() -> None:
    admin, office = make_user(Role.ADMIN), make_office(make_place())
    user = services.create_user(username="mona", password="a long password", by=admin, at=NOW)
    assert last_action() == services.USER_CREATED
    services.hold_role(user=user, role=Role.SURVEYOR, office=office, by=admin, at=NOW)
    assert last_action() == services.ROLE_GIVEN
    assert scope_of(user, on=dt.date(2026, 5, 10)).allows({Role.SURVEYOR}, make_place())


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_no_other_role_opens_accounts(role: Role) -> None:
    with pytest.raises(NotAllowed):
        services.create_user(username="mona", by=make_user(role), at=NOW)
    assert not AuditEvent.objects.exists()


def test_an_administrator_gives_no_role_elsewhere_and_none_to_himself() -> None:
    admin = make_user(Role.ADMIN)
    with pytest.raises(NotAllowed):
        services.hold_role(
            user=make_user(), role=Role.SURVEYOR, office=make_office(make_place(ALEXANDRIA)), by=admin, at=NOW
        )
    with pytest.raises(services.OwnRole):
        services.hold_role(user=admin, role=Role.GOVERNOR, office=make_office(), by=admin, at=NOW)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"role": "emperor"}, services.BadChoice),
        ({"ends_on": dt.date(2026, 5, 9)}, services.BadPeriod),
    ],
)
def test_a_role_that_cannot_be_is_refused(changes: dict[str, Any], kind: type[Refusal]) -> None:
    given = {"user": make_user(), "role": Role.SURVEYOR, "office": make_office(), **changes}
    with pytest.raises(kind):
        services.hold_role(**given, by=make_user(Role.ADMIN), at=NOW)


def test_a_role_that_is_ended_stops_at_once() -> None:
    user = make_user(Role.GOVERNOR)
    assert scope_of(user).holds(STAFF_READ)
    services.end_role(holding=RoleHolding.objects.get(user=user), by=make_user(Role.ADMIN), at=clock.now())
    assert not scope_of(user).holds(STAFF_READ)
    assert last_action() == services.ROLE_ENDED


def test_a_role_given_and_taken_on_one_day_never_counted() -> None:
    user, admin = make_user(), make_user(Role.ADMIN)
    holding = services.hold_role(user=user, role=Role.GOVERNOR, office=make_office(), by=admin, at=NOW)
    services.end_role(holding=holding, by=admin, at=NOW)
    assert not scope_of(user, on=NOW.date()).roles


def test_disabling_ends_sessions_and_keys_of_that_person_only(client: Client) -> None:
    user, other, admin = make_user(), make_user(), make_user(Role.ADMIN)
    for person in (user, other):
        Client().force_login(person)
        services.issue_key(
            name="k", scopes=["read"], expires_at=clock.now() + dt.timedelta(days=1), by=person, at=clock.now()
        )
    services.disable_user(user=user, by=admin, at=clock.now(), reason="left")
    assert Session.objects.count() == 1
    assert user.api_keys.get().revoked_at
    assert not other.api_keys.get().revoked_at
    assert last_action() == services.USER_DISABLED
    services.enable_user(user=user, by=admin, at=clock.now())
    assert User.objects.get(pk=user.pk).is_active


def test_nobody_disables_himself() -> None:
    admin = make_user(Role.ADMIN)
    with pytest.raises(services.OwnRole):
        services.disable_user(user=admin, by=admin, at=NOW)


@pytest.mark.parametrize("password", ["short", "sample", "q1w2e3r4t5y6"])
def test_a_weak_password_is_refused(password: str) -> None:
    user = make_user()
    with pytest.raises(services.WeakPassword) as raised:
        services.change_password(user=user, password=password, by=user, at=NOW)
    assert raised.value.params["errors"]


def test_a_stranger_does_not_change_a_password() -> None:
    with pytest.raises(NotAllowed):
        services.change_password(user=make_user(), password="a long password", by=make_user(Role.GOVERNOR), at=NOW)


def test_settings_are_kept_and_only_known_ones() -> None:
    user = make_user()
    services.set_preferences(by=user, at=NOW, language="en", digits="arab", theme="dark")
    kept = User.objects.get(pk=user.pk)
    assert (kept.language, kept.digits, kept.theme) == ("en", "arab", "dark")
    with pytest.raises(services.BadChoice):
        services.set_preferences(by=user, at=NOW, theme="pink")
    count = AuditEvent.objects.count()
    services.set_preferences(by=user, at=NOW, language="en")
    assert AuditEvent.objects.count() == count, "what does not change is not recorded"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"scopes": []}, services.BadChoice),
        ({"scopes": ["admin"]}, services.BadChoice),
        ({"expires_at": NOW}, services.BadPeriod),
        ({"expires_at": NOW + dt.timedelta(days=400)}, services.BadPeriod),
    ],
)
def test_a_key_that_says_too_much_is_refused(changes: dict[str, Any], kind: type[Refusal]) -> None:
    given = {"name": "k", "scopes": ["read"], "expires_at": NOW + dt.timedelta(days=1), **changes}
    with pytest.raises(kind):
        services.issue_key(**given, by=make_user(), at=NOW)


def test_a_person_has_a_limited_number_of_living_keys() -> None:
    user = make_user()

    def issue() -> None:
        services.issue_key(name="k", scopes=["read"], expires_at=NOW + dt.timedelta(days=1), by=user, at=NOW)

    for _ in range(services.KEYS_MAX):
        issue()
    with pytest.raises(services.TooManyKeys):
        issue()


def test_a_place_gets_its_path_from_its_parent() -> None:
    admin, parent = make_user(Role.ADMIN), make_place()
    place = services.create_place(kind="MARKAZ", code="1901", name_ar="التل الكبير", parent=parent, by=admin, at=NOW)
    assert place.path == "19.1901"
    assert [p.code for p in selectors.chain_of(place)] == ["19", "1901"]
    assert set(selectors.subtree_of(parent)) == {parent, place}


def test_an_office_is_opened_with_a_jurisdiction() -> None:
    office = services.create_office(code="x", name_ar="إدارة", place=make_place(), by=make_user(Role.ADMIN), at=NOW)
    assert office.place == make_place()
    assert last_action() == services.OFFICE_CREATED


def test_the_system_cannot_sign_in_and_holds_no_role() -> None:
    system = selectors.system_user()
    assert system == selectors.system_user()
    assert not system.has_usable_password()
    assert not scope_of(system).roles
    assert services.may_keep_accounts(system)


def trail_reader(role: Role) -> Callable[[], User]:
    return lambda: make_user(role)


@pytest.mark.parametrize(("role", "reads"), [(Role.AUDITOR, True), (Role.SURVEYOR, False)])
def test_the_trail_of_a_person_is_read_by_who_oversees_the_place(role: Role, reads: bool) -> None:
    admin, user = make_user(Role.ADMIN), make_user()
    services.hold_role(user=user, role=Role.INSPECTOR, office=make_office(), by=admin, at=NOW)
    reader = make_user(role)
    assert selectors.audit_of(user, user=reader).exists() is reads
    far = make_user(role, place=make_place(ALEXANDRIA))
    assert not selectors.audit_of(user, user=far).exists()
    assert selectors.audit_of(user, user=admin).exists(), "what one did oneself is always there"
