"""Kinds of case: each register above the docket declares its workflow, its guards, what follows, its forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext

from authority.mandates.kinds import name_kind
from authority.policies import STAFF_READ, scope_of
from authority.refusal import NotFound
from cases.workflow import Act, Workflow
from ui import rail

if TYPE_CHECKING:
    from django import forms

    from authority.models import User
    from cases.models import Case, Event

Text = str | Promise
Facts = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a guard is asked: may this act be done? `facts` is None when somebody only looks."""

    case: Case
    act: Act
    user: User
    role: str  # in which the act is done; '' when the person may not
    at: dt.datetime
    facts: Facts | None


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an effect is told: the act that was just recorded, in the same transaction."""

    case: Case
    act: Act
    event: Event
    by: User
    at: dt.datetime
    facts: Facts


class Opener(Protocol):
    """Opens a file of a kind from what a page or a program sent; the one way for both."""

    def __call__(self, *, by: User, at: dt.datetime, data: Mapping[str, Any]) -> Case:
        """Open it; raises Invalid naming the fields at fault."""


Guard = Callable[[Question], None]
Effect = Callable[[Done], None]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of what a register knows of a case, for its page and for programs."""

    title: Text
    value: Any
    kind: str = "text"  # text, area, money, date, note
    explain: Mapping[str, Any] | None = None  # formula, inputs


@dataclass(frozen=True, kw_only=True)
class Look:
    """How files in some states stand on the map: words, colour token and pattern of their line in the legend."""

    states: tuple[str, ...]
    title: Text
    colour: str
    pattern: str = ""  # a value of tiles.registry.Pattern


@dataclass(frozen=True, kw_only=True)
class KindOfCase:
    """A kind of case: the table and what belongs to it."""

    kind: str
    workflow: Workflow
    title: Text  # one file: «lease file», «encroachment file»
    plural: Text
    icon: str
    number_format: str = "{year}/{n}"
    older: tuple[Workflow, ...] = ()
    guards: Mapping[str, Guard] = field(default_factory=dict)
    effects: Mapping[str, tuple[Effect, ...]] = field(default_factory=dict)  # by act; "*" after each of them
    opener: Opener | None = None
    opening_form: type[forms.Form] | None = None  # what the opener reads, as its page shows it
    opening_path: str = ""  # name of the page on which a file is opened
    forms: Mapping[str, type[forms.Form]] = field(default_factory=dict)  # by act: the facts it takes
    papers: Mapping[str, Text] = field(default_factory=dict)  # titles of kinds of paper
    figures: Callable[[Case, User], list[Figure]] | None = None
    shapes: Callable[[Case], dict[str, Any]] | None = None  # name → geometry (EPSG:4326) drawn on the case's map
    words: Callable[[Case], list[str]] | None = None  # by which search finds it, beside number and party
    locks: Mapping[str, str] = field(default_factory=dict)  # by act: what a suit can bar on its parcel (parcels.locks)
    template: str = ""  # fragment of the case's page
    page: Callable[[Case, User], Mapping[str, Any]] | None = None  # what the fragment shows, as `register`
    looks: tuple[Look, ...] = ()  # lines of the map's legend
    key: str = ""  # letter after G that leads to the list
    order: int = 50  # place on the rail

    def __post_init__(self) -> None:
        """Refuse a declaration that contradicts its table."""
        if self.kind != self.workflow.name:
            raise ValueError(f"kind {self.kind} runs a workflow of another name")
        known = {act.name for act in self.workflow.acts} | {self.workflow.opening.name, "*"}
        for name in {*self.effects, *self.forms, *self.locks} - known:
            raise ValueError(f"kind {self.kind} names an unknown act {name}")
        for act in self.workflow.acts:
            for guard in set(act.guards) - set(self.guards):
                raise ValueError(f"act {act.name} names an unknown guard {guard}")
            for paper in set(act.papers) - set(self.papers):
                raise ValueError(f"act {act.name} names a paper without a title: {paper}")

    def version(self, number: int) -> Workflow:
        """The table of a version; a running case keeps the one it began with."""
        return next(table for table in (self.workflow, *self.older) if table.version == number)

    def paper_title(self, kind: str) -> str:
        """What a kind of paper is called."""
        return str(self.papers.get(kind, kind.replace("_", " ")))


_KINDS: dict[str, KindOfCase] = {}


def register_kind(kind: KindOfCase) -> None:
    """Add a kind; a name may be taken once."""
    if kind.kind in _KINDS:
        raise ValueError(f"kind {kind.kind} is declared twice")
    _KINDS[kind.kind] = kind
    name_kind(kind.kind, kind.plural)
    query = f"kind={kind.kind}"
    rail.register(
        rail.Entry(kind.plural, "cases:list", kind.icon, order=kind.order, key=kind.key, may=on_rail, query=query)
    )


def on_rail(user: Any) -> bool:
    """Say whether the rail shows the lists of files."""
    return scope_of(user).holds(STAFF_READ)


def kinds() -> Iterator[KindOfCase]:
    """All kinds, by name."""
    yield from (_KINDS[name] for name in sorted(_KINDS))


def kind_of(name: str) -> KindOfCase:
    """The kind of this name; raises NotFound."""
    if name not in _KINDS:
        raise NotFound("kind_of_case_unknown")
    return _KINDS[name]


def workflow_of(case: Case) -> Workflow:
    """The table that runs a case."""
    return kind_of(case.kind).version(case.workflow_version)


def tables() -> Iterator[Workflow]:
    """Every table in force: the present ones and those with running cases."""
    for kind in kinds():
        yield kind.workflow
        yield from kind.older


def state_title(case_kind: str, state: str) -> str:
    """A state's title in the reader's language."""
    return gettext(kind_of(case_kind).workflow.state(state).title)


def act_title(case_kind: str, act: str) -> str:
    """An act's title in the reader's language."""
    table = kind_of(case_kind).workflow
    return gettext(table.opening.title if act == table.opening.name else table.act(act).title)
