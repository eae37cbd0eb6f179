"""The yearly inventory: freeze, check, difference, sign."""

from __future__ import annotations

import csv
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authority import clock
from authority.models import User
from authority.policies import STAFF_READ, require, scope_of
from authority.refusal import Refusal
from parcels.models import Inventory, InventoryLine, LandUse, OwnershipClass, Status
from parcels.policies import KEEPERS
from parcels.selectors.work import counts, differences, inventories_visible_to, inventory_by_id, line_by_id
from parcels.services import check_line, freeze_inventory, sign_inventory
from parcels.services.inventory import COUNTERS, SIGNERS
from ui.forms import DayField, IntegerField
from ui.rail import stand_under
from workspace.book.fields import AreaField, PlaceField
from workspace.book.forms import optional
from workspace.people import me
from workspace.reference.views import attempt

PAGE = 50
LIST = "/inventory/"


class FreezeForm(forms.Form):
    """An inventory to begin."""

    place = PlaceField(label=gettext_lazy("Place"))
    year = IntegerField(label=gettext_lazy("Year"), min_value=1900, max_value=2200)
    as_of = DayField(label=gettext_lazy("As of"), help_text=gettext_lazy("Usually 30 June, the end of the fiscal year"))


class LineForm(forms.Form):
    """What was found of a parcel."""

    finding = forms.ChoiceField(
        label=gettext_lazy("Found"), choices=InventoryLine.Finding.choices[1:], widget=forms.RadioSelect
    )
    found_use = forms.ChoiceField(
        label=gettext_lazy("Land use as found"), choices=lambda: optional(LandUse.choices), required=False
    )
    found_status = forms.ChoiceField(
        label=gettext_lazy("Status as found"), choices=lambda: optional(Status.choices), required=False
    )
    found_area_m2 = AreaField(label=gettext_lazy("Area as found"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def inventories(request: HttpRequest) -> HttpResponse:
    """List the inventories, and begin one."""
    user = me(request)
    require(user, STAFF_READ)
    sent = request.method == "POST"
    today = clock.today()
    form = FreezeForm(request.POST) if sent else FreezeForm(initial={"year": today.year, "as_of": today})
    made: list[Inventory] = []

    def freeze() -> None:
        made.append(freeze_inventory(by=user, at=clock.now(), **form.cleaned_data))

    refusal = attempt(form, freeze) if sent else None
    if made:
        messages.success(request, _("The inventory is frozen; it can be checked line by line."))
        return redirect("workspace:inventory", made[0].pk)
    found = inventories_visible_to(user, Inventory.objects.all()).select_related("place", "frozen_by", "signed_by")
    rows = [(one, counts(one)) for one in found.order_by("-year", "place__path")[:100]]
    context = {"form": form, "rows": rows, "may_freeze": scope_of(user).holds(KEEPERS), "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "workspace/upkeep/inventories.html", context, status=status)


@require_safe
def inventory(request: HttpRequest, inventory_id: uuid.UUID) -> HttpResponse:
    """Show an inventory: its lines by what was found, its figures, who signs."""
    user = me(request)
    stand_under(request, LIST)
    found = inventory_by_id(inventory_id, user)
    finding = request.GET.get("finding", "")
    lines = found.lines.select_related("place", "checked_by").order_by("place__path", "number", "pk")
    lines = lines.defer("place__geom", "place__geom_3857")
    if finding in InventoryLine.Finding.values:
        lines = lines.filter(finding=finding)
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    return render(request, "workspace/upkeep/inventory.html", shown(found, user) | {"page": page, "finding": finding})


def shown(found: Inventory, user: User) -> dict[str, Any]:
    """Return the head of an inventory's pages."""
    scope, told = scope_of(user), counts(found)
    signing = scope.allows(SIGNERS, found.place) and found.frozen_by_id != user.pk and found.signed_at is None
    return {
        "inventory": found,
        "counts": [(code, label, told[code]) for code, label in InventoryLine.Finding.choices],
        "left": told[InventoryLine.Finding.UNCHECKED],
        "may_count": scope.allows(COUNTERS, found.place) and found.signed_at is None,
        "may_sign": signing,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, inventory_id: uuid.UUID, line_id: int) -> HttpResponse:
    """Check one line."""
    user = me(request)
    stand_under(request, LIST)
    found = inventory_by_id(inventory_id, user)
    held = line_by_id(found, line_id)
    sent = request.method == "POST"
    names = ("finding", "found_use", "found_status", "found_area_m2", "note")
    form = LineForm(request.POST) if sent else LineForm(initial={name: getattr(held, name) for name in names})
    refusal = attempt(form, lambda: checked(held, form, user)) if sent else None
    if sent and refusal is None:
        after = (
            found.lines.filter(finding=InventoryLine.Finding.UNCHECKED).order_by("place__path", "number", "pk").first()
        )
        messages.success(request, _("The line is checked."))
        if after is not None:
            return redirect("workspace:inventory_line", found.pk, after.pk)
        return redirect("workspace:inventory", found.pk)
    context = shown(found, user) | {"line": held, "form": form, "refusal": refusal, "said": said(held)}
    return render(request, "workspace/upkeep/line.html", context, status=refusal.status if refusal else 200)


def said(held: InventoryLine) -> list[tuple[str, Any]]:
    """Return what the book said when it was frozen, in words."""
    return [
        (_("Class of property"), OwnershipClass(held.ownership_class).label),
        (_("Land use"), LandUse(held.land_use).label),
        (_("Status"), Status(held.status).label),
        (_("Custodian"), held.custodian_code),
    ]


def checked(held: InventoryLine, form: forms.Form, user: User) -> None:
    """Write what was found."""
    known = form.cleaned_data
    found = {name: known[name] for name in ("found_use", "found_status", "found_area_m2") if known.get(name)}
    check_line(by=user, at=clock.now(), line=held, finding=known["finding"], found=found, note=known.get("note", ""))


@require_POST
def sign(request: HttpRequest, inventory_id: uuid.UUID) -> HttpResponse:
    """Sign an inventory."""
    user = me(request)
    found = inventory_by_id(inventory_id, user)
    try:
        sign_inventory(by=user, at=clock.now(), inventory=found)
        messages.success(request, _("The inventory is signed."))
    except Refusal as fault:
        if fault.status in (403, 404):
            raise
        messages.error(request, str(fault.detail))
    return redirect("workspace:inventory", found.pk)


@require_safe
def difference(request: HttpRequest, inventory_id: uuid.UUID) -> HttpResponse:
    """Give the lines that do not agree, as a table for the office (CSV, UTF-8 with BOM)."""
    found = inventory_by_id(inventory_id, me(request))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="inventory-{found.year}-{found.place.code}.csv"'
    answer.write("\ufeff")
    table = csv.writer(answer)
    table.writerow([_("Place"), _("Parcel"), _("Found"), _("Land use"), _("Land use as found"), _("Status"),
                    _("Status as found"), _("Area, m²"), _("Area as found"), _("Note"), _("Checked by")])  # fmt: skip
    for row in differences(found):
        table.writerow(
            [plain(cell) for cell in (
                row.place, row.number, row.get_finding_display(), LandUse(row.land_use).label,
                LandUse(row.found_use).label if row.found_use else "", Status(row.status).label,
                Status(row.found_status).label if row.found_status else "", row.area_m2, row.found_area_m2, row.note,
                row.checked_by,
            )]
        )  # fmt: skip
    return answer


def plain(cell: Any) -> str:
    """Return a cell that no table program takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
