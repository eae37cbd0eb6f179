"""Reading jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from authority.models import User
from jobs.models import Job
from jobs.policies import jobs_visible_to
from jobs.registry import title_of


def jobs_for(user: User, state: str = "") -> QuerySet[Job]:
    """Return the jobs the user may see, of one state when it is named, newest first."""
    jobs = jobs_visible_to(user, Job.objects.select_related("queued_by"))
    return jobs.filter(state=state) if state in Job.State.values else jobs


def counts_for(user: User) -> dict[str, int]:
    """Return how many jobs of each state the user may see."""
    found = jobs_visible_to(user, Job.objects.all()).order_by().values_list("state").annotate(Count("pk"))
    return dict.fromkeys(Job.State.values, 0) | dict(found)


@dataclass(frozen=True)
class Waiting:
    """What waits of one kind of work."""

    title: str
    count: int
    since: datetime


def queued_by_kind() -> list[Waiting]:
    """Return how much of each kind waits, and since when; the oldest first."""
    rows = Job.objects.filter(state=Job.State.QUEUED).order_by().values_list("name")
    found = rows.annotate(count=Count("pk"), since=Min("queued_at")).order_by("since")
    return [Waiting(title_of(name), count, since) for name, count, since in found]
