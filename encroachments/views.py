"""What a drawn shape takes of the land, before anything is written."""

from __future__ import annotations

from typing import Any

import shapely
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from authority.models import User
from authority.policies import STAFF_READ, require
from authority.refusal import Refusal
from cases import doors
from cases.forms import GeoJSONField
from cases.land import land_of
from encroachments.forms import AREAS
from encroachments.measuring import FOR_ORDERS, USUAL_SIGMA_M, ShapeError, measure
from encroachments.selectors import working_srid
from ui.forms import DecimalField

DRAWN = "SKETCH"


@require_POST
@login_required
def measured(request: HttpRequest) -> HttpResponse:
    """Say area and overlap of a shape with a parcel; nothing is written, a fault is said in words."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    require(user, STAFF_READ)
    context: dict[str, Any] = {}
    try:
        context = figures(request, user)
    except (ValidationError, ShapeError, Refusal) as fault:
        context["fault"] = " ".join(fault.messages) if isinstance(fault, ValidationError) else str(fault)
    return render(request, "encroachments/parts/measured.html", context)


def figures(request: HttpRequest, user: User) -> dict[str, Any]:
    """The figures of the shape that was sent."""
    shape = GeoJSONField(kinds=("Point", *AREAS)).clean(request.POST.get("geometry", ""))
    land = land_of(doors.parcel_of(user, request.POST.get("parcel")), doors.asset_of(user, request.POST.get("asset")))
    outline = land.shape
    if shape.geom_type == "Point":
        return {"point": True, "lon": shape.x, "lat": shape.y, "inside": outline.covers(shape) if outline else None}
    method = request.POST.get("method", "")
    method = method if method in USUAL_SIGMA_M else DRAWN
    found = measure(
        shape=shapely.from_wkb(bytes(shape.wkb)),
        parcel=shapely.from_wkb(bytes(outline.wkb)) if outline is not None and outline.area else None,
        srid=working_srid(land.version.place.governorate_code if land.version else "", shape),
        sigma_m=sigma(request, method),
    )
    return {"found": found, "triage": method not in FOR_ORDERS, "outside": found.inside_m2 == 0}


def sigma(request: HttpRequest, method: str) -> float:
    """The error of a corner, as given or usual for the method."""
    said = DecimalField(required=False).clean(request.POST.get("point_sigma_m", ""))
    return float(said) if said and 0 < said <= 100 else USUAL_SIGMA_M[method]
