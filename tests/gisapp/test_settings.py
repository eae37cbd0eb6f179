"""A setting that is missing or wrong stops the start, by its name, in one line."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gisapp.environment import SettingError

ROOT = Path(__file__).resolve().parents[2]
OURS = re.compile(r"AMLAK_|DATABASE_URL|DJANGO_SETTINGS")
KEY = "0123456789abcdef" * 4
SERVICE = {
    "AMLAK_SECRET_KEY": KEY,
    "AMLAK_ID_KEY": KEY[::-1],
    "DATABASE_URL": "postgis://amlak_app:word@db.example/amlak",
    "AMLAK_ALLOWED_HOSTS": "amlak.example",
    "AMLAK_PUBLIC_URL": "https://amlak.example/",
}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a site in service and nothing else of ours."""
    for name in [name for name in os.environ if OURS.match(name)]:
        monkeypatch.delenv(name)
    for name, value in SERVICE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def settings() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "gisapp" / "settings.py"))


def test_with_all_that_is_needed_the_settings_are_read(service: pytest.MonkeyPatch) -> None:
    found = settings()
    assert found["IN_SERVICE"] is True
    assert found["ALLOWED_HOSTS"] == ["amlak.example"]
    assert found["PUBLIC_URL"] == "https://amlak.example"
    assert found["DATABASES"]["default"]["USER"] == "amlak_app"


@pytest.mark.parametrize("name", sorted(SERVICE))
@pytest.mark.parametrize("value", [None, ""])
def test_a_needed_setting_that_is_missing_is_named(service: pytest.MonkeyPatch, name: str, value: str | None) -> None:
    service.delenv(name) if value is None else service.setenv(name, value)
    with pytest.raises(SettingError, match=f"^{name} is not set; see docs/reference/settings.md$"):
        settings()


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("AMLAK_SECRET_KEY", "short", "too weak"),
        ("AMLAK_SECRET_KEY", "a" * 64, "too weak"),
        ("AMLAK_SECRET_KEY", f"{KEY}\nsecond line", "more than one line"),
        ("AMLAK_ID_KEY", KEY[:31], "too weak"),
        ("AMLAK_ALLOWED_HOSTS", "*", r"must not be \*"),
        ("AMLAK_PUBLIC_URL", "amlak.example", "is not an address"),
        ("DATABASE_URL", "mysql://x/y", "is not a connection"),
        ("DATABASE_URL", "postgis://host", "is not a connection"),
        ("DATABASE_URL", "postgis://[half/amlak", "is not a connection"),
        ("AMLAK_HTTPS", "perhaps", "is neither 1 nor 0"),
        ("AMLAK_UPLOAD_MAX_MB", "many", "is not a number from 1 on"),
        ("AMLAK_UPLOAD_MAX_MB", "0", "is not a number from 1 on"),
        ("AMLAK_UPLOAD_MAX_MB", "1.5", "is not a whole number"),
        ("AMLAK_PROXY_COUNT", "-1", "is not a number from 0 on"),
        ("AMLAK_JOB_LEASE_SECONDS", "nan", "is not a number"),
        ("AMLAK_JOB_POLL_SECONDS", "inf", "is not a number"),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_the_reason(
    service: pytest.MonkeyPatch, name: str, value: str, why: str
) -> None:
    service.setenv(name, value)
    with pytest.raises(SettingError, match=f"^{name} .*{why}"):
        settings()


@pytest.mark.parametrize("switch", ["AMLAK_SAMPLE", "AMLAK_TEST", "AMLAK_DEBUG"])
def test_out_of_service_short_keys_and_loopback_will_do(service: pytest.MonkeyPatch, switch: str) -> None:
    for name in ("AMLAK_ALLOWED_HOSTS", "AMLAK_PUBLIC_URL"):
        service.delenv(name)
    service.setenv("AMLAK_SECRET_KEY", "x")
    service.setenv(switch, "1")
    assert settings()["SECRET_KEY"] == "x"


@pytest.mark.parametrize("name", ["AMLAK_SECRET_KEY", "AMLAK_ID_KEY", "DATABASE_URL", "AMLAK_OWNER_DATABASE_URL"])
def test_a_secret_may_lie_in_a_file(service: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    kept = tmp_path / "secret"
    kept.write_text(SERVICE.get(name, "postgis://amlak_owner:word@db.example/other") + "\n")
    service.delenv(name, raising=False)
    service.setenv(f"{name}_FILE", str(kept))
    service.setenv("AMLAK_DB_ROLE", "owner")
    found = settings()
    assert found["SECRET_KEY"] == KEY
    assert found["DATABASES"]["default"]["NAME"] == ("other" if "OWNER" in name else "amlak")


def test_a_secrets_file_that_is_not_there_is_named(service: pytest.MonkeyPatch) -> None:
    service.delenv("AMLAK_ID_KEY")
    service.setenv("AMLAK_ID_KEY_FILE", "/no/such/file")
    with pytest.raises(SettingError, match=r"^AMLAK_ID_KEY_FILE names a file that cannot be read"):
        settings()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["manage.py", "check"], 1),
        (
            [
                "-m",
                "gunicorn",
                "gisapp.wsgi",
                "--bind",
                "127.0.0.1:0",
                "--no-control-socket",
                "--log-level",
                "critical",
            ],
            3,
        ),
    ],
)
def test_neither_command_nor_web_server_starts_without_a_key(
    service: pytest.MonkeyPatch, command: list[str], code: int
) -> None:
    service.delenv("AMLAK_ID_KEY")
    told = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == code
    assert told.stderr.splitlines()[0] == "amlak: AMLAK_ID_KEY is not set; see docs/reference/settings.md"
    assert "Traceback" not in told.stderr


def test_the_settings_of_a_site_in_service_pass_every_check_of_deployment(service: pytest.MonkeyPatch) -> None:
    service.setenv("AMLAK_HTTPS", "1")
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (told.returncode, told.stderr) == (0, "")
