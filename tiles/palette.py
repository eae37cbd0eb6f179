"""The design tokens that maps draw with, read from the one file that defines them (`ui/static/ui/tokens.css`)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

from django.conf import settings

Mode = Literal["light", "dark"]
TOKENS = Path("ui/static/ui/tokens.css")
TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{3,8})\b")


@cache
def colours(mode: Mode) -> dict[str, str]:
    """Return token name (st-leased) → hex colour for the light or the dark surface."""
    css = (settings.BASE_DIR / TOKENS).read_text(encoding="utf-8")
    light, _, dark = css.partition("\n[data-bs-theme=dark]{")
    found = dict(TOKEN.findall(light))
    return found if mode == "light" else found | dict(TOKEN.findall(dark))


def rgba(colour: str) -> str:
    """Return a colour in the form MapLibre reads everywhere: #RRGGBBAA becomes rgba()."""
    if len(colour) != 9:
        return colour
    red, green, blue, alpha = (int(colour[i : i + 2], 16) for i in (1, 3, 5, 7))
    return f"rgba({red},{green},{blue},{alpha / 255:.2f})"
