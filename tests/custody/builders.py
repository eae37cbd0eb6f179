"""Files of custody in one call."""

from __future__ import annotations

from typing import Any

from authority.models import Role
from cases import services as cases
from custody.models import CustodyFile
from custody.services import file_claim
from parcels.models import Parcel
from tests.authority.builders import make_custodian
from tests.cases import builders


def claim(parcel: Parcel | None = None, matter: str = "DISPUTE", **how: Any) -> CustodyFile:
    """A claim over a parcel, filed by a property officer."""
    said: dict[str, Any] = {"claimant": make_custodian("awqaf"), "grounds": "حجة وقف 1890"} | how
    by = said.pop("by", None) or builders.person(Role.PROPERTY_OFFICER)
    return file_claim(by=by, at=builders.NOON, parcel=parcel or builders.parcel(), matter=matter, **said)


def do(held: CustodyFile, act: str, role: str, **details: Any) -> CustodyFile:
    """Do an act on a file with its papers, by somebody of a role."""
    table = cases.workflow_of(held.case)
    facts: dict[str, Any] = {"at": builders.NOON, "papers": builders.papers(table.act(act)), "note": "السبب"}
    cases.perform(held.case_id, act, by=builders.person(role), **(facts | details))
    return CustodyFile.objects.select_related("case").get(pk=held.pk)
