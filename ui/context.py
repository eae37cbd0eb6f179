"""What every page's shell needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from ui import digits, rail, training
from ui import shell as identities

COOKIES = {"theme": "amlak_theme", "digits": "amlak_digits"}
CHOICES = {"theme": ("light", "dark"), "digits": (digits.LATIN, digits.ARABIC)}


def preference(request: HttpRequest, name: str) -> str:
    """Return a person's setting; before signing in, the browser's."""
    user = getattr(request, "user", None)
    found = (
        getattr(user, name, None) if getattr(user, "is_authenticated", False) else request.COOKIES.get(COOKIES[name])
    )
    return found if found in CHOICES[name] else CHOICES[name][0]


def language(code: str) -> dict[str, Any]:
    """Return code, direction and own name of a language."""
    info = get_language_info((code or settings.LANGUAGE_CODE).split("-")[0])
    return {"code": info["code"], "dir": "rtl" if info["bidi"] else "ltr", "name": info["name_local"]}


def shell_of(request: HttpRequest) -> dict[str, Any]:
    """Return rail and identity, read only when a page shows them."""
    user = request.user
    return {
        "rail": SimpleLazyObject(lambda: rail.shown_to(user, rail.place_of(request))),
        "identity": SimpleLazyObject(lambda: identities.identity(user)),
    }


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the shell's own variables."""
    digits.choose(preference(request, "digits"))
    found: dict[str, Any] = {
        "ui_language": language(getattr(request, "LANGUAGE_CODE", "")),
        "ui_other_language": language("en" if getattr(request, "LANGUAGE_CODE", "").startswith("ar") else "ar"),
        "ui_theme": preference(request, "theme"),
        "ui_digits": digits.chosen(),
        "ui_sample": settings.SAMPLE_MODE,
        "ui_training": training.on(),
    }
    if getattr(getattr(request, "user", None), "is_authenticated", False):
        found["ui_shell"] = shell_of(request)
    return found
