"""Pages of memos for the decision."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from authority import clock
from authority.asking import asker as me
from authority.models import User
from authority.refusal import Invalid, NotFound, Refusal, Stale
from authority.showing import show_refusal
from cases.models import Case
from cases.selectors import case_by_id
from correspondence import policies, selectors, services
from correspondence.composing import present
from correspondence.forms import MemoForm, PlainForm, ReasonForm
from correspondence.models import Memo
from correspondence.papers import options_of
from correspondence.views import number_of
from ui.rail import stand_under

TITLES = {
    "rewrite": gettext_lazy("Write a new version"),
    "issue": gettext_lazy("Issue the memo"),
    "withdraw": gettext_lazy("Withdraw the memo"),
}
ICONS = {"rewrite": "edit", "issue": "signature", "withdraw": "x"}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Write a memo on a file."""
    user = me(request)
    case = case_by_id(case_id, user)
    stand_under(request, f"/cases/?kind={case.kind}")
    form = MemoForm(case, request.POST) if request.method == "POST" else MemoForm(case)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            require_valid(form)
            memo = services.draft_memo(by=user, at=clock.now(), case=case, **form.said())
        except Refusal as fault:
            refusal = fault
            show_refusal(fault, form)
        else:
            messages.success(request, _("The memo is kept as a draft; another person issues it."))
            return redirect("correspondence:memo", memo.pk)
    may = policies.may_write(user, case.place, case.custodian_id)
    context = {"case": case, "form": form, "refusal": refusal, "may": may, "title": _("Write a memo for the decision")}
    return render(request, "correspondence/memo_form.html", context, status=refusal.status if refusal else 200)


def require_valid(form: Any) -> None:
    """Raise Invalid `form_invalid` for a form with faults."""
    if not form.is_valid():
        raise Invalid("form_invalid", gettext_lazy("Some fields need another look."))


@require_safe
def memo(request: HttpRequest, memo_id: uuid.UUID) -> HttpResponse:
    """Show a memo: its words, what the file says, its versions."""
    user = me(request)
    found = selectors.memo_by_id(memo_id, user)
    stand_under(request, f"/cases/?kind={found.case.kind}")
    case = case_by_id(found.case_id, user)
    said = selectors.latest(found)
    draft = found.state == Memo.State.DRAFT
    context = {
        "memo": found,
        "case": case,
        "said": said,
        "options": options_of(said),
        "file": present(case, user, clock.now(), said.rules) if draft else None,
        "versions": found.versions.select_related("written_by").order_by("-number"),
        "acts": [(name, TITLES[name], ICONS[name]) for name in open_acts(found, case, user)],
        "waits": draft and not policies.may_issue(user, case.place, case.custodian_id),
    }
    return render(request, "correspondence/memo.html", context)


def open_acts(found: Memo, case: Case, user: User) -> list[str]:
    """Return what the person can do with a memo now."""
    writes = policies.may_write(user, case.place, case.custodian_id)
    issues = policies.may_issue(user, case.place, case.custodian_id)
    if found.state == Memo.State.DRAFT:
        wrote = found.versions.filter(written_by=user).exists()
        told = (("rewrite", writes), ("issue", issues and not wrote), ("withdraw", writes))
        return [name for name, may in told if may]
    return ["withdraw"] if found.state == Memo.State.ISSUED and issues else []


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, memo_id: uuid.UUID, name: str) -> HttpResponse:
    """Show an act on a memo with its form, and do it; a refusal keeps what was typed."""
    user = me(request)
    found = selectors.memo_by_id(memo_id, user)
    if name not in TITLES:
        raise NotFound()
    case = case_by_id(found.case_id, user)
    stand_under(request, f"/cases/?kind={case.kind}")
    form = form_of(name, found, case, request)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            done(name, form, request, found)
        except Refusal as fault:
            refusal = fault
            show_refusal(fault, form)
        else:
            messages.success(request, _("Done: %(act)s.") % {"act": TITLES[name]})
            return redirect("correspondence:memo", found.pk)
    context = {
        "case": case, "memo": found, "form": form, "refusal": refusal, "title": TITLES[name],
        "may": name in open_acts(found, case, user), "act": name, "icon": ICONS[name],
    }  # fmt: skip
    return render(request, "correspondence/memo_form.html", context, status=refusal.status if refusal else 200)


def form_of(name: str, found: Memo, case: Case, request: HttpRequest) -> Any:
    """Return the form of an act; a new version begins with the words as they stand."""
    data = request.POST if request.method == "POST" else None
    if name == "rewrite":
        last = selectors.latest(found)
        words = {one: getattr(last, one) for one in ("addressee", "subject", "opinion", "options", "recommendation")}
        return MemoForm(case, data, initial=words | {"rules": [str(one) for one in last.rules]})
    return ReasonForm(data) if name == "withdraw" else PlainForm(data)


@transaction.atomic
def done(name: str, form: Any, request: HttpRequest, found: Memo) -> None:
    """Do the act; raises what stands against it."""
    require_valid(form)
    version = number_of(request.POST.get("row_version", ""))
    if version is None:
        raise Stale
    verbs: dict[str, Any] = {
        "rewrite": services.rewrite_memo, "issue": services.issue_memo, "withdraw": services.withdraw_memo,
    }  # fmt: skip
    said = form.said() if name == "rewrite" else form.cleaned_data
    verbs[name](by=me(request), at=clock.now(), memo=found, expected=version, **said)
