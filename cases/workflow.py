"""A workflow is a table: which act moves a case from where to where, by whom, after whom not, on what papers.

Pure: no Django, no clock. Titles are English msgids marked with `gettext_noop` and translated where they are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

RETURN = "<return>"  # back to where the case was paused
STAY = "<stay>"  # the act is recorded, the state stays


def gettext_noop(message: str) -> str:
    """Mark a title for the catalogues and leave it as it is."""
    return message


class NoSuchActError(LookupError):
    """The workflow has no act of this name."""


@dataclass(frozen=True)
class Within:
    """A period of days: calendar days for what law counts, working days for what the service promises."""

    days: int
    working: bool = False


@dataclass(frozen=True, kw_only=True)
class State:
    """A state of the case; `stage` is its point on the track when it is not a point itself."""

    name: str
    title: str
    stage: str = ""
    pause: bool = False  # the clock of the state before is stopped here
    due: Within | None = None


@dataclass(frozen=True, kw_only=True)
class Act:
    """One row of the table."""

    name: str
    title: str
    source: tuple[str, ...]
    target: str
    by: tuple[str, ...]  # roles, the usual one first
    papers: tuple[str, ...] = ()
    not_after: frozenset[str] = frozenset()  # who did one of these acts on the case may not do this one
    guards: tuple[str, ...] = ()
    reason: bool = False  # a note is required
    aside: bool = False  # possible, but nobody's daily work: keeps it out of inboxes
    final_word: bool = False  # cannot be undone by another act: the page asks twice
    effects: tuple[str, ...] = ()  # what follows, in words, for the question before the act
    basis: str = ""  # legal source


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """The table with its version; a running case keeps the version it began with."""

    name: str
    version: int
    title: str
    states: tuple[State, ...]
    track: tuple[str, ...]  # states that are points of the track, in order
    final: frozenset[str]
    opening: Act
    acts: tuple[Act, ...]

    def __post_init__(self) -> None:
        if faults := list(self._faults()):
            raise ValueError(f"{self.name}: " + "; ".join(faults))

    @property
    def initial(self) -> str:
        """The state in which a case begins."""
        return self.opening.target

    def state(self, name: str) -> State:
        """The state of this name."""
        return next(state for state in self.states if state.name == name)

    def act(self, name: str) -> Act:
        """The row of this name; raises NoSuchActError."""
        for act in self.acts:
            if act.name == name:
                return act
        raise NoSuchActError(name)

    def from_state(self, state: str) -> list[Act]:
        """Rows that can be taken from a state, in the order of the table."""
        return [act for act in self.acts if state in act.source]

    def open_to(self, *, state: str, roles: Collection[str]) -> list[Act]:
        """Rows that these roles may take from a state."""
        return [act for act in self.from_state(state) if set(act.by) & set(roles)]

    def arrives(self, *, act: Act, state: str, paused_from: str) -> str:
        """The state after the act."""
        return {RETURN: paused_from, STAY: state}.get(act.target, act.target)

    def paused_after(self, *, act: Act, state: str, paused_from: str) -> str:
        """Where the case will return to after the act; '' when it is not paused."""
        arrived = self.state(self.arrives(act=act, state=state, paused_from=paused_from))
        if not arrived.pause:
            return ""
        return paused_from if self.state(state).pause else state

    def stage(self, state: str) -> str:
        """The point of the track at which a state stands; '' when it stands beside the track."""
        return state if state in self.track else self.state(state).stage

    def steps(self) -> Iterator[tuple[Act, str, str]]:
        """Every (act, old, new) for the trigger that guards the column; old is '' for the opening."""
        yield self.opening, "", self.opening.target
        for act in self.acts:
            for source in act.source:
                yield act, source, act.target

    def papers(self) -> list[str]:
        """Every kind of paper that some act asks for, in the order of the table."""
        return list(dict.fromkeys(kind for act in self.acts for kind in act.papers))

    def _faults(self) -> Iterator[str]:
        yield from self._faults_of_names()
        yield from self._faults_of_paths()
        yield from self._faults_of_pauses()
        yield from self._faults_of_acts()

    def _faults_of_names(self) -> Iterator[str]:
        known = [state.name for state in self.states]
        yield from (f"{name} is named twice" for name in repeated(known))
        yield from (f"{name} is named twice" for name in repeated([self.opening.name, *(a.name for a in self.acts)]))
        named = {name for act in self.acts for name in (*act.source, act.target)} - {RETURN, STAY}
        stages = {state.stage for state in self.states if state.stage}
        wanted = named | {self.initial} | self.final | set(self.track)
        yield from (f"{name} is not declared" for name in sorted(wanted - set(known)))
        yield from (f"{name} is no point of the track" for name in sorted(stages - set(self.track)))

    def _faults_of_paths(self) -> Iterator[str]:
        moving = [(act, old, new) for act, old, new in self.steps() if new != STAY]
        reached = {new for _, _, new in moving}
        left = {old for _, old, _ in moving}
        for state in sorted({s.name for s in self.states}):
            if state not in reached:
                yield f"{state} cannot be reached"
            if state not in left and state not in self.final:
                yield f"{state} cannot be left and is not final"
            if state in self.final and any(state in act.source for act in self.acts):
                yield f"{state} is final but can be left"

    def _faults_of_pauses(self) -> Iterator[str]:
        pauses = {state.name for state in self.states if state.pause}
        returning = {source for act in self.acts if act.target == RETURN for source in act.source}
        yield from (f"{name} is no pause and returns" for name in sorted(returning - pauses))
        yield from (f"{name} is a pause without a return" for name in sorted(pauses - returning))
        if self.initial in pauses:
            yield "a case begins paused"

    def _faults_of_acts(self) -> Iterator[str]:
        names = {act.name for act in self.acts} | {self.opening.name}
        for act in (self.opening, *self.acts):
            if not act.by:
                yield f"{act.name} is nobody's"
            yield from (f"{act.name} comes after an unknown {other}" for other in sorted(act.not_after - names))


def repeated(names: Iterable[str]) -> list[str]:
    """Names that stand more than once."""
    listed = list(names)
    return sorted({name for name in listed if listed.count(name) > 1})
