"""Settings of Amlak, read from the environment only (`docs/reference/settings.md`)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from gisapp import entrance
from gisapp.entrance import *  # noqa: F403 - every name in capitals there is a setting here
from gisapp.environment import (
    address,
    database_url,
    flag,
    folder,
    hosts,
    in_service,
    number,
    secret,
    text,
    whole,
    words,
)
from gisapp.native import library_paths

BASE_DIR = Path(__file__).resolve().parent.parent

# What a stranger may reach must not start half set: keys are strong, hosts are named.
IN_SERVICE = in_service()
SECRET_KEY = secret("AMLAK_SECRET_KEY", least=50, strict=IN_SERVICE)
# Encrypts national numbers and hashes them for search; lost with it are the numbers, not the people.
ID_KEY = secret("AMLAK_ID_KEY", least=32, strict=IN_SERVICE)
DEBUG = flag("AMLAK_DEBUG")
# Sample mode fills the site with invented people whose password is known: it may only listen on loopback.
SAMPLE_MODE = flag("AMLAK_SAMPLE")
SAMPLE_PASSWORD = text("AMLAK_SAMPLE_PASSWORD", "sample")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if SAMPLE_MODE else hosts("AMLAK_ALLOWED_HOSTS", strict=IN_SERVICE)
CSRF_TRUSTED_ORIGINS = words("AMLAK_CSRF_TRUSTED_ORIGINS")
HTTPS = flag("AMLAK_HTTPS")
# Where the public finds this site: printed in the QR of papers, so it has to outlive them.
PUBLIC_URL = address("AMLAK_PUBLIC_URL", "http://localhost:8000", strict=IN_SERVICE)

GDAL_LIBRARY_PATH, GEOS_LIBRARY_PATH = library_paths()

INSTALLED_APPS = [
    "gisapp.apps.GisAppConfig",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "ui",
    "authority",
    "parties",
    "jobs",
    "law",
    "documents",
    "tiles",
    "search",
    "importers",
    "exports",
    "parcels",
    "cases",
    "surveys",
    "leases",
    "encroachments",
    "custody",
    "litigation",
    "correspondence",
    "workspace",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rest_framework",
    "rest_framework_gis",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "authority.middleware.PersonalSettingsMiddleware",
    "authority.middleware.RefusalMiddleware",
    "authority.entry.gate.GateMiddleware",
    "authority.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gisapp.urls"
WSGI_APPLICATION = "gisapp.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context.shell",
            ],
        },
    }
]

# Two roles: the owner of the tables migrates, the application's role runs and may not touch the audit trail.
DB_APP_ROLE = text("AMLAK_DB_APP_ROLE", "amlak_app")


def database() -> dict[str, Any]:
    """Return the connection for the role this process runs as."""
    url = database_url(as_owner=text("AMLAK_DB_ROLE") == "owner")
    parsed: dict[str, Any] = dict(
        dj_database_url.parse(url, engine="django.contrib.gis.db.backends.postgis", conn_max_age=60)
    )
    parsed["CONN_HEALTH_CHECKS"] = True
    parsed["OPTIONS"] = {
        **parsed.get("OPTIONS", {}),
        "connect_timeout": 5,
        "keepalives_idle": 30,
        "tcp_user_timeout": 15000,
    }
    parsed["TEST"] = {
        "NAME": text("AMLAK_TEST_DATABASE", "test_amlak"),
        "TEMPLATE": text("AMLAK_DB_TEMPLATE") or None,
    }
    return parsed


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "amlak_cache"}}

AUTH_USER_MODEL = "authority.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
CSRF_FAILURE_VIEW = "authority.errors.csrf_failure"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # the name alone is slowed down: authority.entry.throttle
AXES_RESET_ON_SUCCESS = True
# How many proxies of ours stand before the site: X-Forwarded-For is believed exactly that far, by default not at all.
PROXY_COUNT = whole("AMLAK_PROXY_COUNT", 0)
AXES_CLIENT_IP_CALLABLE = "authority.signin.client_ip"
AXES_LOCKOUT_CALLABLE = "authority.signin.locked"
AXES_VERBOSE = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "amlak_session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "amlak_csrf"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("AMLAK_BEHIND_TLS_PROXY") else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Browsers' preload list takes whole domains, and gov.eg is not a department's to enter.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Optional background of the map: a raster XYZ template, or a PMTiles file of pictures on this host.
BASEMAP_XYZ = text("AMLAK_BASEMAP_XYZ", "")
BASEMAP_PMTILES = text("AMLAK_BASEMAP_PMTILES", "")


def host_of(template: str) -> list[str]:
    """Return the host that a background is fetched from; none where it is this one."""
    found = urlsplit(template)
    return [f"{found.scheme}://{found.netloc}"] if found.scheme in ("http", "https") and found.netloc else []


# MapLibre's CSP build and its RTL text plugin need no more than this (docs/explanation/map-csp.md).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, *host_of(BASEMAP_XYZ)],
        "form-action": [SELF, *host_of(entrance.OIDC_OP_LOGOUT_ENDPOINT)],  # a sign-out may go on to the provider
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", _("Arabic")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Africa/Cairo"
LANGUAGE_COOKIE_NAME = "amlak_language"

STATE_DIR = folder("AMLAK_STATE_DIR", BASE_DIR / ".local")
STATIC_URL = "/static/"
STATIC_ROOT = folder("AMLAK_STATIC_ROOT", STATE_DIR / "static")
DOCUMENT_STORE = folder("AMLAK_DOCUMENT_STORE", STATE_DIR / "documents")
# Where clamd listens (unix:/run/clamav/clamd.ctl or host:3310); empty: files are released without a scan, and said so.
CLAMD = text("AMLAK_CLAMD")
CLAMD_SECONDS = number("AMLAK_CLAMD_SECONDS", 60, least=1)  # for one file in all
CLAMD_MAX_BYTES = whole("AMLAK_CLAMD_MAX_MB", 100, least=1) * 1024 * 1024
WHITENOISE_USE_FINDERS = DEBUG or SAMPLE_MODE or flag("AMLAK_TEST")
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": STATE_DIR / "media"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The audit's daily heads: the private key that signs them, and where they are written for keeping elsewhere.
HEAD_KEY_FILE = text("AMLAK_HEAD_KEY_PATH")
HEAD_FOLDER = folder("AMLAK_HEAD_FOLDER", STATE_DIR / "heads")
# A site to practise on: its papers prove nothing, its data can be reset (the database bears a second mark).
TRAINING = flag("AMLAK_TRAINING")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Technique, not law: limits of what is taken in (domain.md §0b.22: two profiles).
UPLOAD_MAX_BYTES = whole("AMLAK_UPLOAD_MAX_MB", 200, least=1) * 1024 * 1024
EXPORT_DAYS = whole("AMLAK_EXPORT_DAYS", 14, least=1)  # how long files that people asked for are kept
# What the checks of a survey tolerate: metres and m² in the governorate's metric working system (domain.md §2.3, §9).
SURVEY_TOLERANCES = {
    "overlap_area_m2": 1.0,
    "overlap_width_m": 0.2,
    "outside_m": 200.0,
    "area_warn_m2": Decimal("1"),
    "area_warn_share": Decimal("0.005"),
    "area_block_share": Decimal("0.05"),
    "vertices": 100_000,
}
# Editing on the map: what is too little to be land, and how near is the same place; metres and m² as above.
EDIT_LIMITS = {
    "sliver_area_m2": 1.0,
    "sliver_width_m": 0.2,
    "snap_m": 0.5,
    "same_m": 0.005,
    "outside_m": 200.0,
    "overlap_area_m2": 1.0,
}
EDIT_VERTICES = 2_000  # of a line or outline drawn by hand
EDIT_NEIGHBOURS = 200  # parcels around an edit that are looked at
EDIT_CORNERS = 50_000  # and their corners in all
# Jobs: a lease is renewed every third of its length; a job whose lease ran out is taken from its worker.
JOB_LEASE_SECONDS = number("AMLAK_JOB_LEASE_SECONDS", 20, least=0.05)
JOB_REAP_SECONDS = number("AMLAK_JOB_REAP_SECONDS", 4, least=0.05)
JOB_POLL_SECONDS = number("AMLAK_JOB_POLL_SECONDS", 0.5, least=0.05)
JOB_GRACE_SECONDS = number("AMLAK_JOB_GRACE_SECONDS", 30)
JOB_MAX_FAILURES = whole("AMLAK_JOB_MAX_FAILURES", 3, least=1)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}

# What one person with all keys, one key, and one address without a valid sign-in may ask of the API.
API_RATES = {
    "user": text("AMLAK_API_RATE", "1200/min"),
    "key": text("AMLAK_API_RATE_KEY", "1200/min"),
    "stranger": text("AMLAK_API_RATE_STRANGER", "60/min"),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "authority.rest.keys.KeyAuthentication",
        "authority.rest.keys.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "authority.rest.paging.CursorPaging",
    "DEFAULT_PARSER_CLASSES": [
        "authority.rest.parsing.GuardedJSONParser",
        "authority.rest.parsing.GuardedMultiPartParser",
        "authority.rest.parsing.GuardedFormParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "authority.rest.problems.as_problem",
    "DEFAULT_THROTTLE_CLASSES": ["authority.rest.limits.PersonAndKeyRate"],
    "NUM_PROXIES": PROXY_COUNT,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Amlak",
    "DESCRIPTION": "State-owned land: register, surveys, leases, encroachments.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "PlaceKind": "authority.models.Place.Kind",
        "PartyKind": "parties.models.Party.Kind",
        "AssetKind": "parcels.models.Asset.Kind",
        "HoldingKind": "parcels.models.Holding.Kind",
        "QuestionKind": "surveys.models.Question.Kind",
        "SurveyMethod": "parcels.models.SurveyMethod",
        "SubmissionState": "surveys.models.Submission.State",
        "SubmissionActName": "surveys.schema.ACT_NAMES",
        "SuitState": "litigation.models.Suit.State",
        "HolidayState": "law.models.Holiday.State",
        "SuitSide": "litigation.models.Suit.Side",
        "BulkActKind": "parcels.models.BulkAct.Act",
        "BulkActState": "parcels.models.BulkAct.State",
        "LetterState": "correspondence.models.Letter.State",
        "LetterDirection": "correspondence.models.Letter.Direction",
        "LetterAct": "correspondence.models.LetterEvent.Act",
        "MemoState": "correspondence.models.Memo.State",
        "EditKind": "parcels.models.EditProposal.Kind",
        "EditState": "parcels.models.EditProposal.State",
        "EditSide": ["E", "W", "N", "S"],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "authority.rest.schema.tell_refusals",
    ],
}

LOGGING = entrance.logging_of(text("AMLAK_LOG", "text"), text("AMLAK_LOG_LEVEL", "WARNING"))
