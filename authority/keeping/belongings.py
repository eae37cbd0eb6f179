"""What is in a person's hands and may not be left behind when he leaves: rooms above declare theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from authority.models import RoleHolding, User
from authority.refusal import Text

PassOn = Callable[[User, User, User, dt.datetime], int]


@dataclass(frozen=True)
class Belonging:
    """A kind of thing in somebody's hands: `rows` names them, `pass_on(user, heir, by, at)` hands them over.

    Without `pass_on` it is only told: it ends with the account, or others go on with it.
    """

    name: str
    title: Text
    rows: Callable[[User], list[str]]
    pass_on: PassOn | None = None


_belongings: dict[str, Belonging] = {}
_waiting: list[Callable[[RoleHolding], int]] = []


def register(belonging: Belonging) -> None:
    """Make a kind of thing known."""
    _belongings[belonging.name] = belonging


def belongings() -> list[Belonging]:
    """Return the kinds, by name."""
    return [_belongings[name] for name in sorted(_belongings)]


def count_waiting(counter: Callable[[RoleHolding], int]) -> None:
    """Let a room say how many things wait for somebody who holds this role there."""
    _waiting.append(counter)


def waiting_for(holding: RoleHolding) -> int:
    """Return how many things wait for the holder of a role."""
    return sum(counter(holding) for counter in _waiting)
