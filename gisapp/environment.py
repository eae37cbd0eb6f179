"""The one place where settings are read from the environment, each by its kind (`docs/reference/settings.md`).

A secret may also lie in a file that `NAME_FILE` names: systemd hands credentials over that way, and containers secrets.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

SECRET_VARIETY = 8  # different characters: `openssl rand -hex 32` has more
SWITCHED_ON = frozenset({"1", "true", "yes", "on"})
SWITCHED_OFF = frozenset({"", "0", "false", "no", "off"})


class SettingError(RuntimeError):
    """A setting without which Amlak must not start is missing or cannot be what it is; says which, in one line."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}; see docs/reference/settings.md")


def given(name: str) -> str:
    """Return a variable, or the content of the file that `NAME_FILE` names; empty where neither is set."""
    value, file = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if value or not file:
        return value
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise SettingError(f"{name}_FILE", "names a file that cannot be read") from None


def needed(name: str) -> str:
    """Return a setting that may also lie in a file, or stop the start by its name."""
    value = given(name)
    if not value:
        raise SettingError(name, "is not set")
    if "\0" in value or "\n" in value:
        raise SettingError(name, "is more than one line")
    return value


def secret(name: str, *, least: int, strict: bool) -> str:
    """Return a key; in service one shorter than `least` characters, or of few different ones, stops the start."""
    value = needed(name)
    if strict and (len(value) < least or len(set(value)) < SECRET_VARIETY):
        raise SettingError(name, f"is too weak (at least {least} random characters: openssl rand -hex 32)")
    return value


def text(name: str, default: str = "") -> str:
    """Return a text."""
    return os.environ.get(name) or default


def flag(name: str) -> bool:
    """Say whether a switch is on; a word that is neither on nor off stops the start."""
    value = os.environ.get(name, "").strip().lower()
    if value not in SWITCHED_ON | SWITCHED_OFF:
        raise SettingError(name, "is neither 1 nor 0")
    return value in SWITCHED_ON


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def number(name: str, default: float, *, least: float = 0) -> float:
    """Return a finite number of at least `least`, or stop the start."""
    value = os.environ.get(name) or default
    try:
        found = float(value)
    except ValueError:
        found = float("nan")
    if not least <= found < float("inf"):
        raise SettingError(name, f"is not a number from {least:g} on")
    return found


def whole(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number of at least `least`, or stop the start."""
    found = number(name, default, least=least)
    if found != int(found):
        raise SettingError(name, "is not a whole number")
    return int(found)


def folder(name: str, default: Path) -> Path:
    """Return a folder; it need not be there yet."""
    return Path(os.environ.get(name) or default)


def in_service() -> bool:
    """Say whether real people rely on this process: neither sample nor tests nor debugging."""
    return not any(flag(name) for name in ("AMLAK_SAMPLE", "AMLAK_TEST", "AMLAK_DEBUG"))


def hosts(name: str, *, strict: bool) -> list[str]:
    """Return the names under which the site answers; in service they have to be told, and are never all."""
    found = words(name, "127.0.0.1,localhost")
    if strict and not words(name):
        raise SettingError(name, "is not set")
    if strict and "*" in found:
        raise SettingError(name, "must not be *: name the hosts")
    return found


def address(name: str, default: str, *, strict: bool) -> str:
    """Return the address of a site without a slash at its end; in service it has to be told."""
    value = text(name)
    if strict and not value:
        raise SettingError(name, "is not set")
    parts = urlsplit(value or default)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingError(name, "is not an address (https://host)")
    return (value or default).rstrip("/")


def database_url(*, as_owner: bool) -> str:
    """Return the connection of the role this process runs as; the owner's falls back on the application's."""
    name = "AMLAK_OWNER_DATABASE_URL" if as_owner and given("AMLAK_OWNER_DATABASE_URL") else "DATABASE_URL"
    value = needed(name)
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("postgis", "postgres", "postgresql") and parts.path.strip("/")
    except ValueError:
        usable = ""
    if not usable:
        raise SettingError(name, "is not a connection (postgis://user:password@host/name)")
    return value
