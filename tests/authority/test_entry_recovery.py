"""The way back in on a closed network, and the first administrator."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from authority import clock, services
from authority.entry import factors, recovery
from authority.models import AuditEvent, Recovery, Role, RoleHolding, User
from authority.refusal import Invalid, NotAllowed, NotFound, Refusal
from tests.authority.builders import ALEXANDRIA, make_place, make_user

pytestmark = pytest.mark.django_db
NEW = "walk by the canal at dusk"


def ask(user: User, by: User, **more: Any) -> tuple[Recovery, str]:
    said = {"kind": "PASSWORD", "reason": "forgotten after leave"} | more
    return recovery.ask(user=user, by=by, at=clock.now(), **said)


@pytest.fixture
def user() -> User:
    return make_user(Role.SURVEYOR, username="mona", password="three green tramcars")


@pytest.fixture
def admin() -> User:
    return make_user(Role.ADMIN)


def test_a_code_that_is_handed_over_sets_a_password_once(user: User, admin: User) -> None:
    _made, code = ask(user, admin)
    client = Client()
    opened = client.post("/recover/", {"code": f" {code.upper()} "})
    assert opened.status_code == 302
    assert "mona" in client.get(opened["Location"]).content.decode()
    weak = client.post(opened["Location"], {"new": "mona.mona.mona"})
    assert weak.status_code == 400
    assert client.post(opened["Location"], {"new": NEW}).status_code == 302
    assert "_auth_user_id" not in client.session, "the code signs nobody in"
    assert client.get(opened["Location"]).status_code == 404
    assert client.post("/login/", {"username": "mona", "password": NEW}).status_code == 302
    assert list(AuditEvent.objects.filter(object_id=str(user.pk)).order_by("id").values_list("action", flat=True)) == [
        recovery.ASKED, recovery.CODE_MADE, recovery.USED, services.SIGNED_IN
    ]  # fmt: skip


def test_a_code_has_at_least_128_bits_and_only_its_hash_is_kept(user: User, admin: User) -> None:
    made, code = ask(user, admin)
    letters = code.replace("-", "")
    assert len(letters) * 4.95 >= 128  # 31 letters: 4.954 bits each
    assert set(letters) <= set(recovery.ALPHABET)
    assert len(set(recovery.ALPHABET)) >= 31
    made.refresh_from_db()
    assert letters not in str(made.__dict__)
    assert code not in str(list(AuditEvent.objects.values()))


def test_a_code_ends_after_half_an_hour_and_a_newer_one_ends_the_older(user: User, admin: User) -> None:
    _made, first = ask(user, admin)
    _made, second = ask(user, admin)
    at = clock.now()
    with pytest.raises(recovery.BadRecovery):
        recovery.set_password(code=first, password=NEW, at=at)
    for minutes, good in ((29, True), (31, False)):
        later = at + dt.timedelta(minutes=minutes)
        if good:
            assert recovery.opened_by(second, later).user == user
        else:
            with pytest.raises(recovery.BadRecovery):
                recovery.opened_by(second, later)


def test_a_wrong_a_used_and_an_old_code_are_answered_alike(user: User, admin: User) -> None:
    _made, used = ask(user, admin)
    recovery.set_password(code=used, password=NEW, at=clock.now())
    _made, old = ask(user, admin)
    Recovery.objects.filter(closed_at=None).update(expires_at=clock.now() - dt.timedelta(seconds=1))
    pages = {Client().get(f"/recover/{code}/").content for code in (used, old, "a" * 28, "-")}
    told = {re.sub(rb'(csrfmiddlewaretoken" value=")[^"]+|/recover/[^"]*', b"", page) for page in pages}
    assert len(told) == 1


def test_codes_are_not_guessed_at() -> None:
    told = [Client().get(f"/recover/{n:028d}/").status_code for n in range(30)]
    assert told == [404] * 10 + [429] * 20


def test_an_administrators_password_needs_two_others(admin: User) -> None:
    first, second = make_user(Role.ADMIN), make_user(Role.ADMIN)
    made, code = ask(admin, first)
    assert code == ""
    for wrong, refusal in (
        (first, recovery.SamePerson),
        (admin, recovery.OwnRecovery),
        (make_user(Role.GOVERNOR), NotFound),
    ):
        with pytest.raises(refusal):
            recovery.confirm(recovery_id=made.pk, by=wrong, at=clock.now())
    _made, code = recovery.confirm(recovery_id=made.pk, by=second, at=clock.now())
    assert recovery.set_password(code=code, password=NEW, at=clock.now()) == admin


@pytest.mark.parametrize(
    ("by", "said", "refusal"),
    [
        ("governor", {}, NotAllowed),
        ("elsewhere", {}, NotFound),
        ("admin", {"reason": "x"}, Invalid),
        ("admin", {"kind": "OTHER"}, services.BadChoice),
        ("admin", {"kind": "FACTOR"}, factors.NotEnrolled),
    ],
)
def test_who_may_not_ask_and_what_may_not_be_asked(
    user: User, by: str, said: dict[str, str], refusal: type[Refusal]
) -> None:
    people = {
        "governor": lambda: make_user(Role.GOVERNOR),
        "elsewhere": lambda: make_user(Role.ADMIN, place=make_place(ALEXANDRIA)),
        "admin": lambda: make_user(Role.ADMIN),
    }
    with pytest.raises(refusal):
        ask(user, people[by](), **said)
    assert not Recovery.objects.exists()


def test_nobody_asks_for_himself(admin: User) -> None:
    with pytest.raises(recovery.OwnRecovery):
        ask(admin, admin)


def test_a_withdrawn_request_and_a_disabled_person_open_nothing(user: User, admin: User) -> None:
    made, code = ask(user, admin)
    recovery.withdraw(recovery_id=made.pk, by=admin, at=clock.now())
    with pytest.raises(recovery.BadRecovery):
        recovery.opened_by(code, clock.now())
    with pytest.raises(recovery.RecoveryClosed):
        recovery.withdraw(recovery_id=made.pk, by=admin, at=clock.now())
    _made, code = ask(user, admin)
    services.disable_user(user=user, by=admin, at=clock.now())
    with pytest.raises(recovery.BadRecovery):
        recovery.opened_by(code, clock.now())


def test_the_page_shows_the_code_once_and_lets_a_second_person_confirm(user: User, admin: User) -> None:
    other = make_user(Role.ADMIN, username="other-admin")
    client, second = Client(), Client()
    client.force_login(admin)
    second.force_login(make_user(Role.ADMIN))
    page = client.post("/accounts/recovery/", {"username": "mona", "kind": "PASSWORD", "reason": "forgotten"})
    assert re.search(r'id="handed" readonly value="[a-z2-9-]{34}"', page.content.decode())
    assert 'id="handed"' not in client.get("/accounts/recovery/").content.decode()
    client.post("/accounts/recovery/", {"username": other.username, "kind": "PASSWORD", "reason": "forgotten"})
    made = Recovery.objects.get(user=other)
    assert 'value="confirm"' not in client.get("/accounts/recovery/").content.decode()
    assert 'value="confirm"' in second.get("/accounts/recovery/").content.decode()
    assert 'id="handed"' in second.post(f"/accounts/recovery/{made.pk}/", {"act": "confirm"}).content.decode()


# ---- the first one ---------------------------------------------------------------------------------------------------


def first(*args: str) -> str:
    told = io.StringIO()
    call_command("first_administrator", *args, stdout=told)
    return told.getvalue()


def test_the_first_administrator_sets_a_password_by_the_printed_address_and_there_is_no_second_first(
    settings: Any,
) -> None:
    settings.PUBLIC_URL = "https://amlak.example.gov.eg/"
    make_place()
    told = first("root", "--name-ar", "مدير", "--governorate", "19")
    address = re.search(r"https://amlak\.example\.gov\.eg(/recover/[a-z2-9-]{34}/)", told)
    assert address
    user = User.objects.get(username="root")
    assert (user.has_usable_password(), user.is_superuser) == (False, True)
    assert RoleHolding.objects.get(user=user).role == Role.ADMIN
    client = Client()
    assert client.post(address[1], {"new": NEW}).status_code == 302
    assert client.post("/login/", {"username": "root", "password": NEW}).status_code == 302
    with pytest.raises(CommandError, match="administrator_exists"):
        first("second")
    assert not User.objects.filter(username="second").exists()


def test_a_holder_of_the_role_is_an_administrator_too_and_a_disabled_one_is_none(admin: User) -> None:
    with pytest.raises(CommandError, match="administrator_exists"):
        first("root")
    User.objects.filter(pk=admin.pk).update(is_active=False)
    assert "/recover/" in first("root")


def test_a_lone_administrator_gets_a_second_one_from_the_server_because_every_change_needs_two(admin: User) -> None:
    assert "/recover/" in first("second", "--second")
    assert User.objects.get(username="second").is_superuser
    with pytest.raises(CommandError, match="administrator_exists"):
        first("third", "--second")
    assert not User.objects.filter(username="third").exists()
