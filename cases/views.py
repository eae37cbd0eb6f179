"""The pages of files: the list, the file, its acts, its papers, its sheet."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from authority import clock
from authority.models import User
from authority.policies import STAFF_READ, require
from authority.refusal import Conflict, Invalid, NotFound, Refusal, Stale
from authority.showing import show_refusal
from cases import acting, listing, opening, selectors, services, showing
from cases.land import land_of
from cases.models import Case
from cases.registry import act_title, kind_of, workflow_of
from cases.workflow import Act
from ui.rail import stand_under


def who(request: HttpRequest) -> User:
    """The person asking; the pages answer nobody else."""
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    return request.user


def stand_in_list(request: HttpRequest, kind: str) -> None:
    """Mark on the rail the list in which files of a kind stand."""
    stand_under(request, f"{reverse('cases:list')}?kind={kind}")


@require_safe
@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    """List files by kind, stage, lateness and whose turn it is."""
    return render(request, "cases/list.html", listing.page_of(request.GET, who(request)))


@require_safe
@login_required
def case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show a file."""
    found = selectors.case_by_id(case_id, who(request))
    stand_in_list(request, found.kind)
    return render(request, "cases/case.html", showing.page_of(found, who(request)))


@require_safe
@login_required
def sheet(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show a file as it is printed."""
    found = selectors.case_by_id(case_id, who(request))
    return render(request, "cases/sheet.html", showing.page_of(found, who(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def act(request: HttpRequest, case_id: uuid.UUID, name: str) -> HttpResponse:
    """Show an act with its form, and do it; a refusal keeps all that was typed."""
    user = who(request)
    found = selectors.case_by_id(case_id, user)
    stand_in_list(request, found.kind)
    row = acting.act_of(found, name)
    if request.method != "POST":
        return act_page(request, found, row, user)
    form = acting.ActForms(found, row, acting.row_of(found, row, user), request)
    try:
        if acting.version_sent(request) != found.row_version:
            raise Stale
        if not form.valid():
            raise Invalid("form_invalid", _("Some fields need another look."))
        acting.perform(found, row, form, request, user)
    except NotFound:
        raise
    except Refusal as refusal:
        show_refusal(refusal, *form.all())
        fresh = selectors.case_by_id(case_id, user)
        return act_page(request, fresh, row, user, form=form, refusal=refusal)
    messages.success(request, _("Done: %(act)s.") % {"act": act_title(found.kind, row.name)})
    return redirect("cases:case", found.pk)


def act_page(
    request: HttpRequest,
    found: Case,
    row: Act,
    user: User,
    *,
    form: acting.ActForms | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The page of an act, with what stands against it."""
    seen = acting.row_of(found, row, user)
    shown = form or acting.ActForms(found, row, seen, request)
    stale = isinstance(refusal, Stale)
    context: dict[str, Any] = showing.head_of(found, user) | {
        "act": row,
        "row": seen,
        "title": act_title(found.kind, row.name),
        "effects": [_(text) for text in row.effects],
        "form": shown,
        "refusal": refusal,
        "stale": stale,
        "meanwhile": acting.meanwhile(found, acting.version_sent(request)) if stale else [],
        "lost_files": shown.file_names(request) if refusal else [],
        "land_json": land_of(found.parcel, found.asset).as_page(),
        "figures": showing.figures_of(found, user),
        "track": showing.track_of(found, workflow_of(found), list(selectors.events_of(found)), clock.today()),
    }
    return render(request, "cases/act.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def paper(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Attach a paper to a file."""
    user = who(request)
    found = selectors.case_by_id(case_id, user)
    stand_in_list(request, found.kind)
    declared = kind_of(found.kind)
    asked = request.POST.get("kind") or request.GET.get("kind") or "other"
    data = request.POST if request.method == "POST" else None
    form = acting.PaperForm(data, request.FILES if data is not None else None, needed=True)
    refusal: Refusal | None = None
    if data is not None and form.is_valid():
        handed = form.paper(asked)
        try:
            if handed is None:
                raise Conflict("paper_empty", _("Attach the file, or write its number or words."))
            services.attach_paper(found.pk, paper=handed, by=user, at=clock.now())
            messages.success(request, _("Added to the file: %(paper)s.") % {"paper": declared.paper_title(asked)})
            return redirect("cases:case", found.pk)
        except NotFound:
            raise
        except Refusal as fault:
            refusal = fault
    kinds = [(code, declared.paper_title(code)) for code in declared.papers]
    context = showing.head_of(found, user) | {"form": form, "kinds": kinds, "asked": asked, "refusal": refusal}
    status = refusal.status if refusal else 400 if form.errors else 200
    return render(request, "cases/paper.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw_paper(request: HttpRequest, case_id: uuid.UUID, paper_id: int) -> HttpResponse:
    """Mark a paper as attached by mistake."""
    user = who(request)
    found = selectors.case_by_id(case_id, user)
    held = selectors.paper_of(found, paper_id)
    stand_in_list(request, found.kind)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "")
            services.withdraw_paper(found.pk, paper_id, reason=reason, by=user, at=clock.now())
            messages.success(request, _("The paper is marked as withdrawn."))
            return redirect("cases:case", found.pk)
        except NotFound:
            raise
        except Refusal as fault:
            refusal = fault
    context = showing.head_of(found, user) | {
        "paper": showing.paper_row(held, user, mine=False),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
    }
    return render(request, "cases/withdraw.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Open a file of a kind; its register gives the form and the address."""
    require(who(request), STAFF_READ)
    stand_in_list(request, kind)
    return opening.page(request, kind, who(request))


@require_safe
@login_required
def party_choices(request: HttpRequest) -> HttpResponse:
    """Answer the parties found while the name is typed."""
    text = request.GET.get("party_q", "")
    found = opening.found_parties(text, who(request))
    searched = len(text.strip()) >= opening.LEAST_LETTERS
    return render(request, "cases/parts/parties.html", {"parties": found, "searched": searched})
