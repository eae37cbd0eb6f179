"""Pages of assets: the asset with its units as a table and a stacked picture; registering, changing, closing."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from authority import clock
from authority.models import User
from authority.policies import STAFF_READ, require
from authority.refusal import Invalid, Stale
from cases.land import land_of
from parcels import services
from parcels.models import Asset, Holding, Parcel
from parcels.policies import assets_visible_to, may_keep
from parcels.selectors import parcel_by_id
from parcels.selectors.book import asset_by_id
from tiles.selectors import home_of
from ui.rail import stand_under
from workspace.assets.forms import AssetForm, ChangeAssetForm, CloseAssetForm, UnitsForm
from workspace.assets.stack import stacked
from workspace.book.views import expected
from workspace.people import me
from workspace.reference.views import attempt

LIST = "/parcels/"


@require_safe
def asset(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Show an asset: what it is, who holds it, its units."""
    user = me(request)
    stand_under(request, LIST)
    found = asset_by_id(asset_id, user)
    units = list(assets_visible_to(user, found.units.filter(closed_on=None)).defer("geom", "geom_3857"))
    held = holders([found.pk, *(unit.pk for unit in units)])
    rows = [(unit, held.get(unit.pk, [])) for unit in in_order(units)]
    context = {
        "asset": found, "rows": rows, "held": held.get(found.pk, []), "stack": stacked(units), "sums": sums(units),
        "may_keep": may_keep(user, found), "today": clock.today(), "now": clock.now(),
    }  # fmt: skip
    return render(request, "workspace/assets/asset.html", context)


def in_order(units: list[Asset]) -> list[Asset]:
    """Return units as one walks up: floor by floor, by number."""
    return sorted(units, key=lambda one: (one.floor is None, one.floor or 0, len(one.unit_no), one.unit_no))


def holders(keys: list[uuid.UUID]) -> dict[uuid.UUID, list[Holding]]:
    """Return who holds each asset today."""
    rows = Holding.objects.filter(asset_id__in=keys, in_book=True, legal_range__contains=clock.today())
    found: dict[uuid.UUID, list[Holding]] = {}
    for row in rows.select_related("party").order_by("-exclusive"):
        if row.asset_id is not None:
            found.setdefault(row.asset_id, []).append(row)
    return found


def sums(units: list[Asset]) -> dict[str, Any]:
    """Return how many units there are, how many free, and their area together."""
    areas = [unit.area_m2 for unit in units if unit.area_m2 is not None]
    return {
        "units": len(units),
        "free": sum(unit.status == "FREE" for unit in units),
        "area_m2": sum(areas) if areas else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register an asset, on a parcel or alone."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, LIST)
    named = request.POST.get("parcel") or request.GET.get("parcel") or ""
    parcel = parcel_by_id(as_uuid(named), user) if named else None
    sent = request.method == "POST"
    form = AssetForm(request.POST) if sent else AssetForm(initial={"registered_on": clock.today()})
    made: list[Asset] = []
    refusal = attempt(form, lambda: made.append(registered(form, parcel, user))) if sent else None
    if made:
        messages.success(request, _("It is in the book under %(code)s.") % {"code": made[0].asset_code})
        return redirect("workspace:asset", made[0].pk)
    land = land_of(parcel, None)
    page = land.as_page() if land.shape else land.as_page() | {"bounds": home_of(user, "parcels")}
    context = {"form": form, "parcel": parcel, "refusal": refusal, "land_json": page}
    return render(request, "workspace/assets/new.html", context, status=refusal.status if refusal else 200)


def as_uuid(text: str) -> uuid.UUID:
    """Read an id; raises Invalid."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid("bad_id", gettext_lazy("This is no identifier.")) from None


def registered(form: AssetForm, parcel: Parcel | None, user: User) -> Asset:
    """Put the asset into the book; it lies where its parcel is unless a place of its own is said."""
    said = form.cleaned_data
    place, custodian = said["place"], said["custodian"]
    if parcel is not None:
        place, custodian = place or parcel.place, custodian or parcel.custodian
    if place is None or custodian is None:
        raise Invalid(
            "asset_nowhere", gettext_lazy("Say the place and the custodian, or open it from a parcel."), field="place"
        )
    facts = {name: said[name] for name in ("street", "building_no", "area_m2") if said[name] not in ("", None)}
    return services.register_asset(
        by=user, at=clock.now(), kind=said["kind"], name_ar=said["name_ar"], place=place, custodian=custodian,
        registered_on=said["registered_on"], parcel=parcel, geom=said["geometry"], facts=facts,
    )  # fmt: skip


FORMS: dict[str, tuple[Any, type[forms.Form]]] = {
    "units": (gettext_lazy("Register units"), UnitsForm),
    "change": (gettext_lazy("Change what is said"), ChangeAssetForm),
    "close": (gettext_lazy("End the asset"), CloseAssetForm),
}


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, asset_id: uuid.UUID, name: str) -> HttpResponse:
    """Register units, change or end an asset."""
    user = me(request)
    stand_under(request, LIST)
    found = asset_by_id(asset_id, user)
    if name not in FORMS:
        raise Invalid("act_unknown", gettext_lazy("Choose what to do."))
    title, made = FORMS[name]
    sent = request.method == "POST"
    form = made(request.POST) if sent else made(initial=begun(found))
    refusal = attempt(form, lambda: done(name, found, form, expected(request), user)) if sent else None
    if sent and refusal is None:
        messages.success(request, _("Done: %(act)s.") % {"act": title})
        return redirect("workspace:asset", found.pk)
    found.refresh_from_db()
    context = {
        "form": form, "asset": found, "title": title, "refusal": refusal, "stale": isinstance(refusal, Stale),
        "may": may_keep(user, found),
    }  # fmt: skip
    return render(request, "workspace/assets/act.html", context, status=refusal.status if refusal else 200)


def begun(found: Asset) -> dict[str, Any]:
    """Return what the book says of the asset, as the forms show it."""
    names = ("name_ar", "floor", "unit_no", "street", "building_no", "area_m2")
    return {name: getattr(found, name) for name in names} | {"registered_on": clock.today(), "on": clock.today()}


@transaction.atomic
def done(name: str, found: Asset, form: forms.Form, version: int | None, user: User) -> None:
    """Do the act; raises what the services refuse."""
    if version is None or version != found.row_version:
        raise Stale
    said = form.cleaned_data
    if name == "units":
        services.register_units(by=user, at=clock.now(), building=found, **said)
    elif name == "change":
        services.change_asset(by=user, at=clock.now(), asset=found, name_ar=said.pop("name_ar"), facts=said)
    else:
        services.close_asset(by=user, at=clock.now(), asset=found, on=said["on"], reason=said["reason"])
