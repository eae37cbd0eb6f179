"""Single sign-on against a real provider on loopback: the whole flow, and each way it is refused."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from django.core.management import CommandError, call_command
from django.test import Client

from authority.entry import factors, oidc
from authority.models import AuditEvent, Role, User, UserSession
from tests.authority.builders import make_user
from tests.authority.test_entry_factors import code_of, enrolled

pytestmark = pytest.mark.django_db
CLIENT = "amlak"


# In a process of its own, whose warnings are its own; it ends when its input is closed.
SERVE = """
import sys
import oidc_provider_mock as provider
with provider.run_server_in_thread() as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        assert server.stdin
        assert server.stdout
        yield f"http://localhost:{int(server.stdout.readline())}"
        server.stdin.close()


@pytest.fixture(autouse=True)
def told_of_it(provider: str, settings: Any) -> None:
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT, "secret"
    settings.OIDC_ISSUER = provider
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{provider}/oauth2/authorize"
    settings.OIDC_OP_TOKEN_ENDPOINT = f"{provider}/oauth2/token"
    settings.OIDC_OP_USER_ENDPOINT = f"{provider}/userinfo"
    settings.OIDC_OP_JWKS_ENDPOINT = f"{provider}/jwks"


def known_there(provider: str, name: str, **claims: Any) -> None:
    """Let the provider know a person under the claim that names our account."""
    body = {"preferred_username": name} | claims
    assert requests.put(f"{provider}/users/sub-{name}", json=body, timeout=5).status_code == 204


def asked(client: Client, after: str = "") -> str:
    """Begin at the sign-in page; return the provider's address."""
    answer = client.get("/oidc/start/", {"next": after} if after else {})
    assert answer.status_code == 302
    return str(answer["Location"])


def vouched(address: str, name: str, **instead: str) -> str:
    """Say yes at the provider; return our address that it leads to."""
    parts = urlsplit(address)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()} | instead
    answer = requests.post(
        f"{parts.scheme}://{parts.netloc}{parts.path}", params=query, data={"sub": f"sub-{name}"},
        allow_redirects=False, timeout=5,
    )  # fmt: skip
    assert answer.status_code == 302, answer.text[:300]
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def refused(answer: Any) -> str:
    return next(code for code in ("oidc_state", "oidc_token", "oidc_denied", "oidc_unknown_person", "oidc_unavailable")
                if code in answer.content.decode())  # fmt: skip


def test_a_person_of_ours_comes_in_through_the_provider(provider: str) -> None:
    user = make_user(Role.SURVEYOR, username="mona")
    known_there(provider, "mona")
    client = Client()
    assert "/oidc/start/" in client.get("/login/").content.decode()
    address = asked(client, "/account/")
    query = parse_qs(urlsplit(address).query)
    assert (query["code_challenge_method"], len(query["nonce"][0]), len(query["state"][0])) == (["S256"], 32, 32)
    answer = client.get(vouched(address, "mona"))
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert client.get("/api/v1/me/").json()["username"] == "mona"
    session = UserSession.objects.get(user=user)
    assert (session.way, session.second_factor_at) == ("OIDC", None)
    assert AuditEvent.objects.latest("id").action == "authority.signed_in"


def test_the_verifier_of_the_challenge_goes_with_the_code(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(username="mona")
    known_there(provider, "mona")
    sent: dict[str, Any] = {}
    get_token = oidc.Backend.get_token

    def seen(self: Any, payload: dict[str, Any]) -> Any:
        sent.update(payload)
        return get_token(self, payload)

    monkeypatch.setattr(oidc.Backend, "get_token", seen)
    client = Client()
    address = asked(client)
    client.get(vouched(address, "mona"))
    from mozilla_django_oidc.utils import generate_code_challenge

    assert len(sent["code_verifier"]) >= 43
    assert (
        generate_code_challenge(sent["code_verifier"], "S256") == parse_qs(urlsplit(address).query)["code_challenge"][0]
    )


@pytest.mark.parametrize("name", ["stranger", "gone"])
def test_nobody_registers_himself_and_a_disabled_person_stays_out(provider: str, name: str) -> None:
    User.objects.filter(pk=make_user(username="gone").pk).update(is_active=False)
    known_there(provider, name)
    client = Client()
    answer = client.get(vouched(asked(client), name))
    assert (answer.status_code, refused(answer)) == (403, "oidc_unknown_person")
    assert not User.objects.filter(username="stranger").exists()
    assert not UserSession.objects.exists()


def test_an_answer_with_another_nonce_is_not_believed(provider: str) -> None:
    make_user(username="mona")
    known_there(provider, "mona")
    client = Client()
    answer = client.get(vouched(asked(client), "mona", nonce="x" * 32))
    assert (answer.status_code, refused(answer)) == (403, "oidc_token")


def test_an_answer_without_our_state_from_another_browser_or_used_twice_is_refused(provider: str) -> None:
    make_user(username="mona")
    known_there(provider, "mona")
    client = Client()
    back = vouched(asked(client), "mona")
    assert refused(Client().get(back)) == "oidc_state"
    assert refused(client.get(back.replace("state=", "state=x"))) == "oidc_state"
    assert client.get(back).status_code == 302
    client.post("/logout/")
    assert refused(client.get(back)) == "oidc_state"
    assert refused(client.get("/oidc/callback/")) == "oidc_state"


def test_a_code_that_is_made_up_and_a_no_of_the_provider_are_refused(provider: str) -> None:
    client = Client()
    state = parse_qs(urlsplit(asked(client)).query)["state"][0]
    assert refused(client.get("/oidc/callback/", {"code": "made-up", "state": state})) == "oidc_token"
    state = parse_qs(urlsplit(asked(client)).query)["state"][0]
    assert refused(client.get("/oidc/callback/", {"error": "access_denied", "state": state})) == "oidc_denied"


@pytest.mark.parametrize("what", ["OIDC_RP_CLIENT_ID", "OIDC_ISSUER"])
def test_a_token_for_another_site_or_from_another_issuer_is_not_believed(
    provider: str, what: str, settings: Any
) -> None:
    make_user(username="mona")
    known_there(provider, "mona")
    client = Client()
    address = asked(client)
    backend_checks = {"OIDC_RP_CLIENT_ID": "another", "OIDC_ISSUER": "http://localhost:1"}
    real = oidc.Backend.verify_token

    def told(self: Any, token: str, **kwargs: Any) -> Any:
        if what == "OIDC_RP_CLIENT_ID":
            self.OIDC_RP_CLIENT_ID = backend_checks[what]
        return real(self, token, **kwargs)

    if what == "OIDC_ISSUER":
        settings.OIDC_ISSUER = backend_checks[what]
    else:
        oidc.Backend.verify_token = told  # type: ignore[method-assign]
    try:
        assert refused(client.get(vouched(address, "mona"))) == "oidc_token"
    finally:
        oidc.Backend.verify_token = real  # type: ignore[method-assign]


@pytest.mark.parametrize(
    "claims",
    [{"exp": 1}, {"alg": "none"}, {"key": "other"}, {"iat": None}],
    ids=["old", "unsigned", "foreign", "undated"],
)
def test_a_token_that_is_old_unsigned_foreign_or_undated_is_not_believed(provider: str, claims: dict[str, Any]) -> None:
    """Tokens of our own making, held against the provider's published keys."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    kid = requests.get(f"{provider}/jwks", timeout=5).json()["keys"][0]["kid"]
    body = {"iss": provider, "aud": CLIENT, "sub": "s", "iat": 1, "exp": 2**31, "nonce": "n"} | claims
    body = {name: value for name, value in body.items() if value is not None and name not in ("alg", "key")}
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    token = (
        jwt.encode(body, None, "none", headers={"kid": kid})
        if claims.get("alg")
        else jwt.encode(body, key, "RS256", headers={"kid": kid})
    )
    with pytest.raises(oidc.WrongToken):
        oidc.Backend().verify_token(token, nonce="n")


def test_a_provider_that_does_not_answer_is_a_clear_refusal(provider: str, settings: Any) -> None:
    client = Client()
    address = asked(client)
    back = vouched(address, "mona")
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/token"
    answer = client.get(back)
    assert (answer.status_code, refused(answer)) == (503, "oidc_unavailable")


def test_our_second_factor_is_asked_unless_the_provider_took_one_that_the_house_accepts(
    provider: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, phone, _codes = enrolled(Role.SURVEYOR, username="mona")
    known_there(provider, "mona")
    client = Client()
    answer = client.get(vouched(asked(client, "/account/"), "mona"))
    assert answer["Location"] == "/login/second/"
    assert client.post("/login/second/", {"code": code_of(phone.key)})["Location"] == "/account/"
    settings.OIDC_SECOND_FACTOR = ("otp",)
    verify = oidc.Backend.verify_token

    def with_amr(self: Any, token: str, **kwargs: Any) -> Any:
        self.token = verify(self, token, **kwargs) | {"amr": ["pwd", "otp"]}
        return self.token

    monkeypatch.setattr(oidc.Backend, "verify_token", with_amr)
    client = Client()
    assert client.get(vouched(asked(client, "/account/"), "mona"))["Location"] == "/account/"
    assert UserSession.objects.filter(user=user).latest("signed_in_at").second_factor_at


@pytest.mark.parametrize(
    ("claims", "given"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "otp"]}, True),
        ({"acr": "gold"}, True),
        ({"amr": "otp"}, False),
    ],
)
def test_which_words_of_the_provider_count_as_a_second_factor(
    claims: dict[str, Any], given: bool, settings: Any
) -> None:
    settings.OIDC_SECOND_FACTOR = ("otp", "gold")
    assert oidc.second_factor_given(claims) is given


def test_signing_out_goes_by_way_of_the_provider_for_who_came_from_there(provider: str, settings: Any) -> None:
    settings.OIDC_OP_LOGOUT_ENDPOINT = f"{provider}/oauth2/end_session"
    make_user(username="mona", password="three green tramcars")
    known_there(provider, "mona")
    client = Client()
    client.get(vouched(asked(client), "mona"))
    assert client.post("/logout/")["Location"].startswith(f"{provider}/oauth2/end_session?client_id=amlak&")
    client.post("/login/", {"username": "mona", "password": "three green tramcars"})
    assert client.post("/logout/")["Location"] == "/login/"


def test_the_address_to_go_on_to_is_ours(provider: str) -> None:
    make_user(username="mona")
    known_there(provider, "mona")
    client = Client()
    assert client.get(vouched(asked(client, "https://evil.example/"), "mona"))["Location"] == "/"


def test_without_a_provider_there_is_no_door(settings: Any) -> None:
    settings.OIDC_RP_CLIENT_ID = ""
    client = Client()
    assert "/oidc/" not in client.get("/login/").content.decode()
    assert [client.get(address).status_code for address in ("/oidc/start/", "/oidc/callback/")] == [404, 404]


def test_the_operators_command_prints_what_a_provider_says(provider: str) -> None:
    told = io.StringIO()
    call_command("oidc_discover", provider, stdout=told)
    lines = dict(line.split("=", 1) for line in told.getvalue().splitlines())
    assert lines["AMLAK_OIDC_ISSUER"] == provider
    assert lines["AMLAK_OIDC_TOKEN_URL"] == f"{provider}/oauth2/token"


@pytest.mark.parametrize("issuer", ["http://idp.example.gov.eg", "file:///etc/passwd", "x"])
def test_the_operators_command_asks_only_over_https_or_this_computer(issuer: str) -> None:
    with pytest.raises(CommandError, match="oidc_issuer"):
        call_command("oidc_discover", issuer)


def test_enrolment_is_not_asked_of_who_gave_a_second_factor_at_the_provider(
    provider: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECOND_FACTOR, settings.OIDC_SECOND_FACTOR = "staff", ("otp",)
    user = make_user(Role.SURVEYOR, username="mona")
    known_there(provider, "mona")
    monkeypatch.setattr(oidc, "second_factor_given", lambda claims: True)
    client = Client()
    client.get(vouched(asked(client), "mona"))
    assert client.get("/account/").status_code == 200
    assert not factors.is_enrolled(user)
