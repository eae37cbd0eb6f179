"""Who is looking and how: authority, a room above, tells the shell (`register`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Identity:
    """The person as the top bar names them: the role shown is the one acting."""

    name: str
    role: str = ""
    place: str = ""  # the jurisdiction, with the unit's kind: محافظة الإسكندرية
    office: str = ""


Identify = Callable[[Any], Identity]
Save = Callable[[Any, dict[str, str]], None]


def plainly(user: Any) -> Identity:
    """Name a person without any register."""
    return Identity(name=str(user))


def unsaved(_user: Any, _settings: dict[str, str]) -> None:
    """Keep nothing."""


_identify: list[Identify] = [plainly]
_save: list[Save] = [unsaved]


def register(identify: Identify, save: Save = unsaved) -> None:
    """Take the function that names a person and the one that keeps personal settings (language, digits, theme)."""
    _identify[:] = [identify]
    _save[:] = [save]


def identity(user: Any) -> Identity:
    """Return how the top bar names this person."""
    return _identify[0](user)


def save(user: Any, settings: dict[str, str]) -> None:
    """Keep personal settings of a signed-in person."""
    _save[0](user, settings)
