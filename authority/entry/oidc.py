"""Single sign-on by OpenID Connect: code flow with state, nonce and PKCE; accounts and roles stay ours.

mozilla-django-oidc keeps the states and speaks to the provider. What it leaves to its user is done here: the token's
issuer, audience, age and times are checked, an account is only ever found and never made, and each way it can fail is
a refusal with a code. Nothing is asked of the provider when the site starts.
"""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from authority.middleware import is_loopback
from authority.models import User, UserSession
from authority.refusal import Invalid, NotAllowed, NotFound, Unavailable

LEEWAY_S = 60
WANTED: Final = {
    "AMLAK_OIDC_ISSUER": "issuer",
    "AMLAK_OIDC_AUTHORIZE_URL": "authorization_endpoint",
    "AMLAK_OIDC_TOKEN_URL": "token_endpoint",
    "AMLAK_OIDC_USERINFO_URL": "userinfo_endpoint",
    "AMLAK_OIDC_JWKS_URL": "jwks_uri",
}


class WrongState(NotAllowed):
    """The answer belongs to no question of this browser."""

    code = "oidc_state"
    title = _("Not signed in")
    message = _("The provider's answer does not belong to a sign-in that was begun in this browser.")
    advice = _("Begin again on the sign-in page.")


class WrongToken(NotAllowed):
    """The provider's word cannot be believed: signature, issuer, audience, age or nonce."""

    code = "oidc_token"
    title = _("Not signed in")
    message = _("The provider's answer could not be verified.")
    advice = _("Begin again on the sign-in page; if it happens again, tell the administrator.")


class Denied(NotAllowed):
    """The provider, or the person there, said no."""

    code = "oidc_denied"
    title = _("Not signed in")
    message = _("The provider did not let you in.")
    advice = _("Begin again on the sign-in page.")


class UnknownPerson(NotAllowed):
    """Nobody registers himself."""

    code = "oidc_unknown_person"
    title = _("Not signed in")
    message = _("There is no active account here for the person the provider names.")
    advice = _("Ask your administrator to open an account.")


class ProviderDown(Unavailable):
    """The provider cannot be reached, or answers something else."""

    code = "oidc_unavailable"
    message = _("The sign-in provider does not answer; sign in with your password.")


class BadIssuer(Invalid):
    """Not an address of a provider, or it says that it is another."""

    code = "oidc_issuer"
    message = _("%(issuer)s is no provider of OpenID Connect: %(why)s")


def is_on() -> bool:
    """Say whether the site is told of a provider."""
    return bool(settings.OIDC_RP_CLIENT_ID)


# ---- the provider's word ---------------------------------------------------------------------------------------------


class Backend(OIDCAuthenticationBackend):
    """Finds the account that the provider's word names."""

    token: dict[str, Any]

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """Return the claims of a token that is signed, ours, fresh and the answer to our nonce; raises WrongToken."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self.key_of(token),
                algorithms=[self.OIDC_RP_SIGN_ALGO],
                audience=self.OIDC_RP_CLIENT_ID,
                issuer=settings.OIDC_ISSUER,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, KeyError, TypeError, AttributeError) as error:
            raise WrongToken from error
        nonce = kwargs.get("nonce")
        if not nonce or claims.get("nonce") != nonce:
            raise WrongToken
        self.token = claims
        return claims

    def key_of(self, token: str) -> Any:
        """Return the provider's key that a token names; one without a name needs that there is only one."""
        answer = requests.get(self.OIDC_OP_JWKS_ENDPOINT, timeout=settings.OIDC_TIMEOUT)
        answer.raise_for_status()
        header, keys = jwt.get_unverified_header(token), answer.json()["keys"]
        fitting = [
            key
            for key in keys
            if key.get("use", "sig") == "sig"
            and key.get("alg", self.OIDC_RP_SIGN_ALGO) == self.OIDC_RP_SIGN_ALGO
            and ("kid" not in header or key.get("kid") == header["kid"])
        ]
        if len(fitting) != 1:
            raise WrongToken
        return jwt.PyJWK(fitting[0], algorithm=self.OIDC_RP_SIGN_ALGO).key

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> User:
        """Return the one active account that the configured claim names; raises UnknownPerson, WrongToken."""
        told = self.get_userinfo(access_token, id_token, payload)
        if told.get("sub") != payload["sub"]:
            raise WrongToken
        name = (payload | told).get(settings.OIDC_CLAIM)
        field = "email__iexact" if settings.OIDC_CLAIM == "email" else "username"
        found = list(User.objects.filter(**{field: name}, is_active=True)[:2]) if _is_name(name) else []
        if len(found) != 1 or (field != "username" and (payload | told).get("email_verified") is False):
            raise UnknownPerson
        return found[0]


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(name) <= 254 and name.isprintable()


def second_factor_given(claims: dict[str, Any]) -> bool:
    """Say whether the provider says that it took a second factor of a kind this house accepts."""
    said = claims.get("amr")
    methods = [str(method) for method in said] if isinstance(said, list) else []
    return not {str(claims.get("acr")), *methods}.isdisjoint(settings.OIDC_SECOND_FACTOR)


# ---- the pages -------------------------------------------------------------------------------------------------------


@never_cache
@require_GET
@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider with a fresh state, nonce and PKCE challenge."""
    if not is_on():
        raise NotFound
    answer: HttpResponse = OIDCAuthenticationRequestView.as_view()(request)
    return answer


@never_cache
@require_GET
@login_not_required
def callback(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer and let the person in, who then gives our second factor where it is still due."""
    from authority.entry.views.signing import second_step_or_in

    if not is_on():
        raise NotFound
    asked = _question(request)
    if "code" not in request.GET:
        raise Denied
    backend = Backend()
    user = _vouched_for(backend, request, asked)
    after = request.session.pop("oidc_login_next", None)
    return second_step_or_in(request, user, after, way=UserSession.Way.OIDC, factor=second_factor_given(backend.token))


def _question(request: HttpRequest) -> dict[str, Any]:
    """Return what was asked under the answer's state, and forget it; raises WrongState."""
    states = request.session.get("oidc_states")
    asked = states.pop(request.GET.get("state", ""), None) if isinstance(states, dict) else None
    if asked is None:
        raise WrongState
    request.session.modified = True
    request.session.save()
    return dict(asked)


def _vouched_for(backend: Backend, request: HttpRequest, asked: dict[str, Any]) -> User:
    """Return whom the provider vouches for; raises what is wrong with its answer."""
    try:
        user = backend.authenticate(request, nonce=asked["nonce"], code_verifier=asked["code_verifier"])
    except requests.HTTPError as error:
        if error.response is not None and error.response.status_code < 500:
            raise WrongToken from error
        raise ProviderDown from error
    except (requests.RequestException, json.JSONDecodeError) as error:
        raise ProviderDown from error
    if not isinstance(user, User):
        raise UnknownPerson
    return user


def farewell(way: str, back: str) -> str:
    """Return where a person goes after signing out: by way of the provider, where it began there and has a page."""
    here = resolve_url(settings.LOGOUT_REDIRECT_URL)
    if way != UserSession.Way.OIDC or not settings.OIDC_OP_LOGOUT_ENDPOINT:
        return here
    query = urlencode({"client_id": settings.OIDC_RP_CLIENT_ID, "post_logout_redirect_uri": f"{back}{here}"})
    return f"{settings.OIDC_OP_LOGOUT_ENDPOINT}?{query}"


def to_provider(address: str) -> HttpResponse:
    """Lead there."""
    return HttpResponseRedirect(address)


# ---- the operator ----------------------------------------------------------------------------------------------------


def discover(issuer: str) -> dict[str, str]:
    """Return the settings that a provider's own description gives. Raises BadIssuer, ProviderDown."""
    bare = issuer.rstrip("/")
    parts = urlsplit(bare)
    local = parts.hostname == "localhost" or (parts.hostname is not None and is_loopback(parts.hostname))
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise BadIssuer(issuer=issuer, why="https")
    try:
        answer = requests.get(f"{bare}/.well-known/openid-configuration", timeout=settings.OIDC_TIMEOUT)
        answer.raise_for_status()
        told = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderDown from error
    missing = [name for name in WANTED.values() if not isinstance(told.get(name), str)]
    if missing or told["issuer"].rstrip("/") != bare:
        raise BadIssuer(issuer=issuer, why=", ".join(missing) or told["issuer"])
    found = {setting: str(told[name]) for setting, name in WANTED.items()}
    logout = told.get("end_session_endpoint")
    return found | ({"AMLAK_OIDC_LOGOUT_URL": logout} if isinstance(logout, str) else {})
