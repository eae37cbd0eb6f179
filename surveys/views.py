"""The pages of surveys: list, hand in, answer, follow, review, decide."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from authority import clock
from authority.models import Custodian, User
from authority.refusal import Refusal
from parcels.models import SurveyMethod
from surveys import acts, policies, review, selectors, services, showing
from surveys.forms import FIELDS, received
from surveys.models import Submission
from surveys.presenting import notes_of, progress_of

PER_PAGE = 50
FAULTS_PER_PAGE = 200
State = Submission.State


def user_of(request: HttpRequest) -> User:
    """Return who asks; the site answers nobody else."""
    return cast(User, request.user)


@require_GET
@login_required
def submission_list(request: HttpRequest) -> HttpResponse:
    """Show the surveys I may see."""
    user = user_of(request)
    state = request.GET.get("state", "")
    found = selectors.submissions_for(user)
    rows = found.filter(state=state) if state in State.values else found
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "state": state if state in State.values else "",
        "states": showing.counted_states(found),
        "may_submit": policies.submit_places(user).exists(),
    }
    return render(request, "surveys/list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Take a survey in from the page."""
    user, refusal = user_of(request), None
    if request.method == "POST":
        try:
            fields = {name: value for name, value in request.POST.items() if name in FIELDS}
            submission = services.receive(by=user, at=clock.now(), **received(fields, request.FILES, user))
            return redirect("surveys:submission", submission.pk)
        except Refusal as error:
            refusal = error
    context = {
        "refusal": refusal,
        "given": request.POST,
        "places": showing.places_to_choose(user),
        "custodians": Custodian.objects.filter(closed_on=None),
        "methods": SurveyMethod.choices,
        "steps": showing.steps(None),
    }
    return render(request, "surveys/new.html", context, status=refusal.status if refusal else 200)


@require_GET
@login_required
def submission(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Show a survey as its state asks: at work, with questions, refused, or under review."""
    user = user_of(request)
    found = selectors.submission_by_id(submission_id, user)
    offers = {offer.act.name: offer for offer in acts.acts_for(found, user)}
    context: dict[str, Any] = {"submission": found, "offers": offers, "steps": showing.steps(found)}
    if found.state == State.ASKING:
        missing = request.GET.get("missing") == "1"
        return render(request, "surveys/asking.html", {**context, **showing.asking(found), "missing": missing})
    if found.working and found.state != State.ACCEPTING:
        return render(request, "surveys/working.html", {**context, "progress": progress_of(found)})
    if found.state in (State.REFUSED, State.WITHDRAWN):
        return render(request, "surveys/ended.html", context)
    return _review(request, found, context)


def _review(request: HttpRequest, found: Submission, context: dict[str, Any]) -> HttpResponse:
    group = request.GET.get("group", "")
    group = group if group in ("geometry", "data") else ""
    page = Paginator(review.faults_of(found, group), FAULTS_PER_PAGE).get_page(request.GET.get("page"))
    context |= {
        "page": page,
        "groups": showing.grouped(page),
        "group": group,
        "counts": review.counts_of(found),
        "sound": selectors.sound_count(found),
        "notes": notes_of(found),
        "map": showing.map_of(found, page),
        "progress": progress_of(found),
    }
    return render(request, "surveys/review.html", context)


@require_GET
@login_required
def progress(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Answer how far the work is; when another page is due, have it asked for."""
    found = selectors.submission_by_id(submission_id, user_of(request))
    accepting = request.GET.get("from") == State.ACCEPTING
    if not found.working or (found.state == State.ACCEPTING) != accepting:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"submission": found, "progress": progress_of(found), "steps": showing.steps(found)}
    return render(request, "surveys/progress.html", context)


@require_GET
@login_required
def fault(request: HttpRequest, submission_id: UUID, fault_id: int) -> HttpResponse:
    """Show one fault in detail, beside the map."""
    found = selectors.submission_by_id(submission_id, user_of(request))
    return render(request, "surveys/fault.html", {"detail": review.detail(found, fault_id), "submission": found})


@require_POST
@login_required
def answers(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Take the answers of one step, all of them or none."""
    user, at = user_of(request), clock.now()
    found = selectors.submission_by_id(submission_id, user)
    given = dict(showing.answers_in(request.POST, found))
    left = found.questions.filter(answer__isnull=True).exclude(kind__in=given).exists()
    with transaction.atomic():
        for kind, value in given.items():
            services.answer(found, kind=kind, value=value, by=user, at=at)
    address = reverse("surveys:submission", args=[found.pk])
    return redirect(f"{address}?missing=1" if left else address)


def digits(text: str) -> int | None:
    """Return the number of a version; None for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


@require_POST
@login_required
def act(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Do one act from the page."""
    user = user_of(request)
    found = selectors.submission_by_id(submission_id, user)
    version = request.POST.get("row_version", "")
    body = {"act": request.POST.get("act", ""), "comment": request.POST.get("comment", "")}
    services.perform(
        found,
        body,
        by=user,
        at=clock.now(),
        version=digits(version),
    )
    messages.success(request, _("Done: %(act)s.") % {"act": acts.BY_NAME[body["act"]].title})
    return redirect("surveys:submission", found.pk)
