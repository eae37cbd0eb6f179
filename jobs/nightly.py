"""What is done once a day, and how it went last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from jobs.models import Job
from jobs.registry import title_of


@dataclass(frozen=True)
class Daily:
    """A task that runs once a day, not before an hour of Cairo's clock."""

    name: str
    not_before: time


_daily: dict[str, Daily] = {}


def add(entry: Daily) -> None:
    """Have a task run once a day."""
    _daily[entry.name] = entry


def entries() -> Iterable[Daily]:
    """Return what runs daily."""
    return _daily.values()


def names() -> frozenset[str]:
    """Return the names of what runs daily."""
    return frozenset(_daily)


@dataclass(frozen=True)
class Last:
    """A daily task with its last run."""

    entry: Daily
    job: Job | None

    @property
    def title(self) -> str:
        """What people call it."""
        return title_of(self.entry.name)

    @property
    def took(self) -> timedelta | None:
        """How long the last run took."""
        if self.job is None or self.job.started_at is None or self.job.ended_at is None:
            return None
        return self.job.ended_at - self.job.started_at

    @property
    def seconds(self) -> float | None:
        """The same in seconds."""
        return None if self.took is None else round(self.took.total_seconds(), 1)

    @property
    def ended_at(self) -> datetime | None:
        """When the last run ended."""
        return self.job.ended_at if self.job else None


def last_runs() -> list[Last]:
    """Return each daily task with its last run, in the order of the night."""
    runs = Job.objects.filter(name__in=names()).order_by("name", "-queued_at").distinct("name")
    newest = {job.name: job for job in runs}
    return [Last(entry, newest.get(entry.name)) for entry in sorted(entries(), key=lambda one: one.not_before)]
