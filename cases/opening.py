"""The page on which a file is opened: the land, the register's form, the party found or entered anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from authority import clock
from authority.models import User
from authority.policies import scope_of
from authority.refusal import Invalid, Refusal
from authority.showing import show_refusal
from cases import doors
from cases.forms import drawn
from cases.land import Land, land_of
from cases.policies import role_titles, standing
from cases.registry import KindOfCase, act_title, kind_of, state_title
from parties.models import Party
from parties.selectors import parties
from tiles.selectors import home_of
from ui.digits import to_latin

MOST_PARTIES = 8
PICKED = frozenset({"parcel", "asset", "party", "prior"})
LEAST_LETTERS = 2


def page(request: HttpRequest, kind: str, user: User) -> HttpResponse:
    """Show the page, or open the file from what was sent; what was typed stands again beside a refusal."""
    declared = kind_of(kind)
    asked = request.POST if request.method == "POST" else request.GET
    land = land_of(doors.parcel_of(user, asked.get("parcel")), doors.asset_of(user, asked.get("asset")))
    made = declared.opening_form or forms.Form
    finding = "find" in request.POST
    if request.method != "POST":
        form, refusal = made(initial=initial_of(request)), None
    elif finding:
        form, refusal = made(initial=request.POST.dict()), None
    else:
        form, refusal, case = try_opening(declared, made, request, user)
        if case is not None:
            return redirect("cases:case", case.pk)
    context = context_of(declared, form, land, request, user) | {"refusal": refusal}
    return render(request, "cases/open.html", context, status=refusal.status if refusal else 200)


def try_opening(
    declared: KindOfCase, made: type[forms.Form], request: HttpRequest, user: User
) -> tuple[forms.Form, Refusal | None, Any]:
    """Open the file; the form with its faults where it is refused."""
    form = made(request.POST)
    if not form.is_valid():
        return form, Invalid(message=_("Some fields need another look.")), None
    if declared.opener is None:
        return form, Invalid("not_opened_here", _("Files of this kind are not opened here.")), None
    try:
        return form, None, declared.opener(by=user, at=clock.now(), data=sent(request, made))
    except Refusal as refusal:
        show_refusal(refusal, form)
        return form, refusal, None


def sent(request: HttpRequest, made: type[forms.Form]) -> dict[str, Any]:
    """Return what the form and the picking of land and party sent; the page's own fields stay behind."""
    known = {*made.base_fields, *PICKED}
    return {name: value for name, value in request.POST.items() if name in known and value != ""}


def initial_of(request: HttpRequest) -> dict[str, Any]:
    """What the map or another page hands on."""
    given = {name: value for name, value in request.GET.items() if name not in {"parcel", "asset", "geom"}}
    shape = drawn(request.GET.get("geom", ""))
    return given | ({"geometry": shape} if shape else {})


def found_parties(text: str, user: User) -> list[Party]:
    """The parties whose name holds the words; none for fewer than two letters."""
    words = text.strip()[:100]
    if len(words) < LEAST_LETTERS or "\x00" in words:
        return []
    return list(parties(user, name=words).order_by("name_ar")[:MOST_PARTIES])


def chosen_party(request: HttpRequest, user: User) -> Party | None:
    """The party that is chosen already."""
    value = request.POST.get("party") or request.GET.get("party")
    try:
        return parties(user).filter(pk=doors.as_uuid(value, "party")).first() if value else None
    except Invalid:
        return None


def context_of(declared: KindOfCase, form: forms.Form, land: Land, request: HttpRequest, user: User) -> dict[str, Any]:
    """What the page shows."""
    words = to_latin(request.POST.get("party_q", "") or request.GET.get("party_q", ""))
    return {
        "kind": declared,
        "title": act_title(declared.kind, declared.workflow.opening.name),
        "form": form,
        "land": land,
        "land_json": land.as_page() if land.shape else land.as_page() | {"bounds": home_of(user, "parcels")},
        "finds_party": "party_name" in form.fields,
        "party_q": words,
        "parties": found_parties(words, user),
        "searched": len(words.strip()) >= LEAST_LETTERS,
        "party": chosen_party(request, user),
        "lacking": lacking(declared, land, user),
        "needs_land": "geometry" not in form.fields,
        "way": [state_title(declared.kind, name) for name in declared.workflow.track],
        "prior": request.POST.get("prior") or request.GET.get("prior") or "",
    }


def lacking(declared: KindOfCase, land: Land, user: User) -> str:
    """Why this person may not open it here; '' when he may."""
    opening, scope = declared.workflow.opening, scope_of(user)
    thing = land.asset or land.parcel
    if thing is None:
        may = scope.holds(opening.by) or scope.lent(declared.kind).holds(opening.by)
    else:
        may = bool(
            standing(
                act=opening, kind=declared.kind, place=thing.place, custodian_id=thing.custodian_id,
                by=user, scope=scope,
            )
        )  # fmt: skip
    return "" if may else _("This act belongs to: %(roles)s.") % {"roles": role_titles(opening.by)}
