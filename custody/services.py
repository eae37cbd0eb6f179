"""Every write of custody files; acts on a running file go through `cases.services.perform`."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority.clock import day_of
from authority.models import Custodian, User
from authority.refusal import Conflict, Invalid
from cases import services as cases
from custody.models import CustodyFile
from parcels.models import Holding, Parcel
from parcels.services import place_holding

Matter = CustodyFile.Matter


@transaction.atomic
def file_claim(
    *, by: User, at: dt.datetime, parcel: Parcel, matter: str, claimant: Custodian, grounds: str, note: str = ""
) -> CustodyFile:
    """File a transfer or a dispute of custody; a dispute is written on the parcel while it runs.

    Raise Invalid `grounds_missing`, `matter_unknown`, Conflict `custodian_same`, `custody_file_open`, and what the
    docket refuses.
    """
    if matter not in Matter.values:
        raise Invalid("matter_unknown", _("A file of custody is a transfer or a dispute."), field="matter")
    if not grounds.strip():
        raise Invalid("grounds_missing", _("Say on what the claim rests."), field="grounds")
    if claimant.pk == parcel.custodian_id:
        raise Conflict("custodian_same", _("%(custodian)s has custody on that day already."), custodian=str(claimant))
    open_ones = CustodyFile.objects.filter(case__parcel=parcel, case__closed_at=None)
    if (standing := open_ones.select_related("case").first()) is not None:
        raise Conflict(
            "custody_file_open", _("File %(number)s on this custody is still open."), number=standing.case.number
        )
    facts = {"matter": matter, "claimant": claimant.code, "grounds": grounds}
    case = cases.open_case(kind="custody", by=by, at=at, parcel=parcel, facts=facts, note=note)
    made = CustodyFile(
        case=case, matter=matter, holder_id=parcel.custodian_id, claimant=claimant, grounds=grounds.strip()[:300]
    )
    if matter == Matter.DISPUTE:
        made.holding = place_holding(
            by=by, at=at, kind=Holding.Kind.DISPUTE, start=day_of(at), parcel=parcel, case_id=case.pk,
            reference=case.number,
        )  # fmt: skip
    made.save(force_insert=True)
    return made
