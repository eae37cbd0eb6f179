"""Sections that rooms above add to a page below: the letters on a file's page, on a parcel's page.

sections.register("case", letters_of_case)      # (thing, reader) → Section, within the reader's rights
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line: its title, what it is about, its address, its state, and what stands small below."""

    title: str
    words: str
    url: str
    state: str = ""
    small: str = ""


@dataclass(frozen=True)
class Button:
    """A way on."""

    title: str
    url: str


@dataclass(frozen=True)
class Section:
    """A titled list on another room's page (ui/parts/sections.html)."""

    name: str
    title: str
    icon: str
    rows: Sequence[Row]
    buttons: Sequence[Button] = field(default_factory=list)
    empty: str = ""


Maker = Callable[[Any, Any], Section]
_makers: dict[str, list[Maker]] = {}


def register(page: str, maker: Maker) -> None:
    """Add a section to the page of this name: "case", "parcel"."""
    kept = _makers.setdefault(page, [])
    if maker not in kept:
        kept.append(maker)


def of(page: str, thing: Any, user: Any) -> list[Section]:
    """Return the sections of a page for its reader, in the order registered."""
    return [maker(thing, user) for maker in _makers.get(page, ())]
