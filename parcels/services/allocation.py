"""Land is allocated to a public body by decree, and the allocation is withdrawn by decree when it is not used."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.refusal import Conflict, Invalid, NotFound
from parcels.bitemporal import of_range
from parcels.facts import within
from parcels.models import Allocation, Holding, Parcel
from parcels.policies import require_keeper
from parcels.services import book
from parcels.services.holdings import end_holding, place_holding
from parties.models import Party


@transaction.atomic
def allocate(
    *,
    by: User,
    at: dt.datetime,
    parcel: Parcel | UUID,
    body: Party,
    purpose: str,
    decree_no: str,
    decree_on: dt.date,
    starts_on: dt.date,
    use_by: dt.date | None = None,
    expected: int | None = None,
) -> Allocation:
    """Record a decree that gives a parcel to a public body for a purpose; no other exclusive holding may stand then.

    Raise NotAllowed, Stale, Invalid `allocation_incomplete`, `not_a_public_body`, `ends_before_it_starts`, Conflict
    `holding_overlaps`, `parcel_closed`.
    """
    held = book.open_parcel(parcel if isinstance(parcel, UUID) else parcel.pk, expected)
    require_keeper(by, held.place, held.custodian_id)
    if body.kind != Party.Kind.PUBLIC_BODY:
        raise Invalid("not_a_public_body", _("Land is allocated to a public body only."), field="body")
    for name, text in (("purpose", purpose), ("decree_no", decree_no)):
        if not text.strip():
            raise Invalid("allocation_incomplete", _("An allocation names its purpose and its decree."), field=name)
    if use_by is not None and use_by < starts_on:
        raise Invalid("ends_before_it_starts", _("The last day lies before the first."), field="use_by")
    number = within("decree_no", decree_no.strip(), 60)
    holding = place_holding(
        by=by, at=at, kind=Holding.Kind.ALLOCATION, start=starts_on, parcel=held, party=body, reference=number
    )
    made = Allocation.objects.create(
        parcel=held,
        body=body,
        purpose=within("purpose", purpose.strip(), 300),
        decree_no=number,
        decree_on=decree_on,
        use_by=use_by,
        holding=holding,
        recorded_by=by,
        recorded_at=at,
    )
    detail = {"body": body.pk, "decree": number, "decree_on": decree_on, "purpose": made.purpose, "use_by": use_by}
    audit.record("parcels.allocated", by=by, at=at, obj=held, detail=detail)
    return made


@transaction.atomic
def confirm_use(*, by: User, at: dt.datetime, allocation: Allocation, on: dt.date) -> Allocation:
    """Record that the body took up the purpose; raise NotAllowed, Conflict `allocation_withdrawn`."""
    held = _standing(allocation)
    require_keeper(by, held.parcel.place, held.parcel.custodian_id)
    held.used_on = on
    held.save(update_fields=["used_on"])
    audit.record("parcels.allocation_used", by=by, at=at, obj=held.parcel, detail={"decree": held.decree_no, "on": on})
    return held


@transaction.atomic
def withdraw_allocation(
    *,
    by: User,
    at: dt.datetime,
    allocation: Allocation,
    last_day: dt.date,
    decree_no: str,
    decree_on: dt.date,
    reason: str,
) -> Allocation:
    """Record the decree that withdraws an allocation; the parcel is free after its last day.

    Raise NotAllowed, Invalid `decree_missing`, `reason_needed`, Conflict `allocation_withdrawn`, `holding_ended`.
    """
    held = _standing(allocation)
    require_keeper(by, held.parcel.place, held.parcel.custodian_id)
    if not decree_no.strip():
        raise Invalid("decree_missing", _("Name the decree: its number and date."), field="decree_no")
    if not reason.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."), field="reason")
    if last_day < of_range(held.holding.legal_range).start:
        raise Invalid("ends_before_it_starts", _("The last day lies before the first."), field="last_day")
    left = end_holding(by=by, at=at, holding=held.holding_id, last_day=last_day, reason=reason)
    held.holding = left or held.holding
    held.withdrawn_on, held.withdrawal_decree_on = last_day, decree_on
    held.withdrawal_decree_no = within("decree_no", decree_no.strip(), 60)
    held.withdrawal_reason = within("reason", reason.strip(), 300)
    held.save()
    detail = {"decree": held.decree_no, "withdrawn_by": held.withdrawal_decree_no, "last_day": last_day}
    audit.record("parcels.allocation_withdrawn", by=by, at=at, obj=held.parcel, detail=detail)
    return held


def _standing(allocation: Allocation) -> Allocation:
    rows = Allocation.objects.select_for_update(of=("self",)).select_related("parcel__place", "holding")
    held = rows.filter(pk=allocation.pk).first()
    if held is None:
        raise NotFound()
    if held.withdrawn_on is not None:
        raise Conflict("allocation_withdrawn", _("It was withdrawn on %(on)s already."), on=held.withdrawn_on)
    return held
