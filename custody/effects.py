"""What follows an act on a file of custody, in the transaction of the act."""

from __future__ import annotations

from authority.clock import day_of
from cases.registry import Done
from custody.models import CustodyFile
from parcels.services import end_holding, transfer_custody


def remember_decree(done: Done) -> None:
    """Keep the decree with the file."""
    held = CustodyFile.objects.get(case=done.case)
    held.decree_no, held.decree_on = done.facts["decree_no"], done.facts["decree_on"]
    held.in_force_on, held.decided_for = done.facts["in_force_on"], held.claimant
    held.save(update_fields=["decree_no", "decree_on", "in_force_on", "decided_for"])


def write_custody(done: Done) -> None:
    """Name the new custodian in the book from the decree's day on, and end the dispute."""
    held = CustodyFile.objects.select_related("decided_for").get(case=done.case)
    parcel = done.case.parcel_id
    assert parcel and held.decided_for and held.in_force_on and held.decree_on  # noqa: S101, PT018 - decided before
    end_dispute(done)
    transfer_custody(
        by=done.by, at=done.at, parcel=parcel, custodian=held.decided_for, on=held.in_force_on,
        decree_no=held.decree_no, decree_on=held.decree_on, reason=done.case.number,
    )  # fmt: skip


def end_dispute(done: Done) -> None:
    """End what the file wrote on the parcel."""
    held = CustodyFile.objects.select_related("holding").get(case=done.case)
    if held.holding is not None and held.holding.in_book:
        held.holding = end_holding(by=done.by, at=done.at, holding=held.holding.pk, last_day=day_of(done.at))
        held.save(update_fields=["holding"])


EFFECTS = {
    "decide": (remember_decree,),
    "hand_over": (write_custody,),
    "dismiss": (end_dispute,),
    "settle": (end_dispute,),
}
