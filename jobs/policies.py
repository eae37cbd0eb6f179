"""Who sees which jobs: an administrator all, everybody else what he queued himself."""

from __future__ import annotations

from django.db.models import QuerySet

from authority.models import Role, User
from authority.policies import require, scope_of
from jobs.models import Job


def sees_all_jobs(user: User) -> bool:
    """Say whether the user looks after all jobs."""
    return user.is_active and scope_of(user).allows({Role.ADMIN})


def require_all_jobs(user: User) -> None:
    """Raise NotAllowed unless the user looks after all jobs."""
    require(user, {Role.ADMIN})


def may_see_job(user: User, job: Job) -> bool:
    """Say whether the user may see this job."""
    return sees_all_jobs(user) or (user.is_active and job.queued_by_id == user.pk)


def jobs_visible_to(user: User, jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Return those of the jobs that the user may see."""
    if sees_all_jobs(user):
        return jobs
    return jobs.filter(queued_by=user) if user.is_active else jobs.none()
