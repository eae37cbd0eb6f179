"""Settings of signing in and of the log (`docs/howto/sign-in.md`)."""

from __future__ import annotations

from typing import Any

from gisapp.environment import SettingError, given, text, whole

PASSWORD_FLOOR, PASSWORD_CEILING = 8, 128


def one_of(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Return a word of the environment out of a list."""
    word = text(name, default)
    if word not in choices:
        raise SettingError(name, f"must be one of: {', '.join(choices)}")
    return word


# ---- passwords (ASVS 5, V6.2) ----------------------------------------------------------------------------------------
PASSWORD_MIN = whole("AMLAK_PASSWORD_MIN", 12, least=PASSWORD_FLOOR)
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "authority.entry.passwords.Length", "OPTIONS": {"least": PASSWORD_MIN, "most": PASSWORD_CEILING}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "authority.entry.passwords.NotGuessable"},
]

# ---- second factor ---------------------------------------------------------------------------------------------------
# off: nobody is asked; offered: who has enrolled is asked; staff: every member of staff has to enrol first.
SECOND_FACTOR = one_of("AMLAK_SECOND_FACTOR", "offered", ("off", "offered", "staff"))
STEP_UP_MINUTES = whole("AMLAK_STEP_UP_MINUTES", 0, least=0)  # 0: nobody is asked again before what is delicate
OTP_TOTP_ISSUER = "Amlak"
OTP_TOTP_SYNC = True  # a phone whose clock drifts is followed

# ---- sessions --------------------------------------------------------------------------------------------------------
SESSION_IDLE_SECONDS = whole("AMLAK_SESSION_IDLE_MINUTES", 60, least=1) * 60
SESSION_COOKIE_AGE = whole("AMLAK_SESSION_HOURS", 8, least=1) * 3600
RECOVERY_MINUTES = 30  # how long a code that is handed over in person opens the page of a new password

# ---- single sign-on by OpenID Connect --------------------------------------------------------------------------------
OIDC_RP_CLIENT_ID = text("AMLAK_OIDC_CLIENT_ID")
OIDC_RP_CLIENT_SECRET = given("AMLAK_OIDC_CLIENT_SECRET")
OIDC_ISSUER = text("AMLAK_OIDC_ISSUER")
OIDC_OP_AUTHORIZATION_ENDPOINT = text("AMLAK_OIDC_AUTHORIZE_URL")
OIDC_OP_TOKEN_ENDPOINT = text("AMLAK_OIDC_TOKEN_URL")
OIDC_OP_USER_ENDPOINT = text("AMLAK_OIDC_USERINFO_URL")
OIDC_OP_JWKS_ENDPOINT = text("AMLAK_OIDC_JWKS_URL")
OIDC_OP_LOGOUT_ENDPOINT = text("AMLAK_OIDC_LOGOUT_URL")
OIDC_RP_SIGN_ALGO = one_of("AMLAK_OIDC_ALGORITHM", "RS256", ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512"))
OIDC_RP_SCOPES = text("AMLAK_OIDC_SCOPES", "openid profile email")
OIDC_CLAIM = text("AMLAK_OIDC_CLAIM", "preferred_username")  # what names an account of ours
# Values of `acr` or `amr` that the house accepts as a second factor.
OIDC_SECOND_FACTOR = tuple(text("AMLAK_OIDC_SECOND_FACTOR").replace(",", " ").split())
OIDC_USE_PKCE = OIDC_USE_NONCE = True
OIDC_CREATE_USER = False
OIDC_TIMEOUT = 10
OIDC_AUTHENTICATION_CALLBACK_URL = "authority:oidc_callback"
if OIDC_RP_CLIENT_ID:
    for _name, _value in (
        ("AMLAK_OIDC_CLIENT_SECRET", OIDC_RP_CLIENT_SECRET),
        ("AMLAK_OIDC_ISSUER", OIDC_ISSUER),
        ("AMLAK_OIDC_AUTHORIZE_URL", OIDC_OP_AUTHORIZATION_ENDPOINT),
        ("AMLAK_OIDC_TOKEN_URL", OIDC_OP_TOKEN_ENDPOINT),
        ("AMLAK_OIDC_USERINFO_URL", OIDC_OP_USER_ENDPOINT),
        ("AMLAK_OIDC_JWKS_URL", OIDC_OP_JWKS_ENDPOINT),
    ):
        if not _value:
            raise SettingError(_name, "is not set: `manage.py oidc_discover ISSUER` prints what is needed")


# ---- the log ---------------------------------------------------------------------------------------------------------
def logging_of(form: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: one line for each event, as text or as JSON, cleaned of secrets and numbers."""
    if form not in ("text", "json"):
        raise SettingError("AMLAK_LOG", "must be one of: text, json")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {"()": "authority.logs.TextLine"},
            "json": {"()": "authority.logs.JsonLine"},
        },
        "filters": {"asked_and_told": {"()": "authority.logs.AskedAndTold"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["asked_and_told"]}},
        "root": {"handlers": ["console"], "level": level},
    }
