"""The second factor: set up, asked, taken once, lost and restored."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from authority import clock
from authority.entry import factors, recovery, sessions
from authority.models import AuditEvent, Role, User, UserSession
from tests.authority.builders import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "three green tramcars"


def code_of(key: str, steps: int = 0) -> str:
    """Return what a phone with this key shows, some steps of 30 s from now."""
    phone = TOTP(bytes.fromhex(key))
    phone.time = time.time() + 30 * steps
    return f"{phone.token():06d}"


def enrolled(*roles: Role, **more: Any) -> tuple[User, TOTPDevice, list[str]]:
    user = make_user(*roles, password=PASSWORD, **more)
    offer = factors.new_enrolment(user)
    codes = factors.enrol(by=user, at=clock.now(), enrolment=offer, code=code_of(offer.key, -1))
    return user, TOTPDevice.objects.get(user=user), codes


def first_step(user: User) -> Client:
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    answer = client.post("/login/", {"username": user.username, "password": PASSWORD, "next": "/account/"})
    assert answer["Location"] == "/login/second/"
    return client


def second_step(client: Client, code: str) -> int:
    return client.post("/login/second/", {"code": code}).status_code


def refresh(user: User) -> None:
    """Forget django-otp's waiting time after a wrong code; the bucket's count stays."""
    TOTPDevice.objects.filter(user=user).update(throttling_failure_count=0, throttling_failure_timestamp=None)


def test_a_phone_is_enrolled_by_its_first_code_and_the_recovery_codes_are_shown_once() -> None:
    user = make_user(Role.SURVEYOR, password=PASSWORD)
    client = Client()
    client.force_login(user)
    page = client.get("/account/factor/").content.decode()
    secret = re.search(r"<samp class=\"ltr\"[^>]*>([A-Z2-7 ]+)</samp>", page)
    assert secret
    assert "data:image/svg+xml" in page
    import base64

    key = base64.b32decode(secret[1].replace(" ", "")).hex()
    assert client.post("/account/factor/enrol/", {"code": "000000"}).status_code == 400
    assert not TOTPDevice.objects.exists()
    before = client.session.session_key
    shown = client.post("/account/factor/enrol/", {"code": code_of(key)})
    codes = re.findall(r"<li><samp>([a-z2-9-]{14})</samp>", shown.content.decode())
    assert (len(codes), client.session.session_key == before) == (10, False)
    again = client.get("/account/factor/").content.decode()
    assert not any(code in again for code in codes)
    assert secret[1] not in again
    assert client.get("/account/").status_code == 200


def test_only_hashes_of_the_recovery_codes_are_kept() -> None:
    _user, _phone, codes = enrolled()
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {code for one in codes for code in (one, one.replace("-", ""))}
    other, _phone, _codes = enrolled()
    assert not factors._accepted(other, clock.now(), codes[0]), "another person's code"


def test_the_password_alone_lets_nobody_in_who_has_a_phone() -> None:
    user, phone, _codes = enrolled(Role.SURVEYOR)
    client = first_step(user)
    assert client.get("/api/v1/me/").status_code == 401
    before = client.session.session_key
    assert second_step(client, code_of(phone.key)) == 302
    assert client.get("/api/v1/me/").status_code == 200
    assert client.session.session_key != before
    assert UserSession.objects.get(user=user).second_factor_at


@pytest.mark.parametrize(("steps", "status"), [(-2, 400), (-1, 302), (0, 302), (1, 302), (2, 400)])
def test_a_phone_whose_clock_is_half_a_minute_off_is_understood(steps: int, status: int) -> None:
    user, phone, _codes = enrolled()
    TOTPDevice.objects.update(last_t=-1, drift=0)
    assert second_step(first_step(user), code_of(phone.key, steps)) == status


def test_a_code_is_taken_once() -> None:
    user, phone, codes = enrolled()
    code = code_of(phone.key)
    assert second_step(first_step(user), code) == 302
    assert second_step(first_step(user), code) == 400
    refresh(user)
    assert second_step(first_step(user), codes[0]) == 302
    assert second_step(first_step(user), codes[0]) == 400
    assert second_step(first_step(user), f" {codes[1].upper()} ") in {302, 400}


def test_a_code_in_arabic_digits_is_read() -> None:
    user, phone, _codes = enrolled()
    arabic = code_of(phone.key).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert second_step(first_step(user), f"{arabic[:3]} {arabic[3:]}") == 302


def test_a_recovery_code_in_place_of_the_phone_is_recorded_with_how_many_are_left() -> None:
    user, _phone, codes = enrolled()
    assert second_step(first_step(user), codes[3]) == 302
    assert AuditEvent.objects.get(action=factors.CODE_USED).detail == {"left": 9}


def test_guessing_codes_is_slow() -> None:
    """django-otp waits longer after each wrong code, and the eleventh attempt in a quarter of an hour is not looked at."""
    user, phone, _codes = enrolled()
    client = first_step(user)
    assert second_step(client, "000000") == 400
    assert second_step(client, code_of(phone.key)) == 400, "too soon after a wrong one"
    told = [second_step(client, f"{n:06d}") for n in range(8)]
    assert told == [400] * 8
    refresh(user)
    assert second_step(client, code_of(phone.key)) == 429
    assert client.get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize("text", ["", "12345", "1234567", "²²²²²²", "-12345", "١٢٣", "ß" * 12, "' OR 1=1", "x" * 41])
def test_what_is_no_code_is_a_wrong_code(text: str) -> None:
    user, _phone, _codes = enrolled()
    assert second_step(first_step(user), text) == 400


def test_the_second_step_is_forgotten_after_a_while_and_after_a_change_of_password() -> None:
    user, phone, _codes = enrolled()
    client = first_step(user)
    session = client.session
    session["second_step"] |= {"until": "2020-01-01T00:00:00+00:00"}
    session.save()
    assert client.post("/login/second/", {"code": code_of(phone.key)})["Location"] == "/login/"
    client = first_step(user)
    user.set_password("walk by the canal at dusk")
    user.save()
    assert client.post("/login/second/", {"code": code_of(phone.key)})["Location"] == "/login/"


def test_a_session_without_the_second_factor_opens_nothing_whichever_door_it_came_through() -> None:
    user, _phone, _codes = enrolled(Role.SURVEYOR)
    client = Client()
    client.force_login(user)
    assert client.get("/api/v1/me/").status_code == 401


def test_where_the_site_knows_no_second_factor_none_is_asked(settings: Any) -> None:
    user, _phone, _codes = enrolled()
    settings.SECOND_FACTOR = "off"
    client = Client()
    assert client.post("/login/", {"username": user.username, "password": PASSWORD})["Location"] == "/"
    assert client.get("/account/factor/").status_code == 404


# ---- compulsory for staff --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(Role))
def test_staff_without_a_second_factor_reach_its_page_and_nothing_else(role: Role, settings: Any) -> None:
    settings.SECOND_FACTOR = "staff"
    client = Client()
    client.force_login(make_user(role))
    free = role in {Role.CITIZEN, Role.SYSTEM}
    for address in ("/account/", "/account/sessions/", "/inbox/", "/search/?q=1"):
        answer = client.get(address)
        assert free or answer["Location"] == "/account/factor/"
    assert client.get("/api/v1/me/").status_code == (200 if free else 403)
    assert client.post("/account/keys/", {"name": "x", "scopes": ["read"], "days": "30"}).status_code == (
        200 if free else 302
    )
    assert client.get("/account/factor/").status_code == 200
    assert client.post("/language/", {"language": "en"}).status_code == 302
    if not free:
        refused = client.get("/inbox/", headers={"HX-Request": "true"})
        assert refused["HX-Redirect"] == "/account/factor/"
        assert client.get("/api/v1/me/").json()["code"] == "second_factor_needed"


def test_staff_who_have_set_it_up_work_and_make_keys(settings: Any) -> None:
    settings.SECOND_FACTOR = "staff"
    user = make_user(Role.SURVEYOR, password=PASSWORD)
    client = Client()
    client.force_login(user)
    client.get("/account/factor/")
    key = client.session["factor_offered"]
    client.post("/account/factor/enrol/", {"code": code_of(key)})
    page = client.post("/account/keys/", {"name": "QGIS", "scopes": ["read"], "days": "30"}).content.decode()
    token = re.search(r"amlak_[0-9a-f]{10}_[0-9a-f]{48}", page)
    assert token
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token[0]}"}).status_code == 200


# ---- taken off -------------------------------------------------------------------------------------------------------


def inside(user: User, phone: TOTPDevice) -> Client:
    client = first_step(user)
    assert second_step(client, code_of(phone.key)) == 302
    return client


def test_a_person_takes_it_off_and_makes_new_codes_only_with_a_code() -> None:
    user, phone, old = enrolled(Role.SURVEYOR)
    client = inside(user, phone)
    for act in ("codes", "remove"):
        assert client.post(f"/account/factor/{act}/", {"code": "000000"}).status_code == 400
        refresh(user)
    page = client.post("/account/factor/codes/", {"code": code_of(phone.key, 1)}).content.decode()
    fresh = re.findall(r"<li><samp>([a-z2-9-]{14})</samp>", page)
    assert (len(fresh), set(fresh) & set(old)) == (10, set())
    assert client.post("/account/factor/remove/", {"code": old[0]}).status_code == 400
    from django_otp.plugins.otp_static.models import StaticDevice

    StaticDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert client.post("/account/factor/remove/", {"code": fresh[0]}).status_code == 302
    assert not TOTPDevice.objects.exists()
    assert client.get("/account/factor/").status_code == 200


def test_two_administrators_take_off_a_colleagues_second_factor() -> None:
    user, phone, _codes = enrolled(Role.SURVEYOR)
    client = inside(user, phone)
    first, second = make_user(Role.ADMIN), make_user(Role.ADMIN)
    made, code = recovery.ask(user=user, kind="FACTOR", reason="phone lost", by=first, at=clock.now())
    assert code == ""
    with pytest.raises(recovery.SamePerson):
        recovery.confirm(recovery_id=made.pk, by=first, at=clock.now())
    assert TOTPDevice.objects.exists()
    recovery.confirm(recovery_id=made.pk, by=second, at=clock.now())
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert client.get("/api/v1/me/").status_code == 401
    told = list(AuditEvent.objects.order_by("id").values_list("action", "actor_id"))
    wanted = [(recovery.ASKED, first.pk), (recovery.CONFIRMED, second.pk), (factors.REMOVED, second.pk),
              (sessions.SESSIONS_ENDED, second.pk)]  # fmt: skip
    assert told[-4:] == wanted
