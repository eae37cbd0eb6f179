"""Ways from a person's own account into rooms above: they register them when the site starts (`declares.py`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class Way:
    """One way: word, address, icon, and who has it."""

    name: str | Promise
    url_name: str
    icon: str
    may: Callable[[Any], bool]


_ways: dict[str, Way] = {}


def register(way: Way) -> None:
    """Add a way; the same address replaces the former."""
    _ways[way.url_name] = way


def ways_of(user: Any) -> list[dict[str, Any]]:
    """Return what this person finds on the page of his account."""
    return [
        {"name": way.name, "url": reverse(way.url_name), "icon": way.icon} for way in _ways.values() if way.may(user)
    ]
