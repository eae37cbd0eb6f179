"""Pages on which the land book is written: a parcel is registered, and the acts on one parcel."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authority import clock
from authority.models import User
from authority.policies import STAFF_READ, require, scope_of
from authority.refusal import Invalid, NotAllowed, NotFound, Refusal, Stale
from authority.showing import show_refusal
from cases.land import land_of
from cases.policies import role_titles
from parcels import services
from parcels.corners import corners_of
from parcels.models import Parcel, ParcelVersion
from parcels.policies import KEEPERS
from parcels.selectors import parcel_by_id
from ui.rail import stand_under
from workspace.book.acts import Ask, BookAct, acts, thing_of
from workspace.book.corners import CornersForm
from workspace.book.forms import ChangeForm, RegisterForm, facts_of, standing_of
from workspace.people import me

LIST = "/parcels/"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a parcel from the paper book."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, LIST)
    form = RegisterForm(request.POST) if request.method == "POST" else RegisterForm(initial=begun(request))
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            made = register(form, user)
        except Refusal as fault:
            refusal = fault
            show_refusal(fault, form)
        else:
            messages.success(request, _("The parcel is in the book under %(code)s.") % {"code": made.parcel_code})
            return redirect("workspace:parcel", made.pk)
    context = {"form": form, "refusal": refusal, "lacking": lacking(user)}
    return render(request, "workspace/book/new.html", context, status=refusal.status if refusal else 200)


def begun(request: HttpRequest) -> dict[str, Any]:
    """Return what another page hands on, and what is usual."""
    given = {name: value for name, value in request.GET.items() if name in RegisterForm.base_fields}
    return {
        "ownership_class": "STATE_PRIVATE",
        "land_use": "VACANT",
        "governing_area": "DEED",
        "confidence": "UNVERIFIED",
    } | given


def lacking(user: User) -> str:
    """Say who registers parcels, to somebody who does not."""
    return "" if scope_of(user).holds(KEEPERS) else _("Open to: %(roles)s.") % {"roles": role_titles(sorted(KEEPERS))}


def register(form: RegisterForm, user: User) -> Parcel:
    """Put the parcel into the book; raises what the form or the service refuses."""
    if not form.is_valid():
        raise Invalid("form_invalid", _("Some fields need another look."))
    said = form.cleaned_data
    return services.register_parcel(
        by=user, at=clock.now(), place=said["place"], custodian=said["custodian"], number=said["number"],
        legal_from=said["legal_from"], basis=said["basis"], facts=form.facts(),
        unified_property_no=said["unified_property_no"] or None,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, parcel_id: uuid.UUID, name: str) -> HttpResponse:
    """Show an act of the pen with its form, and do it; a refusal keeps what was typed."""
    user = me(request)
    parcel = parcel_by_id(parcel_id, user)
    stand_under(request, LIST)
    row = acts().get(name)
    thing = thing_of(row, parcel, request.GET.get("of", "")) if row else None
    if row is None or (row.of and thing is None):
        raise NotFound()
    version = standing_of(parcel)
    form = form_of(row, version, request)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            made = done(row, Ask(user, clock.now(), parcel, form, expected(request), thing))
        except NotFound:
            raise
        except Refusal as fault:
            refusal = fault
            show_refusal(fault, form)
        else:
            if row.follow is not None:
                return cast(HttpResponse, row.follow(request, made))
            messages.success(request, _("Done: %(act)s.") % {"act": row.title})
            return redirect("workspace:parcel", parcel.pk)
    parcel.refresh_from_db()
    context = {
        "row": row,
        "form": form,
        "refusal": refusal,
        "stale": isinstance(refusal, Stale),
        "parcel": parcel,
        "version": version,
        "thing": thing,
        "land_json": land_of(parcel, None).as_page() if drawn(form) else None,
        "lacking": lacks(row, parcel, user),
        "template": template_of(row),
    }
    return render(request, "workspace/book/act.html", context, status=refusal.status if refusal else 200)


def drawn(form: forms.Form) -> bool:
    """Say whether the form takes a shape drawn on the map."""
    return "geometry" in form.fields


def form_of(row: BookAct, version: ParcelVersion, request: HttpRequest) -> forms.Form:
    """Return the act's form, with what the book says in it."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if row.form is CornersForm:
        return CornersForm(data, files, points=corners_of(version))
    initial = facts_of(version) if row.form is ChangeForm else {"number": version.parcel.unified_property_no or ""}
    return row.form(data, files, initial=initial)


@transaction.atomic
def done(row: BookAct, ask: Ask) -> Any:
    """Do the act and return what it made; raises what stands against it."""
    if lacks(row, ask.parcel, ask.user):
        raise NotAllowed
    if not ask.form.is_valid():
        raise Invalid("form_invalid", _("Some fields need another look."))
    if ask.expected is None:
        raise Stale
    return row.do(ask)


def expected(request: HttpRequest) -> int | None:
    """Return the version of the parcel with which the page was opened."""
    text = request.POST.get("row_version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def lacks(row: BookAct, parcel: Parcel, user: User) -> str:
    """Say who may do it, to somebody who may not; '' where the person may."""
    if scope_of(user).allows(row.roles, parcel.place, parcel.custodian_id):
        return ""
    return _("Open to: %(roles)s.") % {"roles": role_titles(sorted(row.roles))}


def template_of(row: BookAct) -> str:
    """Return the part of the page that shows the act's form."""
    if row.form is CornersForm:
        return "workspace/book/corners.html"
    return "workspace/book/groups.html" if hasattr(row.form, "GROUPS") else "workspace/book/fields.html"
