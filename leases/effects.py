"""What follows an act on a lease, in the transaction of the act."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.refusal import Conflict, Invalid
from cases.models import Case
from cases.numbering import next_number
from cases.registry import Done
from leases.guards import lease_of, version_of
from leases.models import Lease
from leases.rent import Rent, RentError, by_area, lump_sum
from leases.terms import ONE_DAY
from parcels import services as parcels
from parcels.models import GoverningArea

CONTRACTS = "contract"


def governing_area(case: Case) -> Decimal | None:
    """Square metres that count for money: of the asset, else of the parcel's governing area."""
    if case.asset is not None:
        return case.asset.area_m2
    version = version_of(case)
    if version is None:
        return None
    by_survey = version.governing_area == GoverningArea.SURVEY
    return (version.survey_area_m2 if by_survey else version.deed_area_m2) or version.geom_area_m2


def agreed_rent(case: Case, *, rate: Decimal | None, lump: Decimal | None) -> Rent:
    """The rent from what the contract states; raises Invalid or Conflict."""
    area = governing_area(case)
    try:
        if rate is None:
            return lump_sum(amount=lump or Decimal(0))
        if area is None:
            raise Conflict("area_unknown", _("No governing area is recorded: a rate for a square metre gives no rent."))
        return by_area(rate=rate, area_m2=area)
    except RentError as fault:
        raise Invalid("rent_invalid", _("The rent has to be above zero."), field="rent") from fault


def draw_up(done: Done) -> None:
    """Number the contract, reckon the rent and hold the land: the database forbids a second tenure in the period."""
    case, lease, facts = done.case, lease_of(done.case), done.facts
    rent = agreed_rent(case, rate=facts.get("rate_per_m2"), lump=facts.get("rent"))
    year, number = next_number(series=CONTRACTS, governorate=case.governorate, at=done.at)
    lease.contract_number = f"ع/{year}/{number}"
    lease.starts_on = facts.get("starts_on") or lease.requested_from
    lease.ends_on = facts.get("ends_on") or lease.requested_to
    lease.rent, lease.rent_record = rent.amount, rent.as_json()
    lease.rent_period = facts.get("rent_period") or lease.rent_period
    lease.area_m2 = governing_area(case)
    lease.holding = parcels.place_holding(
        parcel=case.parcel if case.asset is None else None,
        asset=case.asset,
        kind=lease.tenure,
        start=lease.starts_on,
        last_day=lease.ends_on,
        party=case.party,
        area_m2=lease.area_m2,
        case_id=case.pk,
        reference=lease.contract_number,
        by=done.by,
        at=done.at,
    )
    lease.save()


def sign(done: Done) -> None:
    """Record the day of signature."""
    lease = lease_of(done.case)
    lease.signed_on = done.facts.get("signed_on") or clock.day_of(done.at)
    lease.save(update_fields=["signed_on"])


def end_tenure(done: Done) -> None:
    """End what the contract holds with the day of the act as its last."""
    lease = lease_of(done.case)
    last = clock.day_of(done.at)
    release(lease, last, done)
    if lease.ends_on and last < lease.ends_on:
        lease.ends_on = max(last, lease.starts_on or last)
    lease.save(update_fields=["ends_on", "holding"])


def annul(done: Done) -> None:
    """A contract withdrawn before it was signed never held the land."""
    lease = lease_of(done.case)
    if lease.starts_on is not None:
        release(lease, lease.starts_on - ONE_DAY, done)
        lease.save(update_fields=["holding"])


def release(lease: Lease, last: dt.date, done: Done) -> None:
    """End the holding with its last day; the book keeps the row that stood."""
    if lease.holding is not None:
        lease.holding = parcels.end_holding(holding=lease.holding, last_day=last, by=done.by, at=done.at)


EFFECTS = {
    "contract": (draw_up,),
    "activate": (sign,),
    "withdraw": (annul,),
    "rescind": (end_tenure,),
    "terminate": (end_tenure,),
}
