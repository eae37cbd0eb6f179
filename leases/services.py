"""Every write of leases; acts on a running file go through `cases.services.perform`."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import User
from authority.refusal import Invalid, Refusal
from cases import services as cases
from cases.models import Case
from leases.models import Lease
from parcels.models import Asset, Holding, Parcel
from parties.models import Party
from parties.services import register_party

TENURES = {
    Holding.Kind.LEASE,
    Holding.Kind.USUFRUCT,
    Holding.Kind.USE_LICENCE,
    Holding.Kind.LEASE_TO_OWN,
}
FIRST_YEAR, LAST_YEAR = 1900, 2200
RUNNING = ("ACTIVE", "VIOLATION_NOTED", "NOTICE")


@transaction.atomic
def submit_application(
    *,
    by: User,
    at: dt.datetime,
    party: Party | None = None,
    party_name: str = "",
    national_id: str = "",
    purpose: str,
    requested_from: dt.date,
    requested_to: dt.date,
    parcel: Parcel | None = None,
    asset: Asset | None = None,
    tenure: str = Holding.Kind.LEASE,
    rent_period: str = Lease.Period.YEAR,
    prior: Case | None = None,
    note: str = "",
) -> Lease:
    """Record an application for a parcel or an asset; the last day asked for is included.

    Who applies is a party of the register, or is entered by name.
    """
    if party is None and not party_name.strip():
        raise Invalid("party_required", _("Name who applies."), field="party_name")
    if requested_to < requested_from:
        raise Invalid("ends_before_start", _("The last day lies before the first."), field="requested_to")
    if not (requested_from.year >= FIRST_YEAR and requested_to.year <= LAST_YEAR):
        raise Invalid("term_unlikely", _("The years of the term are not plausible."), field="requested_to")
    if tenure not in TENURES:
        raise Invalid("tenure_unknown", _("This kind of tenure is not given by a contract of this room."))
    if (parcel is None) == (asset is None):
        raise Invalid("one_thing", _("An application is for one parcel or one asset."))
    thing = parcel or asset
    assert thing is not None  # noqa: S101 - one was given, as compared above
    party = party or register_party(
        name_ar=party_name,
        governorate=thing.place.governorate_code,
        national_id_text=national_id,
        by=by,
        at=at,
    )
    facts = {"purpose": purpose, "requested_from": requested_from, "requested_to": requested_to, "tenure": tenure}
    case = cases.open_case(
        kind="lease", by=by, at=at, parcel=parcel, asset=asset, party=party, facts=facts, prior=prior, note=note
    )
    return Lease.objects.create(
        case=case,
        tenure=tenure,
        purpose=purpose,
        requested_from=requested_from,
        requested_to=requested_to,
        rent_period=rent_period,
    )


def expire_due(*, by: User, at: dt.datetime) -> int:
    """End every contract whose last day is over in Cairo; each in its own transaction. Returns how many."""
    today = clock.day_of(at)
    over = Lease.objects.filter(case__state__in=RUNNING, ends_on__lt=today).order_by("ends_on")
    return sum(_expire(case_id, by=by, at=at) for case_id in over.values_list("case_id", flat=True))


def _expire(case_id: object, *, by: User, at: dt.datetime) -> bool:
    """End one contract; a file that a colleague has just moved is left for tomorrow."""
    try:
        cases.perform(str(case_id), "expire", by=by, at=at)
    except Refusal:
        return False
    return True
