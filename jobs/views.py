"""The page of jobs: what runs, waits, is done or failed."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from authority import clock
from authority.models import User
from jobs import nightly, policies, selectors, services, signs
from jobs.models import Job

PER_PAGE = 50


@require_safe
@login_required
def job_list(request: HttpRequest) -> HttpResponse:
    """Show the jobs; asked again by the page itself, only its table."""
    user = cast(User, request.user)
    state = request.GET.get("state", "")
    page = Paginator(selectors.jobs_for(user, state), PER_PAGE).get_page(request.GET.get("page"))
    counts = selectors.counts_for(user)
    context: dict[str, Any] = {
        "page": page,
        "state": state if state in Job.State.values else "",
        "filters": [(value, label, counts[value]) for value, label in Job.State.choices],
        "all": policies.sees_all_jobs(user),
        "alive": bool(counts[Job.State.QUEUED] or counts[Job.State.RUNNING]),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "jobs/table.html" if part else "jobs/list.html", context)


@require_POST
@login_required
def rerun(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Queue a failed job once more."""
    services.rerun(job_id, by=cast(User, request.user), at=clock.now())
    messages.success(request, _("The work was queued again."))
    return redirect("jobs:list")


@require_safe
@login_required
def operations(request: HttpRequest) -> HttpResponse:
    """Show an administrator how every part of the site stands, and what runs at night."""
    user = cast(User, request.user)
    policies.require_all_jobs(user)
    lines = signs.look_at_all(clock.now())
    context: dict[str, Any] = {
        "lines": lines,
        "overall": signs.worst(lines),
        "word": signs.WORDS[signs.worst(lines)],
        "nightly": nightly.last_runs(),
        "failed": selectors.jobs_for(user, Job.State.FAILED)[:10],
        "queued": selectors.queued_by_kind(),
        "now": clock.now(),
    }
    return render(request, "jobs/operations.html", context)


@require_POST
@login_required
def run_now(request: HttpRequest, name: str) -> HttpResponse:
    """Queue nightly work at once."""
    services.run_now(name, by=cast(User, request.user), at=clock.now())
    messages.success(request, _("The work was queued."))
    return redirect("jobs:operations")
