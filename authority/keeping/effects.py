"""What follows from a change of somebody's rights, in figures: rooms above declare what they count."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypedDict

from authority.policies import Scope
from authority.refusal import Text


@dataclass(frozen=True)
class Figure:
    """One thing that is counted: «parcels», within the rights of a scope."""

    name: str
    title: Text
    count: Callable[[Scope], int]


class Line(TypedDict):
    """One line of a preview, as it is kept."""

    name: str
    before: int
    after: int


_figures: dict[str, Figure] = {}
_acts: list[Callable[[Collection[str]], list[str]]] = []


def count(figure: Figure) -> None:
    """Make a figure known."""
    _figures[figure.name] = figure


def tell_acts(teller: Callable[[Collection[str]], list[str]]) -> None:
    """Let a room say in words which acts some roles may do."""
    _acts.append(teller)


def title_of(name: str) -> str:
    """Return the title of a figure in the reader's language."""
    return str(_figures[name].title) if name in _figures else name


def preview(before: Scope, after: Scope) -> list[Line]:
    """Return every figure before and after."""
    return [
        Line(name=figure.name, before=figure.count(before), after=figure.count(after)) for figure in _figures.values()
    ]


def acts_of(roles: Collection[str]) -> list[str]:
    """Return in words what the roles may do."""
    return [act for teller in _acts for act in teller(roles)]
