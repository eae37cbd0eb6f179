"""Pages of who keeps accounts: people, roles with the effect of a change, leavers, what waits for a second person."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from authority import clock
from authority.asking import asker as me
from authority.entry.recovery import account_of
from authority.keeping import effects, leaving, selectors, services
from authority.keeping.forms import AccountForm, HeirsForm, OfficeForm, RoleForm
from authority.models import PreparedChange, Role, User
from authority.refusal import Invalid, NotAllowed, NotFound, Refusal
from authority.services import may_keep_accounts
from ui.digits import to_latin
from ui.forms import DayField

PAGE = 50


def keeper(request: HttpRequest) -> User:
    """Return who keeps accounts; raises NotAllowed for everybody else."""
    user = me(request)
    if not may_keep_accounts(user):
        raise NotAllowed
    return user


def keeper_of_one(request: HttpRequest) -> User:
    """Return the same where the address names somebody; raises NotFound: nobody else learns whether he is there."""
    user = me(request)
    if not may_keep_accounts(user):
        raise NotFound
    return user


def attempt(form: forms.Form, act: Callable[[dict[str, Any]], PreparedChange]) -> PreparedChange | Refusal:
    """Prepare a change with a valid form; return it, or what was refused, shown at the form."""
    if not form.is_valid():
        return Invalid("form_invalid", _("Some fields need another look."))
    try:
        return act(form.cleaned_data)
    except NotFound:
        raise
    except Refusal as refusal:
        form.add_error(None, refusal.detail)
        return refusal


def prepared(request: HttpRequest, change: PreparedChange) -> HttpResponse:
    """Lead to the change that was prepared."""
    messages.success(request, _("Prepared. Another administrator looks it through and carries it out."))
    return redirect("authority:change", change.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """List the people whose accounts one keeps, and what waits; the form prepares a new account."""
    user, today, at = keeper(request), clock.today(), clock.now()
    form, refusal = AccountForm(), None
    if request.method == "POST":
        form = AccountForm(request.POST)
        made = attempt(form, lambda said: services.prepare_account(by=user, at=at, **said))
        if isinstance(made, PreparedChange):
            return prepared(request, made)
        refusal = made
    words = to_latin(request.GET.get("q", "")).strip()[:80].replace("\x00", "")
    rows = selectors.people_kept_by(user, today)
    if words:
        rows = rows.filter(Q(username__icontains=words) | Q(name_ar__icontains=words) | Q(name_en__icontains=words))
    context = {
        "page": Paginator(rows.order_by("-is_active", "username"), PAGE).get_page(request.GET.get("page")),
        "waiting": selectors.waiting_changes(user, today)[:100], "form": form, "refusal": refusal, "q": words,
    }  # fmt: skip
    return render(request, "authority/keeping/people.html", context, status=refusal.status if refusal else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offices(request: HttpRequest) -> HttpResponse:
    """Show the offices one keeps as a tree; the forms prepare that one is opened or closed."""
    user, at = keeper(request), clock.now()
    form, refusal = OfficeForm(user), None
    if request.method == "POST":
        if "close" in request.POST:
            made = _closing(request, user)
        else:
            form = OfficeForm(user, request.POST)
            made = attempt(form, lambda said: services.prepare_office(by=user, at=at, **said))
        if isinstance(made, PreparedChange):
            return prepared(request, made)
        refusal = made
    rows = selectors.tree_of(list(selectors.offices_kept_by(user).select_related("place", "custodian")))
    context = {"rows": rows, "form": form, "refusal": refusal, "today": clock.today()}
    return render(request, "authority/keeping/offices.html", context, status=refusal.status if refusal else 200)


def _closing(request: HttpRequest, user: User) -> PreparedChange | Refusal:
    """Prepare that an office closes."""
    office = selectors.offices_kept_by(user).filter(code=request.POST["close"][:48]).select_related("place").first()
    if office is None:
        raise NotFound
    try:
        day = DayField().clean(request.POST.get("on", ""))
        return services.prepare_closing(office=office, on=day, by=user, at=clock.now())
    except forms.ValidationError as fault:
        return Invalid("form_invalid", fault.messages[0])
    except Refusal as refusal:
        return refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show a person with roles; the forms prepare that a role is given or ends."""
    user, today = keeper_of_one(request), clock.today()
    account = account_of(user, pk=account_id)
    form, refusal = RoleForm(user, initial={"starts_on": today}), None
    if request.method == "POST":
        made = _ended(request, account, user) if "holding" in request.POST else None
        if made is None:
            form = RoleForm(user, request.POST)
            made = attempt(form, lambda said: services.prepare_role(person=account, by=user, at=clock.now(), **said))
        if isinstance(made, PreparedChange):
            return prepared(request, made)
        refusal = made
    context = {
        "account": account, "holdings": leaving.holdings_of(account, today), "form": form, "refusal": refusal,
        "changes": account.changes.select_related("prepared_by", "decided_by")[:20], "own": account.pk == user.pk,
        "today": today,
    }  # fmt: skip
    return render(request, "authority/keeping/person.html", context, status=refusal.status if refusal else 200)


def _ended(request: HttpRequest, account: User, by: User) -> PreparedChange | Refusal:
    """Prepare that a role ends."""
    given = request.POST.get("holding", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 12 else 0
    holding = account.roles.select_related("office__place", "user").filter(pk=number).first()
    if holding is None:
        raise NotFound
    try:
        last = DayField().clean(request.POST.get("last_day", ""))
    except forms.ValidationError as fault:
        return Invalid("form_invalid", fault.messages[0])
    try:
        return services.prepare_role_end(holding=holding, last_day=last, by=by, at=clock.now())
    except Refusal as refusal:
        return refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leaver(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show what is in a person's hands, and prepare that he leaves and hands over."""
    user, at = keeper_of_one(request), clock.now()
    account = account_of(user, pk=account_id)
    held = leaving.in_hands(account, clock.day_of(at))
    form, refusal = HeirsForm(held, request.POST if request.method == "POST" else None), None
    if request.method == "POST":
        made = attempt(form, lambda _said: services.prepare_leaving(person=account, heirs=form.heirs(), by=user, at=at))
        if isinstance(made, PreparedChange):
            return prepared(request, made)
        refusal = made
    context = {"account": account, "held": held, "form": form, "refusal": refusal}
    return render(request, "authority/keeping/leaver.html", context, status=refusal.status if refusal else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, change_id: uuid.UUID) -> HttpResponse:
    """Show a change with its effect; the second administrator carries it out or puts it away."""
    user, at = keeper_of_one(request), clock.now()
    found = selectors.change_by_id(change_id, user)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            _decide(request, found, user)
            return redirect("authority:change", found.pk)
        except NotFound:
            raise
        except Refusal as fault:
            refusal = fault
    found = selectors.change_by_id(change_id, user)
    context = {
        "change": found, "lines": [line | {"title": effects.title_of(line["name"])} for line in found.effect],
        "acts": effects.acts_of({found.said["role"]}) if found.kind == PreparedChange.Kind.ROLE else [],
        "role": Role(found.said["role"]).label if "role" in found.said else "",
        "heirs": [(leaving.title_of(name), heir) for name, heir in found.said.get("heirs", {}).items()],
        "waits": found.state == PreparedChange.State.WAITING,
        "second": user.pk not in (found.prepared_by_id, found.person_id), "refusal": refusal, "at": at,
    }  # fmt: skip
    return render(request, "authority/keeping/change.html", context, status=refusal.status if refusal else 200)


def _decide(request: HttpRequest, found: PreparedChange, user: User) -> None:
    """Carry a change out, or put it away."""
    act = request.POST.get("act", "")
    if act == "carry_out":
        services.carry_out(change_id=found.pk, by=user, at=clock.now())
        messages.success(request, _("Carried out."))
    elif act == "withdraw":
        services.withdraw(change_id=found.pk, by=user, at=clock.now())
        messages.success(request, _("The change was withdrawn."))
    else:
        raise Invalid("unknown_act", _("Say whether to carry out or to withdraw."))
