"""The page on which the rights of others are looked through: in a place, an office, on a parcel, on a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from authority import audit, clock
from authority.keeping import access, effects
from authority.keeping.access import Line, Target
from authority.models import Office, Place, User
from authority.policies import require
from authority.refusal import Invalid, NotFound, Refusal
from authority.selectors import place_by_code
from cases.doors import as_uuid
from cases.selectors import case_by_id
from parcels.selectors import parcel_by_id
from ui import sheets
from workspace.people import me

EXPORTED = "workspace.access_exported"
MOST_ACTS = 60


@dataclass(frozen=True)
class Asked:
    """What is asked about, in words and as the target of the question."""

    title: str
    target: Target
    place: Place | None  # whose review is recorded from here


def asked_about(request: HttpRequest, user: User) -> Asked | None:
    """Return what the address names; None where it names nothing. Raises NotFound, Invalid."""
    given = {name: request.GET.get(name, "").strip()[:64] for name in ("place", "office", "parcel", "case")}
    found = _asked(given, user)
    if found is not None and not access.may_review(user, found.target.path):
        raise NotFound
    return found


def _asked(given: dict[str, str], user: User) -> Asked | None:
    if code := given["place"]:
        place = place_by_code(code)
        return Asked(str(place), Target(place.path), place)
    if code := given["office"]:
        office = Office.objects.select_related("place").filter(code=code).first()
        if office is None:
            raise NotFound
        return Asked(str(office), Target(office.place.path if office.place else "", office.custodian_id), None)
    if number := given["parcel"]:
        parcel = parcel_by_id(as_uuid(number, "parcel"), user)
        return Asked(parcel.parcel_code, Target(parcel.place.path, parcel.custodian_id, whole=False), None)
    if number := given["case"]:
        case = case_by_id(as_uuid(number, "case"), user)
        return Asked(str(case), Target(case.place.path, case.custodian_id, whole=False, files=case.kind), None)
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Show who reaches what is asked about; the forms record a review, or take the list out as a workbook."""
    user, at = me(request), clock.now()
    if not user.is_superuser:
        require(user, access.REVIEWERS)
    asked = asked_about(request, user)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return _done(request, asked, user)
        except NotFound:
            raise
        except Refusal as fault:
            refusal = fault
    lines = access.lines_of(asked.target, clock.day_of(at)) if asked else []
    place = asked.place if asked else None
    context: dict[str, Any] = {
        "asked": asked, "lines": lines, "people": len({line.person.pk for line in lines}), "refusal": refusal,
        "roles": [(title, effects.acts_of({role})[:MOST_ACTS]) for role, title in _roles(lines)],
        "reviews": access.reviews_of(place)[:10] if place else [], "due": place and access.is_due(place, at),
        "places": Place.objects.filter(kind=Place.Kind.GOVERNORATE).defer("geom", "geom_3857") if not asked else [],
    }  # fmt: skip
    return render(request, "workspace/access/review.html", context, status=refusal.status if refusal else 200)


def _roles(lines: list[Line]) -> list[tuple[str, str]]:
    return sorted({(line.role, line.role_title) for line in lines})


def _done(request: HttpRequest, asked: Asked | None, user: User) -> HttpResponse:
    """Record a review, or hand out the list."""
    act = request.POST.get("act", "")
    if asked is not None and act == "export":
        return workbook(asked, user)
    if asked is not None and asked.place is not None and act == "review":
        access.record_review(place=asked.place, note=request.POST.get("note", ""), by=user, at=clock.now())
        messages.success(request, _("The review is recorded."))
        return redirect(f"{reverse('workspace:access')}?place={asked.place.code}")
    raise Invalid("unknown_act", _("Say of which place a review is recorded."))


@transaction.atomic
def workbook(asked: Asked, user: User) -> HttpResponse:
    """Return the list as a workbook; that it was taken out is recorded."""
    at = clock.now()
    lines = access.lines_of(asked.target, clock.day_of(at))
    heads = (
        _("Person"), _("User name"), _("Role"), _("Office"), _("From"), _("To"), _("On behalf of"), _("Decree"),
        _("Only a part"),
    )  # fmt: skip
    rows = [
        (
            str(line.person), line.person.username, line.role_title, line.office, str(line.starts_on),
            str(line.ends_on or ""), str(line.giver or ""), line.decree, _("yes") if line.part else "",
        )
        for line in lines
    ]  # fmt: skip
    codes = asked.target.path[:2]
    audit.record(EXPORTED, by=user, at=at, governorate=codes, detail={"about": asked.title, "rows": len(lines)})
    return sheets.answer("access.xlsx", _("Access"), heads, rows)
