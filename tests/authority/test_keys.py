"""Personal keys: Bearer, Basic, scopes, expiry, revocation."""

import base64
import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from authority import clock, keys, services
from authority.keys import BadKey, DeadKey, ScopeMissing, find_key, signed_in, user_from_request
from authority.models import ApiKey, Role, User
from authority.refusal import NotFound, NotSignedIn
from tests.authority.builders import make_user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def key_for(user: User, *scopes: str, days: int = 30, at: dt.datetime | None = None) -> tuple[ApiKey, str]:
    """Return a key of the person and its token."""
    start = at or clock.now()
    return services.issue_key(
        name="QGIS", scopes=scopes or ("read",), expires_at=start + dt.timedelta(days=days), by=user, at=start
    )


def basic(username: str, token: str) -> str:
    """Return the header of HTTP Basic."""
    return "Basic " + base64.b64encode(f"{username}:{token}".encode()).decode()


def test_a_key_is_found_by_its_token_and_its_secret_is_not_kept() -> None:
    key, token = key_for(make_user())
    assert find_key(token, at=clock.now()) == key
    secret = token.rsplit("_", 1)[1]
    assert len(secret) * 4 >= 160
    assert secret not in str(ApiKey.objects.values().get())


@pytest.mark.parametrize("token", ["", "x", "amlak_0123456789_" + "0" * 48, "amlak_zz_yy", "sample"])
def test_a_wrong_token_is_refused(token: str) -> None:
    key_for(make_user())
    with pytest.raises(BadKey):
        find_key(token, at=clock.now())


def test_the_prefix_alone_opens_nothing() -> None:
    _key, token = key_for(make_user())
    with pytest.raises(BadKey):
        find_key(token[:-1] + ("0" if token[-1] != "0" else "1"), at=clock.now())


def test_a_key_ends_on_its_day_and_when_it_is_revoked() -> None:
    user = make_user()
    key, token = key_for(user, days=1, at=NOW)
    assert find_key(token, at=NOW + dt.timedelta(hours=23))
    with pytest.raises(DeadKey):
        find_key(token, at=NOW + dt.timedelta(days=1))
    services.revoke_key(key=key, by=user, at=NOW)
    with pytest.raises(DeadKey):
        find_key(token, at=NOW)


def test_another_persons_key_is_not_found() -> None:
    key, _token = key_for(make_user())
    with pytest.raises(NotFound):
        services.revoke_key(key=key, by=make_user(Role.GOVERNOR), at=clock.now())


def test_the_last_use_is_noted_but_not_for_each_tile() -> None:
    _key, token = key_for(make_user(), at=NOW)
    find_key(token, at=NOW)
    find_key(token, at=NOW + dt.timedelta(seconds=30))
    assert ApiKey.objects.get().last_used_at == NOW
    find_key(token, at=NOW + dt.timedelta(seconds=90))
    assert ApiKey.objects.get().last_used_at == NOW + dt.timedelta(seconds=90)


def test_bearer_and_basic_open_the_api_and_a_password_does_not(client: Client) -> None:
    user = make_user(username="omar", password="a long password")
    _key, token = key_for(user)
    for header in (f"Bearer {token}", basic("omar", token)):
        assert client.get("/api/v1/me/", headers={"Authorization": header}).json()["username"] == "omar"
    for header in (basic("omar", "a long password"), basic("ali", token), "Basic !!", "Digest x", "Bearer"):
        answer = client.get("/api/v1/me/", headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "key_invalid"


@pytest.mark.parametrize(
    ("sample_mode", "username", "kept", "given", "status"),
    [
        (True, "surveyor", "sample", "sample", 200),
        (True, "surveyor", "changed since", "sample", 401),
        (True, "surveyor", "changed since", "changed since", 401),
        (True, "omar", "sample", "sample", 401),
        (False, "surveyor", "sample", "sample", 401),
    ],
)
def test_the_published_password_opens_the_api_to_sample_accounts_of_a_sample_only(
    client: Client, settings: Any, sample_mode: bool, username: str, kept: str, given: str, status: int
) -> None:
    settings.SAMPLE_MODE, settings.SAMPLE_PASSWORD = sample_mode, "sample"
    make_user(Role.SURVEYOR, username=username, password=kept)
    assert client.get("/api/v1/me/", headers={"Authorization": basic(username, given)}).status_code == status


def test_a_disabled_person_is_refused_at_the_next_request(client: Client) -> None:
    user, admin = make_user(username="omar"), make_user(Role.ADMIN)
    _key, token = key_for(user)
    client.force_login(user)
    assert client.get("/api/v1/me/").status_code == 200
    services.disable_user(user=user, by=admin, at=clock.now())
    assert client.get("/api/v1/me/").status_code == 401
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert client.get("/account/").status_code == 302


def request_with(token: str, method: str = "GET") -> HttpRequest:
    request = RequestFactory().generic(method, "/tiles/x", headers={"Authorization": f"Bearer {token}"})
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("held", "asked", "method", "opens"),
    [
        ("read", "read", "GET", True),
        ("read", "tiles", "GET", True),
        ("tiles", "tiles", "GET", True),
        ("tiles", "read", "GET", False),
        ("read", "read", "POST", False),
        ("write", "read", "POST", True),
        ("write", "read", "GET", False),
        ("write", "tiles", "GET", False),
    ],
)
def test_a_key_does_what_its_scopes_say(held: str, asked: str, method: str, opens: bool) -> None:
    user = make_user()
    _key, token = key_for(user, held)
    request = request_with(token, method)
    if opens:
        assert user_from_request(request, scope=asked) == user
    else:
        with pytest.raises(ScopeMissing):
            user_from_request(request, scope=asked)


def test_the_api_wants_the_write_scope_for_whatever_changes(client: Client) -> None:
    _key, token = key_for(make_user(Role.PROPERTY_OFFICER))
    answer = client.post("/api/v1/me/", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "key_scope")


def test_a_guarded_view_answers_401_instead_of_a_login_page() -> None:
    @signed_in(scope="tiles")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(request.user.pk))

    user = make_user()
    _key, token = key_for(user, "tiles")
    assert view(request_with(token)).content == str(user.pk).encode()
    request = RequestFactory().get("/tiles/x")
    request.user = AnonymousUser()
    with pytest.raises(NotSignedIn):
        view(request)
    assert view.login_required is False


def test_the_secret_is_long_and_never_the_same() -> None:
    assert len({keys.new_key().token for _ in range(100)}) == 100
