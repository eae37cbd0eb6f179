"""Leases in one call."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from authority.models import Role, User
from cases import services as cases
from leases import services
from leases.models import Lease
from parcels.models import Parcel
from tests.cases import builders

FIRST, LAST = dt.date(2027, 1, 1), dt.date(2029, 12, 31)


def application(parcel: Parcel | None = None, by: User | None = None, **details: Any) -> Lease:
    """An application for a parcel, recorded by a property officer."""
    facts: dict[str, Any] = {
        "party": builders.party(),
        "purpose": "مشتل",
        "requested_from": FIRST,
        "requested_to": LAST,
        "at": builders.NOON,
    }
    return services.submit_application(
        by=by or builders.person(Role.PROPERTY_OFFICER), parcel=parcel or builders.parcel(), **(facts | details)
    )


def do(lease: Lease, act: str, role: str, *, by: User | None = None, **details: Any) -> Lease:
    """Do an act on a lease with its papers, by somebody of a role."""
    table = cases.workflow_of(lease.case)
    facts: dict[str, Any] = {"at": builders.NOON, "papers": builders.papers(table.act(act)), "note": "السبب"}
    cases.perform(lease.case_id, act, by=by or builders.person(role), **(facts | details))
    return Lease.objects.get(pk=lease.pk)


def contracted(parcel: Parcel | None = None, first: dt.date = FIRST, last: dt.date = LAST, **details: Any) -> Lease:
    """A lease with a contract that holds the land."""
    lease = application(parcel, requested_from=first, requested_to=last, **details)
    at = details.get("at", builders.NOON)
    lease = do(lease, "inspect", Role.INSPECTOR, at=at)
    lease = do(lease, "approve", Role.GOVERNOR, at=at)
    return do(lease, "contract", Role.LEGAL_OFFICER, at=at, facts={"rate_per_m2": Decimal("2.5")})


def active(parcel: Parcel | None = None, first: dt.date = FIRST, last: dt.date = LAST, **details: Any) -> Lease:
    """A lease in force."""
    lease = contracted(parcel, first, last, **details)
    return do(lease, "activate", Role.DISTRICT_HEAD, at=details.get("at", builders.NOON))
