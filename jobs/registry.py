"""Tasks by name: a service queues `surveys.read` without importing what carries it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

# What carries a job out: (attempt, **payload).
Run = Callable[..., None]
# Told, inside the transaction that marks the job failed: the code of the reason and the payload.
Failed = Callable[..., None]


class UnknownTaskError(LookupError):
    """No room has registered a task of this name."""


@dataclass(frozen=True)
class Task:
    """A kind of work."""

    name: str
    run: Run
    failed: Failed | None = None
    title: str | Promise = ""  # for people; the name when empty


_tasks: dict[str, Task] = {}


def task(name: str, *, title: str | Promise = "", failed: Failed | None = None) -> Callable[[Run], Run]:
    """Register a function as the task of this name, under a title for people.

    `failed(code=…, **payload)` is called in the transaction in which a job of this task finally fails.
    """

    def register(run: Run) -> Run:
        known = _tasks.get(name)
        if known is not None and known.run is not run:
            raise ValueError(f"task {name} is registered twice")
        _tasks[name] = Task(name, run, failed, title)
        return run

    return register


def get(name: str) -> Task:
    """Return the task of this name, or raise UnknownTaskError."""
    try:
        return _tasks[name]
    except KeyError:
        raise UnknownTaskError(name) from None


def title_of(name: str) -> str:
    """Return the title of a task for people; its name where it has none or is no longer known."""
    known = _tasks.get(name)
    return str(known.title or name) if known else name
