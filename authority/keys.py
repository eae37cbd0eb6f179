"""Personal keys for programs: `amlak_<prefix>_<secret>`, as Bearer or as the password of HTTP Basic.

The secret has 192 random bits and only its SHA-256 is kept; a password hash would add nothing but time to each tile.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import ApiKey, Role, User
from authority.refusal import NotAllowed, NotSignedIn

READ, WRITE, TILES = "read", "write", "tiles"
SCOPES: Final = (READ, WRITE, TILES)
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN = re.compile(r"amlak_([0-9a-f]{10})_([0-9a-f]{48})")
USED_EVERY = dt.timedelta(minutes=1)  # how exactly the last use is known

View = Callable[..., HttpResponseBase]


class BadKey(NotSignedIn):
    """No such key, a wrong secret, or another person's name beside it."""

    code = "key_invalid"
    message = _("The key is not valid.")


class DeadKey(NotSignedIn):
    """The key has expired or was revoked, or its owner's account is disabled."""

    code = "key_expired"
    message = _("The key has expired or was revoked.")
    advice = _("Make a new key on the page of your account.")


class ScopeMissing(NotAllowed):
    """The key does not carry what the request needs."""

    code = "key_scope"
    message = _("The key does not carry the permission “%(scope)s”.")
    advice = _("Make a key with this permission on the page of your account.")


@dataclass(frozen=True)
class NewKey:
    """A key as its owner sees it once."""

    prefix: str
    secret: str

    @property
    def token(self) -> str:
        """The text that is given to the program."""
        return f"amlak_{self.prefix}_{self.secret}"


def new_key() -> NewKey:
    """Return a fresh random key."""
    return NewKey(secrets.token_hex(5), secrets.token_hex(24))


def hashed(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_key(token: str, *, at: dt.datetime, username: str | None = None) -> ApiKey:
    """Return the living key of a token; raises BadKey or DeadKey."""
    match = TOKEN.fullmatch(token)
    if match is None:
        raise BadKey
    key = ApiKey.objects.select_related("user").filter(prefix=match[1]).first()
    kept = key.secret_hash if key else hashed("")
    if not hmac.compare_digest(kept, hashed(match[2])) or key is None:
        raise BadKey
    if username is not None and username != key.user.username:
        raise BadKey
    if key.revoked_at or key.expires_at <= at or not key.user.is_active:
        raise DeadKey
    _note_use(key, at)
    return key


def _note_use(key: ApiKey, at: dt.datetime) -> None:
    """Remember when the key was used, without a write for each tile."""
    if key.last_used_at is None or at - key.last_used_at >= USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)


def credentials(header: str) -> tuple[str | None, str] | None:
    """Return (username, token) of an Authorization header; None where it is absent; raises BadKey."""
    kind, _space, rest = header.strip().partition(" ")
    if not kind:
        return None
    if kind.lower() == "bearer":
        return None, rest.strip()
    if kind.lower() != "basic":
        raise BadKey
    try:
        username, colon, token = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadKey from error
    if not colon:
        raise BadKey
    return username, token


def key_of(request: HttpRequest) -> ApiKey | None:
    """Return the key a request carries; None where it carries none; raises BadKey or DeadKey."""
    given = credentials(request.META.get("HTTP_AUTHORIZATION", ""))
    if given is None:
        return None
    username, token = given
    return sample_key(username, token) or find_key(token, at=clock.now(), username=username)


def sample_key(username: str | None, password: str) -> ApiKey | None:
    """Return a passing key for a sample account's published password: in sample mode, which loopback alone reaches."""
    if not settings.SAMPLE_MODE or username not in Role.values or password != settings.SAMPLE_PASSWORD:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not still_published(user.password, password):
        return None
    return ApiKey(user=user, prefix=f"sample {username}", scopes=list(SCOPES))


@lru_cache(256)
def still_published(encoded: str, password: str) -> bool:
    """Say whether an account still has the published password; remembered, for hashing takes a third of a second."""
    return check_password(password, encoded)


def needed_scope(method: str | None, scope: str = READ) -> str:
    """Return the scope a request needs: whatever changes something needs `write`."""
    return scope if method in SAFE_METHODS else WRITE


def check_scope(key: ApiKey, scope: str) -> None:
    """Raise ScopeMissing unless the key carries the scope; who may read may also see tiles."""
    accepted = {scope, READ} if scope == TILES else {scope}
    if accepted.isdisjoint(key.scopes):
        raise ScopeMissing(scope=scope)


def user_from_request(request: HttpRequest, *, scope: str = READ) -> User:
    """Return who asks, by key or by session; raises NotSignedIn or ScopeMissing."""
    key = key_of(request)
    if key is not None:
        check_scope(key, needed_scope(request.method, scope))
        return key.user
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        raise NotSignedIn
    return user


def signed_in(view: View | None = None, *, scope: str = READ) -> Any:
    """Let a view in only for a session, a Bearer key or a Basic key; the refusal is a 401 and never a login page."""

    def decorate(inner: View) -> View:
        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.user = user_from_request(request, scope=scope)
            return inner(request, *args, **kwargs)

        return login_not_required(guarded)

    return decorate if view is None else decorate(view)
