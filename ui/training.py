"""Whether this is a site to practise on: then every page says so, and no paper is worth anything.

One mark is enough to show it (the setting, or what a room above registers); who may reset data asks for all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

_marks: list[Callable[[], bool]] = []


def register(mark: Callable[[], bool]) -> None:
    """Add a mark beside the setting."""
    if mark not in _marks:
        _marks.append(mark)


def on() -> bool:
    """Say whether anything marks this site for training."""
    return bool(settings.TRAINING) or any(mark() for mark in _marks)
