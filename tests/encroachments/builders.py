"""Encroachments in one call."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Polygon

from authority.models import Role, User
from cases import services as cases
from encroachments import services
from encroachments.models import Encroachment
from parcels.models import Parcel
from tests.cases import builders

# Half inside the builder's square parcel.
OVER_THE_EDGE = Polygon.from_bbox((32.2705, 30.6004, 32.2715, 30.6006))
OVER_THE_EDGE.srid = 4326


def reported(parcel: Parcel | None = None, by: User | None = None, **details: Any) -> Encroachment:
    """A report on a parcel."""
    facts: dict[str, Any] = {"at": builders.NOON, "works": Encroachment.Works.WALL}
    return services.report(
        by=by or builders.person(Role.PROPERTY_OFFICER), parcel=parcel or builders.parcel(), **(facts | details)
    )


def do(encroachment: Encroachment, act: str, role: str, *, by: User | None = None, **details: Any) -> Encroachment:
    """Do an act on an encroachment with its papers, by somebody of a role."""
    table = cases.workflow_of(encroachment.case)
    facts: dict[str, Any] = {"at": builders.NOON, "papers": builders.papers(table.act(act)), "note": "السبب"}
    cases.perform(encroachment.case_id, act, by=by or builders.person(role), **(facts | details))
    return Encroachment.objects.get(pk=encroachment.pk)


def inspected(parcel: Parcel | None = None, method: str = "GNSS_RTK", **details: Any) -> Encroachment:
    """An encroachment that was measured."""
    facts = {"geometry": OVER_THE_EDGE, "method": method} | details
    return do(reported(parcel), "inspect", Role.INSPECTOR, facts=facts)


def confirmed(parcel: Parcel | None = None, **details: Any) -> Encroachment:
    """An encroachment that the head of the district confirmed."""
    return do(inspected(parcel, **details), "confirm", Role.DISTRICT_HEAD)


def drafted(parcel: Parcel | None = None, **details: Any) -> Encroachment:
    """An encroachment with a drafted order."""
    facts = {"legal_basis": "L43_1979_26", "period_days": 15}
    return do(confirmed(parcel, **details), "draft_order", Role.LEGAL_OFFICER, facts=facts)


def issued(parcel: Parcel | None = None) -> Encroachment:
    """An encroachment with an order in force."""
    return do(drafted(parcel), "issue_order", Role.GOVERNOR)


def notified(parcel: Parcel | None = None) -> Encroachment:
    """An encroachment whose order was served."""
    return do(issued(parcel), "notify", Role.DISTRICT_HEAD)
