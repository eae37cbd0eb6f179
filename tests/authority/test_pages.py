"""Signing in, the account page, lock-out, refusal pages in both languages."""

import re

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.urls import path

from authority.models import ApiKey, AuditEvent, Role, User
from authority.refusal import Conflict
from authority.services import SIGNED_IN, SIGNED_OUT
from gisapp import urls
from tests.authority.builders import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


def boom(request: object) -> None:
    raise Conflict("already_leased", "%(parcel)s <b>is</b> leased", parcel="12/3")


def broken(request: object) -> None:
    raise ZeroDivisionError("secret detail /etc/path")


def nul(request: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["a\x00b"])


def too_big(request: object) -> None:
    User.objects.filter(pk=10**30).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 99999999999::int")


class Routes:
    """The site's addresses with some that go wrong."""

    urlpatterns = [path("boom/", boom), path("api/v1/boom/", boom), path("broken/", broken), path("nul/", nul),
                   path("too-big/", too_big), *urls.urlpatterns]  # fmt: skip
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


wrong_turns = override_settings(ROOT_URLCONF=Routes)


def signed_in_client(*roles: Role, language: str = "ar") -> Client:
    user = make_user(*roles, password=PASSWORD)
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_a_person_signs_in_and_out_and_both_are_recorded(client: Client) -> None:
    make_user(Role.SURVEYOR, username="mona", password=PASSWORD)
    answer = client.post("/login/", {"username": "mona", "password": PASSWORD, "next": "/account/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert AuditEvent.objects.latest("id").action == SIGNED_IN
    assert client.get("/account/").status_code == 200
    client.post("/logout/")
    assert AuditEvent.objects.latest("id").action == SIGNED_OUT
    assert client.get("/account/").status_code == 302


def test_the_login_page_does_not_send_people_to_other_sites(client: Client) -> None:
    make_user(username="mona", password=PASSWORD)
    answer = client.post("/login/?next=https://evil.example/", {"username": "mona", "password": PASSWORD})
    assert "evil" not in answer["Location"]


def attempt(client: Client, username: str, password: str, forwarded: str = "") -> int:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return client.post("/login/", {"username": username, "password": password}, headers=headers).status_code


@pytest.mark.parametrize("username", ["mona", "nobody"])
def test_five_wrong_passwords_lock_the_name_whatever_address_is_claimed(client: Client, username: str) -> None:
    make_user(username="mona", password=PASSWORD)
    tried = [attempt(client, username, "wrong", f"10.0.0.{n}") for n in range(4)]
    assert tried == [200] * 4
    assert attempt(client, username, "wrong", "10.9.9.9") == 429
    assert attempt(client, username, PASSWORD, "10.8.8.8") == 429
    assert "_auth_user_id" not in client.session


def test_a_right_password_in_time_forgets_the_wrong_ones(client: Client) -> None:
    make_user(username="mona", password=PASSWORD)
    for _ in range(3):
        attempt(client, "mona", "wrong")
    assert attempt(client, "mona", PASSWORD) == 302
    client.post("/logout/")
    assert attempt(client, "mona", "wrong") == 200


def test_the_forwarded_address_counts_only_behind_our_own_proxies(rf: object) -> None:
    from django.test import RequestFactory

    from authority.signin import client_ip

    request = RequestFactory().get("/", headers={"X-Forwarded-For": "6.6.6.6, 5.5.5.5"})
    assert client_ip(request) == "127.0.0.1"
    with override_settings(PROXY_COUNT=1):
        assert client_ip(request) == "5.5.5.5"
    with override_settings(PROXY_COUNT=3):
        assert client_ip(request) == "127.0.0.1"


def test_a_page_is_closed_unless_it_says_otherwise(client: Client) -> None:
    with wrong_turns:
        assert client.get("/boom/?a=1")["Location"] == "/login/?next=/boom/%3Fa%3D1"
        assert client.get("/boom/", headers={"HX-Request": "true"})["HX-Redirect"] == "/login/"
        assert client.get("/api/v1/boom/").status_code == 401


@wrong_turns
@pytest.mark.parametrize(("language", "word"), [("ar", "غير ممكن في الموقف الحالي"), ("en", "Not possible")])
def test_a_refusal_is_a_page_in_the_readers_language(language: str, word: str) -> None:
    answer = signed_in_client(language=language).get("/boom/")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert word in text
    assert "already_leased" in text
    assert "12/3 &lt;b&gt;is" in text, "parameters are text, never markup"
    assert f'lang="{language}"' in text


@wrong_turns
def test_a_refusal_is_a_note_inside_a_page_and_a_document_for_a_program() -> None:
    client = signed_in_client()
    note = client.get("/boom/", headers={"HX-Request": "true"})
    assert note.status_code == 409
    assert "<html" not in note.content.decode()
    for headers, address in (({"Accept": "application/json"}, "/boom/"), ({}, "/api/v1/boom/")):
        answer = client.get(address, headers=headers)
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["parcel"] == "12/3"


@wrong_turns
@pytest.mark.parametrize("address", ["/broken/", "/api/v1/nothing/", "/nothing/", "/nul/", "/too-big/"])
def test_nothing_of_the_inside_is_told(address: str) -> None:
    answer = signed_in_client().get(address)
    text = answer.content.decode()
    assert answer.status_code == {"/broken/": 500, "/nul/": 400, "/too-big/": 400}.get(address, 404)
    assert "secret detail" not in text
    assert "Traceback" not in text


@pytest.mark.parametrize("address", ["/account/?a=%00", "/account/%00", "/api/v1/me/?x=%00"])
def test_nul_in_an_address_is_refused(address: str) -> None:
    assert signed_in_client().get(address).status_code == 400


def test_nul_in_a_form_field_is_refused() -> None:
    answer = signed_in_client().post("/account/keys/", "name=%00", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_a_form_without_its_token_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    answer = client.post("/account/keys/", {"name": "x"})
    assert answer.status_code == 403
    assert "form_expired" in answer.content.decode()


@pytest.mark.parametrize("unsafe", ["/logout/", "/language/", "/login/", "/account/preferences/", "/account/password/"])
def test_every_form_of_the_room_wants_its_token(unsafe: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    assert client.post(unsafe).status_code == 403


def test_a_key_is_made_shown_once_and_revoked() -> None:
    client = signed_in_client()
    page = client.post("/account/keys/", {"name": "QGIS", "scopes": ["read", "tiles"], "days": "30"})
    token = re.search(r"amlak_[0-9a-f]{10}_[0-9a-f]{48}", page.content.decode())
    assert token
    assert "no-store" in page["Cache-Control"]
    assert token[0] not in client.get("/account/").content.decode()
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token[0]}"}).status_code == 200
    client.post(f"/account/keys/{ApiKey.objects.get().prefix}/revoke/")
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token[0]}"}).status_code == 401


def test_a_key_form_with_nothing_in_it_says_what_is_missing() -> None:
    answer = signed_in_client().post("/account/keys/", {})
    assert answer.status_code == 400
    assert not ApiKey.objects.exists()


def test_settings_are_saved_and_used_on_the_next_page() -> None:
    client = signed_in_client()
    assert 'lang="ar"' in client.get("/account/").content.decode()
    client.post("/account/preferences/", {"language": "en", "digits": "arab", "theme": "dark"})
    page = client.get("/account/").content.decode()
    assert 'lang="en"' in page
    assert 'data-bs-theme="dark"' in page


def test_the_language_is_switched_signed_in_and_out(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/login/"})
    assert 'lang="en"' in client.get("/login/").content.decode()
    client.post("/language/", {"language": "ar", "next": "/login/"})
    assert 'lang="ar"' in client.get("/login/").content.decode()
    user = make_user()
    client.force_login(user)
    client.post("/language/", {"language": "en"})
    assert User.objects.get(pk=user.pk).language == "en"


def test_a_password_is_changed_with_the_old_one_and_the_session_goes_on() -> None:
    client = signed_in_client()
    wrong = client.post("/account/password/", {"old": "wrong", "new": "another long password"})
    assert wrong.status_code == 400
    weak = client.post("/account/password/", {"old": PASSWORD, "new": "short"})
    assert weak.status_code == 400
    right = client.post("/account/password/", {"old": PASSWORD, "new": "another long password"})
    assert right.status_code == 302
    assert client.get("/account/").status_code == 200


@override_settings(SAMPLE_MODE=True)
@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 302), ("::1", 302), ("10.0.0.7", 403), ("x", 403)])
def test_the_sample_answers_only_to_its_own_computer(client: Client, address: str, status: int) -> None:
    assert client.get("/account/", REMOTE_ADDR=address).status_code == status


@override_settings(SAMPLE_MODE=False)
def test_a_real_site_answers_other_computers(client: Client) -> None:
    assert client.get("/login/", REMOTE_ADDR="10.0.0.7").status_code == 200
