"""Reading jobs."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from authority.models import User
from jobs.models import Job
from jobs.policies import jobs_visible_to


def jobs_for(user: User, state: str = "") -> QuerySet[Job]:
    """Return the jobs the user may see, of one state when it is named, newest first."""
    jobs = jobs_visible_to(user, Job.objects.select_related("queued_by"))
    return jobs.filter(state=state) if state in Job.State.values else jobs


def counts_for(user: User) -> dict[str, int]:
    """Return how many jobs of each state the user may see."""
    found = jobs_visible_to(user, Job.objects.all()).order_by().values_list("state").annotate(Count("pk"))
    return dict.fromkeys(Job.State.values, 0) | dict(found)
