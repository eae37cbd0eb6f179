"""Signs of health: each room declares lines of the operators' page; a line says how it stands and what to do.

signs.register("sandbox", _("Sandbox for files"), look)   look: (now) → Sign
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

logger = logging.getLogger("jobs")


class Light(StrEnum):
    """How a part stands."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


WORDS = {
    Light.GREEN: gettext_lazy("in order"),
    Light.AMBER: gettext_lazy("needs attention"),
    Light.RED: gettext_lazy("out of order"),
}
RANK = {Light.GREEN: 0, Light.AMBER: 1, Light.RED: 2}


@dataclass(frozen=True)
class Sign:
    """What a look found: the light, what is so, and what to do about it."""

    light: Light
    told: str
    advice: str = ""


@dataclass(frozen=True)
class Line:
    """A sign under its name, as the page and the API show it."""

    key: str
    title: str
    light: Light
    told: str
    advice: str

    @property
    def word(self) -> str:
        """The light as a word: nobody has to see colours."""
        return str(WORDS[self.light])

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        return {Light.GREEN: "ok", Light.AMBER: "warn", Light.RED: "danger"}[self.light]

    @property
    def icon(self) -> str:
        """The icon of its badge."""
        return "circle-check" if self.light is Light.GREEN else "alert-octagon"


Look = Callable[[datetime], Sign]
_lines: dict[str, tuple[str | Promise, Look]] = {}


def register(key: str, title: str | Promise, look: Look) -> None:
    """Add a line; the same key replaces the former."""
    _lines[key] = (title, look)


def look_at_all(now: datetime) -> list[Line]:
    """Return all lines in the order in which they were declared."""
    return [_looked(key, str(title), look, now) for key, (title, look) in _lines.items()]


def _looked(key: str, title: str, look: Look, now: datetime) -> Line:
    """A look that fails is itself a sign, never a page that does not come."""
    try:
        sign = look(now)
    except (OSError, DatabaseError) as error:
        logger.warning("the sign %s could not be read: %s", key, error)
        sign = Sign(Light.RED, _("cannot be read"), _("See the log of the site."))
    return Line(key, title, sign.light, sign.told, sign.advice)


def worst(lines: list[Line]) -> Light:
    """Return the overall light."""
    return max((line.light for line in lines), key=RANK.__getitem__, default=Light.GREEN)
