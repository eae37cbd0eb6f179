"""What a password may be (ASVS 5, V6.2), and that guessing one is slow (threats B12)."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from authority import clock, services
from authority.entry import sessions
from authority.entry.passwords import guessable
from authority.models import Role, User, UserSession
from gisapp import entrance
from gisapp.environment import SettingError
from tests.authority.builders import make_user

PASSWORD = "three green tramcars"
NOW = clock.now()

GUESSED = (
    "Amlak@Ismailia2026", "أملاك-الإسماعيلية-2026", "P@ssw0rd-Egypt-1952", "alexandria alexandria", "qwertyuiop123", "123456789012345",
    "aaaaaaaaaaaaaaa", "محمد محمود 1990", "مدير النظام ١٢٣٤٥٦", "KafrElSheikh_2025!", "abcdefghijklmnop", "mona.ibrahim2026",
    "منى-إبراهيم-٢٠٢٦", "يناير فبراير مارس",
)  # fmt: skip
FINE = (
    "three green tramcars", "ثلاث ترامات خضراء تمشي ببطء", "correct horse battery staple", "mona likes sugarcane juice", "X9fT2qLm8vRk",
    "قصب السكر حلو في الصعيد", "walk by the canal at dusk",
)  # fmt: skip


@pytest.fixture
def mona() -> User:
    return User(username="mona.ibrahim", name_ar="منى إبراهيم", name_en="Mona Ibrahim", email="mona.i@example.gov.eg")


@pytest.mark.parametrize("password", GUESSED)
def test_a_password_of_known_words_is_refused(password: str, mona: User) -> None:
    assert guessable(password, mona)
    with pytest.raises(services.WeakPassword):
        services.check_password_rules(password, mona)


@pytest.mark.parametrize("password", FINE)
def test_a_sentence_or_a_random_word_is_taken_whatever_signs_it_has(password: str, mona: User) -> None:
    services.check_password_rules(password, mona)


@pytest.mark.parametrize(("length", "good"), [(11, False), (12, True), (128, True), (129, False)])
def test_a_password_has_twelve_to_a_hundred_and_twenty_eight_signs(length: int, good: bool, mona: User) -> None:
    password = "".join(random.Random(7).choices("bdfhjlnprtvxz", k=length))
    if good:
        services.check_password_rules(password, mona)
        return
    with pytest.raises(services.WeakPassword):
        services.check_password_rules(password, mona)


@pytest.mark.parametrize(("least", "starts"), [("8", True), ("16", True), ("7", False), ("none", False), ("-9", False)])
def test_the_least_length_is_a_setting_that_never_goes_below_eight(
    least: str, starts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMLAK_PASSWORD_MIN", least)
    if starts:
        assert entrance.whole("AMLAK_PASSWORD_MIN", 12, least=entrance.PASSWORD_FLOOR) == int(least)
        return
    with pytest.raises(SettingError, match="AMLAK_PASSWORD_MIN"):
        entrance.whole("AMLAK_PASSWORD_MIN", 12, least=entrance.PASSWORD_FLOOR)


@pytest.mark.django_db
def test_a_password_is_hashed_whole_with_its_spaces_and_its_letters_case() -> None:
    user = make_user(password=PASSWORD)
    assert user.check_password(PASSWORD)
    assert not any(user.check_password(other) for other in (PASSWORD.title(), PASSWORD + " ", PASSWORD[:-1]))


# ---- guessing --------------------------------------------------------------------------------------------------------


def answers(username: str, count: int, settings: Any, *, proxies: int = 0, right_from: int = 0) -> list[int]:
    """Try passwords with forged addresses; from some attempt on the right one."""
    settings.PROXY_COUNT = proxies
    client, dice, told = Client(), random.Random(12), []
    for number in range(count):
        forged = ".".join(str(dice.randrange(256)) for _ in range(4))
        header = f"{forged}, 10.0.0.7" if proxies else forged
        password = PASSWORD if right_from and number >= right_from else f"guess {number}"
        sent = {"username": username, "password": password}
        told.append(client.post("/login/", sent, headers={"X-Forwarded-For": header}).status_code)
    return told


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize("username", ["mona", "nobody"])
def test_of_many_guesses_with_forged_addresses_no_more_than_five_are_tried(
    username: str, proxies: int, settings: Any
) -> None:
    make_user(username="mona", password=PASSWORD)
    told = answers(username, 75, settings, proxies=proxies, right_from=5)
    assert told[:5].count(200) + told[:5].count(429) == 5
    assert told[5:] == [429] * 70, "not even the right password is looked at"
    assert not UserSession.objects.exists()


@pytest.mark.django_db
def test_a_guesser_with_many_real_addresses_is_as_slow_as_one_with_one() -> None:
    make_user(username="mona", password=PASSWORD)
    told = [
        Client(REMOTE_ADDR=f"127.1.0.{n}").post("/login/", {"username": "mona", "password": "x"}).status_code
        for n in range(30)
    ]
    assert told == [200] * 5 + [429] * 25


@pytest.mark.django_db
def test_guesses_from_elsewhere_do_not_keep_a_person_out_at_her_own_desk() -> None:
    make_user(username="mona", password=PASSWORD)
    sent = {"username": "mona", "password": PASSWORD}
    assert Client(REMOTE_ADDR="127.0.0.9").post("/login/", sent).status_code == 302
    for n in range(20):
        Client(REMOTE_ADDR=f"127.1.0.{n}").post("/login/", {"username": "mona", "password": "x"})
    assert Client(REMOTE_ADDR="127.2.0.1").post("/login/", sent).status_code == 429
    assert Client(REMOTE_ADDR="127.0.0.9").post("/login/", sent).status_code == 302


@pytest.mark.django_db
def test_an_unknown_a_disabled_and_a_passwordless_account_are_answered_in_the_same_words_after_the_same_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Time itself is measured by script/bench; here it is counted: each attempt costs as many hashings."""
    make_user(username="mona", password=PASSWORD)
    User.objects.filter(pk=make_user(username="gone", password=PASSWORD).pk).update(is_active=False)
    make_user(username="bare")
    hashed: list[str] = []
    encode = PBKDF2PasswordHasher.encode

    def counting(self: Any, password: str, salt: str, iterations: int | None = None) -> str:
        hashed.append(password)
        return encode(self, password, salt, iterations)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counting)
    told = {}
    for number, name in enumerate(("mona", "nobody", "gone", "bare")):
        hashed.clear()
        client = Client(REMOTE_ADDR=f"127.3.0.{number}", headers={"accept-language": "en"})
        page = client.post("/login/", {"username": name, "password": "wrong"})
        told[name] = (page.status_code, "The name or the password is not right." in page.content.decode(), len(hashed))
    assert set(told.values()) == {(200, True, 1)}


# ---- changing --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_changing_the_password_ends_every_other_session_and_keeps_this_one() -> None:
    user = make_user(Role.SURVEYOR, password=PASSWORD)
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(user)
    answer = here.post("/account/password/", {"old": PASSWORD, "new": "walk by the canal at dusk"})
    assert answer.status_code == 302
    assert (here.get("/account/").status_code, there.get("/account/").status_code) == (200, 302)
    assert sessions.open_sessions(user, clock.now()).count() == 1


@pytest.mark.django_db
def test_not_even_an_administrator_sets_anothers_password() -> None:
    with pytest.raises(services.NotAllowed):
        services.change_password(user=make_user(), password=FINE[0], by=make_user(Role.ADMIN), at=NOW)
