"""Pages of the reference: protection layers, control points, rules of law, names of places."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from authority import clock
from authority.models import Place, Role, User
from authority.moments import Moment, asked
from authority.policies import STAFF, STAFF_READ, require, scope_of
from authority.refusal import Invalid, NotFound, Refusal
from authority.selectors import chain_of, place_by_code
from authority.services import ALIAS_KEEPERS, name_place
from authority.showing import show_refusal
from law import registry, selectors, services
from law.days import waiting_holidays
from law.models import LegalRule
from law.policies import may_decide, may_propose
from parcels import screening
from parcels.models import ControlPoint
from parcels.selectors.points import control_point_by_id, control_points
from parcels.selectors.protection import layers_seen
from parcels.services import load_layer, register_control_point, visit_control_point
from parcels.services.points import CONTROL_KEEPERS
from parcels.services.protection import LOADERS
from parcels.services.protection_file import zones_of_file
from ui.rail import stand_under
from workspace.past import plainly
from workspace.people import me
from workspace.reference.forms import AliasForm, LayerForm, PointForm, RuleForm, VisitForm

ROOT = "/reference/"
Text = str | Promise


def attempt(form: forms.Form, act: Callable[[], Any]) -> Refusal | None:
    """Do an act with a valid form; return what was refused."""
    try:
        if not form.is_valid():
            raise Invalid("form_invalid", gettext_lazy("Some fields need another look."))
        act()
    except NotFound:
        raise
    except Refusal as fault:
        show_refusal(fault, form)
        return fault
    return None


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    """Render a page of the reference with its refusal."""
    stand_under(request, ROOT)
    status = refusal.status if refusal else 200
    return render(request, f"workspace/reference/{template}.html", context | {"refusal": refusal}, status=status)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the pages of the reference."""
    user = me(request)
    require(user, STAFF)
    return answer(
        request, "index", {"waiting": selectors.waiting().count(), "holidays_waiting": waiting_holidays().count()}
    )


# ---- protection layers -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def protection(request: HttpRequest) -> HttpResponse:
    """List the protection layers with their dates, and load one."""
    user = me(request)
    require(user, STAFF_READ)
    sent = request.method == "POST"
    form = LayerForm(request.POST, request.FILES) if sent else LayerForm(initial=home(user))
    refusal = attempt(form, lambda: loaded(form, user)) if sent else None
    if sent and refusal is None:
        messages.success(request, _("The layer is loaded; parcels have to be checked against it anew."))
        return redirect("workspace:protection")
    layers = list(layers_seen(user))
    there = {layer.code for layer in layers}
    missing = [title for code, title in screening.EXPECTED.items() if code not in there]
    context = {"form": form, "layers": layers, "missing": missing, "may_load": scope_of(user).holds(LOADERS)}
    return answer(request, "protection", context, refusal)


def home(user: User) -> dict[str, str]:
    """Return the governorate a person works in, where there is one."""
    codes = sorted(scope_of(user).governorates(LOADERS))
    return {"covers": codes[0]} if len(codes) == 1 else {}


def loaded(form: forms.Form, user: User) -> None:
    """Load the layer of the form."""
    require(user, LOADERS)
    said = form.cleaned_data
    covers = Place.objects.filter(code=said["covers"]).first() if said["covers"] else None
    require(user, LOADERS, place=covers)
    file: UploadedFile[Any] = said["file"]
    with NamedTemporaryFile(prefix="amlak-layer-", suffix=".bin") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        zones, crs = zones_of_file(Path(kept.name), file.name or "", crs=said["crs"], feature=said["feature"])
    load_layer(
        by=user, at=clock.now(), code=said["code"], name_ar=said["name_ar"], source=said["source"],
        dated_on=said["dated_on"], zones=zones, crs=crs, covers=covers,
    )  # fmt: skip


# ---- control points --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def points(request: HttpRequest) -> HttpResponse:
    """List the control points, and enter one."""
    user = me(request)
    require(user, STAFF_READ)
    sent = request.method == "POST"
    form = PointForm(request.POST) if sent else PointForm()
    refusal = attempt(form, lambda: entered(form, user)) if sent else None
    if sent and refusal is None:
        messages.success(request, _("The control point is entered."))
        return redirect("workspace:control_points")
    context = {"form": form, "points": control_points(user)[:500], "may": scope_of(user).holds(CONTROL_KEEPERS)}
    return answer(request, "points", context, refusal)


def entered(form: PointForm, user: User) -> None:
    """Enter the control point of the form."""
    names = ("name", "place", "crs", "east", "north")
    said = {name: form.cleaned_data[name] for name in names}
    register_control_point(by=user, at=clock.now(), card=form.card(), **said)


@require_http_methods(["GET", "HEAD", "POST"])
def point(request: HttpRequest, point_id: uuid.UUID) -> HttpResponse:
    """Show the card of a control point, and write what was found there."""
    user = me(request)
    found = control_point_by_id(point_id, user)
    sent = request.method == "POST"
    begun = {"condition": found.condition, "description": found.description, "visited_on": clock.today()}
    form = VisitForm(request.POST) if sent else VisitForm(initial=begun)
    refusal = attempt(form, lambda: visited(found, form, user)) if sent else None
    if sent and refusal is None:
        messages.success(request, _("The visit is recorded."))
        return redirect("workspace:control_point", found.pk)
    may = scope_of(user).allows(CONTROL_KEEPERS, found.place) and found.closed_on is None
    context = {"form": form, "point": found, "chain": chain_of(found.place), "may": may, "now": clock.now()}
    return answer(request, "point", context, refusal)


def visited(found: ControlPoint, form: VisitForm, user: User) -> None:
    """Write what was found at the point."""
    card = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    visit_control_point(by=user, at=clock.now(), point=found, card=card)


# ---- rules of law ----------------------------------------------------------------------------------------------------


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules of law, kind by kind, with their days; proposals first."""
    user = me(request)
    require(user, STAFF)
    if plain := plainly(request):
        return plain
    moment = asked(request.GET)
    by_kind = [(kind, [shown(rule) for rule in applied(kind.code, moment)]) for kind in registry.kinds()]
    waiting = [shown(rule) | {"may": may_decide(user, rule)} for rule in selectors.waiting()] if moment.is_now else []
    context = {"kinds": by_kind, "waiting": waiting, "may_propose": may_propose(user), "moment": moment}
    return answer(request, "rules", context)


def applied(code: str, moment: Moment) -> QuerySet[LegalRule]:
    """Return the rules of a code; where a day is asked, the one that applied on it, as the book of rules stood."""
    rows = selectors.rules(code, moment.known_at if moment.asked_book else None)
    return rows if moment.is_now else rows.filter(effective_range__contains=moment.on)


def shown(rule: LegalRule) -> dict[str, Any]:
    """Return a rule in words."""
    kind = registry.kind_of(rule.code)
    return {"rule": rule, "title": kind.title, "words": kind.explain(rule.params)}


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, rule_code: str) -> HttpResponse:
    """Propose what a rule says from a day on."""
    user = me(request)
    require(user, STAFF)
    kind = registry.kind_of(rule_code)
    now = selectors.find_rule(rule_code, clock.today())
    begun = {
        "params": json.dumps(now.params, ensure_ascii=False, indent=1) if now else "",
        "source": now.source if now else "",
    }
    sent = request.method == "POST"
    form = RuleForm(request.POST) if sent else RuleForm(initial=begun)
    refusal = (
        attempt(form, lambda: services.propose_rule(by=user, at=clock.now(), code=rule_code, **form.cleaned_data))
        if sent
        else None
    )
    if sent and refusal is None:
        messages.success(request, _("The rule is proposed; another person puts it in force."))
        return redirect("workspace:rules")
    words = kind.explain(now.params) if now else []
    return answer(request, "propose", {"kind": kind, "form": form, "words": words, "may": may_propose(user)}, refusal)


@require_http_methods(["POST"])
def decide(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Put a proposal in force, or refuse it with a reason."""
    user = me(request)
    require(user, STAFF)
    rule = selectors.waiting().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound()
    if request.POST.get("act") == "enforce":
        services.enforce_rule(by=user, at=clock.now(), rule=rule)
        messages.success(request, _("The rule is in force."))
    else:
        services.refuse_rule(by=user, at=clock.now(), rule=rule, reason=request.POST.get("reason", ""))
        messages.success(request, _("The proposal is refused."))
    return redirect("workspace:rules")


# ---- names of places -------------------------------------------------------------------------------------------------


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Find a place, to see and keep its other names."""
    user = me(request)
    require(user, STAFF)
    code = request.GET.get("place", "")[:24]
    if code and Place.objects.filter(code=code).exists():
        return redirect("workspace:place", code)
    named = Place.objects.exclude(aliases=[]).defer("geom", "geom_3857").select_related("parent")[:200]
    return answer(request, "places", {"named": named})


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Show a place with its other names, and change them."""
    user = me(request)
    require(user, STAFF)
    found = place_by_code(code)
    sent = request.method == "POST"
    form = AliasForm(request.POST) if sent else AliasForm(initial={"aliases": "\n".join(found.aliases)})
    refusal = (
        attempt(
            form,
            lambda: name_place(by=user, at=clock.now(), place=found, aliases=form.cleaned_data["aliases"].splitlines()),
        )
        if sent
        else None
    )
    if sent and refusal is None:
        messages.success(request, _("The names are recorded; the search knows them."))
        return redirect("workspace:place", found.code)
    may = scope_of(user).allows(ALIAS_KEEPERS, found) or scope_of(user).holds({Role.ADMIN})
    context = {"place": found, "chain": chain_of(found), "form": form, "may": may}
    return answer(request, "place", context, refusal)
