"""Sessions and devices: seen, ended, and over at once when rights or passwords change (threats B11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from authority import clock, services
from authority.entry import proof, recovery, sessions
from authority.models import AuditEvent, Role, RoleHolding, User, UserSession
from tests.authority.builders import ALEXANDRIA, make_place, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "three green tramcars"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def enter(user: User, **more: Any) -> Client:
    client = Client(raise_request_exception=False, **more)
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    return client


def move(hours: float, **what: bool) -> None:
    """Let every session be older than it is."""
    past = clock.now() - dt.timedelta(hours=hours)
    UserSession.objects.update(**dict.fromkeys(what, past))


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/124.0 Safari/537.36 Edg/124.0", "Edge · Linux"),
        ("Mozilla/5.0 QGIS/34000", "QGIS"),
    ],
)
def test_a_device_is_named_in_words(agent: str, words: str) -> None:
    assert sessions.device_words(agent) == words


def test_a_session_says_on_which_device_and_from_where_it_was_begun() -> None:
    client = enter(make_user(password=PASSWORD), headers={"user-agent": FIREFOX}, REMOTE_ADDR="127.0.0.5")
    page = client.get("/account/sessions/").content.decode()
    assert all(word in page for word in ("Firefox · Windows", "127.0.0.5"))


def test_the_number_of_a_session_changes_at_sign_in() -> None:
    user = make_user(password=PASSWORD)
    client = Client()
    client.post("/login/", {"username": user.username, "password": "wrong"})
    client.get("/oidc/start/")
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["amlak_session"] = before = session.session_key
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists(), "the number known before the sign-in opens nothing"


@pytest.mark.parametrize("what", ["signed_in_at", "last_seen_at"])
def test_a_session_ends_when_it_is_too_old_or_left_unused(what: str, settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE = 1800, 4 * 3600
    client = enter(make_user(password=PASSWORD))
    move(0.4 if what == "last_seen_at" else 3.9, **{what: True})
    assert client.get("/account/").status_code == 200
    move(0.6 if what == "last_seen_at" else 4.1, **{what: True})
    assert client.get("/account/").status_code == 302
    assert UserSession.objects.get().ending == ("IDLE" if what == "last_seen_at" else "AGE")


def test_a_sign_of_life_keeps_a_session_going_and_is_written_once_a_minute(settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 1800
    client = enter(make_user(password=PASSWORD))
    move(0.4, last_seen_at=True)
    client.get("/account/")
    first = UserSession.objects.get().last_seen_at
    assert clock.now() - first < dt.timedelta(minutes=1)
    client.get("/account/")
    assert UserSession.objects.get().last_seen_at == first


def disable(user: User, by: User) -> None:
    services.disable_user(user=user, by=by, at=clock.now())


def demote(user: User, by: User) -> None:
    services.end_role(holding=RoleHolding.objects.get(user=user), by=by, at=clock.now())


def recover(user: User, by: User) -> None:
    _made, code = recovery.ask(user=user, kind="PASSWORD", reason="forgotten", by=by, at=clock.now())
    recovery.set_password(code=code, password="walk by the canal at dusk", at=clock.now())


def change(user: User, by: User) -> None:
    services.change_password(user=user, password="walk by the canal at dusk", by=user, at=clock.now())


@pytest.mark.parametrize("what", [disable, demote, recover, change])
def test_every_session_is_over_at_the_very_next_request(what: Callable[[User, User], None]) -> None:
    user = make_user(Role.SURVEYOR, password=PASSWORD)
    clients = [enter(user) for _ in range(5)]
    assert [client.get("/api/v1/me/").status_code for client in clients] == [200] * 5
    what(user, make_user(Role.ADMIN))
    assert [client.get("/api/v1/me/").status_code for client in clients] == [401] * 5
    assert not sessions.open_sessions(user, clock.now()).exists()


def test_a_session_that_was_begun_by_no_sign_in_opens_nothing() -> None:
    client = enter(make_user(password=PASSWORD))
    UserSession.objects.all().delete()
    assert client.get("/api/v1/me/").status_code == 401
    assert not Session.objects.exists()


def test_a_person_ends_one_session_and_all_others() -> None:
    user = make_user(password=PASSWORD)
    here, second, third = enter(user), enter(user), enter(user)
    key = second.session.session_key
    here.post(f"/account/sessions/{UserSession.objects.get(key=key).pk}/end/")
    assert [client.get("/api/v1/me/").status_code for client in (here, second, third)] == [200, 401, 200]
    here.post("/account/sessions/others/")
    assert [client.get("/api/v1/me/").status_code for client in (here, third)] == [200, 401]
    assert AuditEvent.objects.filter(action=sessions.SESSIONS_ENDED).count() == 2


def test_nobody_ends_another_persons_session_as_if_it_were_his() -> None:
    theirs = enter(make_user(password=PASSWORD))
    row = UserSession.objects.get()
    assert enter(make_user(password=PASSWORD)).post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert theirs.get("/api/v1/me/").status_code == 200


def test_an_administrator_sees_and_ends_the_sessions_of_his_place_alone() -> None:
    user = make_user(Role.SURVEYOR, password=PASSWORD)
    theirs = enter(user)
    address = f"/accounts/{user.pk}/sessions/"
    for role, place, status in ((Role.ADMIN, ALEXANDRIA, 404), (Role.GOVERNOR, "19", 404)):
        client = enter(make_user(role, place=make_place(place), password=PASSWORD))
        assert (client.get(address).status_code, client.post(address).status_code) == (status, status)
    assert theirs.get("/api/v1/me/").status_code == 200
    keeper = enter(make_user(Role.ADMIN, password=PASSWORD))
    assert user.username in keeper.get(address).content.decode()
    assert keeper.post(address).status_code == 302
    assert theirs.get("/api/v1/me/").status_code == 401
    assert UserSession.objects.get(user=user).ending == "ADMINISTRATOR"


def test_signing_out_ends_the_session_and_its_number_opens_nothing_after() -> None:
    client = enter(make_user(password=PASSWORD))
    key = client.session.session_key
    client.post("/logout/")
    thief = Client()
    thief.cookies["amlak_session"] = str(key)
    assert thief.get("/api/v1/me/").status_code == 401
    assert UserSession.objects.get().ending == "SIGNED_OUT"


def test_an_old_proof_is_asked_again_where_the_setting_says_so(settings: Any) -> None:
    settings.STEP_UP_MINUTES = 15
    now = clock.now()
    with proof.proved(now - dt.timedelta(minutes=14)):
        proof.require_recent(now)
    with proof.proved(now - dt.timedelta(minutes=16)), pytest.raises(proof.ProveAgain):
        proof.require_recent(now)
    proof.require_recent(now)
    settings.STEP_UP_MINUTES = 0
    with proof.proved(now - dt.timedelta(days=1)):
        proof.require_recent(now)


def test_a_password_given_again_renews_the_proof_of_this_session() -> None:
    client = enter(make_user(password=PASSWORD))
    move(2, proved_at=True)
    assert client.post("/account/prove/", {"proof": "wrong"}).status_code == 400
    answer = client.post("/account/prove/", {"proof": PASSWORD, "next": "https://evil.example/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert clock.now() - UserSession.objects.get().proved_at < dt.timedelta(minutes=1)


def test_the_cookies_are_bound_to_the_host_under_https() -> None:
    import os
    import subprocess
    import sys

    told = subprocess.run(
        [sys.executable, "-c", "from gisapp import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
         " s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY)"],
        env=os.environ | {"AMLAK_HTTPS": "1"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["__Host-session", "__Host-csrf", "True", "True"]


def test_a_description_of_a_browser_cannot_break_a_page_or_a_line() -> None:
    user = make_user()
    row = sessions.begin(user=user, key="k", at=clock.now(), address="x" * 99, agent="a\r\nb\x00" + "z" * 900)
    assert (row.agent[:4], len(row.agent), len(row.address)) == ("a  b", 200, 45)
