"""Who has custody of a parcel, since when and by which decree; and the number the state gives a property."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.clock import day_of
from authority.models import Custodian, User
from authority.refusal import Conflict, Invalid
from parcels.bitemporal import Span
from parcels.facts import within
from parcels.locks import Lockable, require_unlocked
from parcels.models import Parcel
from parcels.policies import require_keeper
from parcels.services import book
from parcels.services.register import give_national_number
from parcels.services.versions import new_version


@transaction.atomic
def transfer_custody(
    *,
    by: User,
    at: dt.datetime,
    parcel: Parcel | UUID,
    custodian: Custodian,
    on: dt.date,
    decree_no: str,
    decree_on: dt.date,
    reason: str = "",
    expected: int | None = None,
) -> Parcel:
    """Let another body have custody from the day `on`, by a decree; whoever records it keeps the book at both ends.

    The day of law may lie before today: a decree registered late changes what was true, not what the book said.
    Raise NotAllowed, Stale, Invalid `decree_missing`, `decree_in_future`, Conflict `custodian_same`,
    `custodian_closed`.
    """
    held = book.open_parcel(parcel if isinstance(parcel, UUID) else parcel.pk, expected)
    require_unlocked([held.pk], Lockable.CUSTODY)
    if not decree_no.strip():
        raise Invalid("decree_missing", _("Name the decree: its number and date."), field="decree_no")
    if decree_on > day_of(at):
        raise Invalid("decree_in_future", _("The decree's date lies in the future."), field="decree_on")
    if custodian.closed_on is not None:
        raise Conflict("custodian_closed", _("%(custodian)s was closed."), custodian=str(custodian))
    rows = [row for row in book.rows_in_book([held.pk], Span(on)) if book.span_of(row).holds(on)]
    if rows and rows[0].custodian_id == custodian.pk:
        raise Conflict("custodian_same", _("%(custodian)s has custody on that day already."), custodian=str(custodian))
    decree = within("decree_no", decree_no.strip(), 120)
    facts: Mapping[str, Any] = {"custody_decree": decree, "custody_decree_on": decree_on}
    told = " — ".join(part for part in (decree_no.strip(), reason.strip()) if part)
    changed = new_version(
        by=by, at=at, parcel=held, on=on, custodian=custodian, facts=facts, basis=within("reason", told, 200),
    )  # fmt: skip
    detail = {"to": custodian.code, "on": on, "decree": decree_no, "decree_on": decree_on}
    audit.record("parcels.custody_transferred", by=by, at=at, obj=changed, detail=detail)
    return changed


@transaction.atomic
def number_property(
    *, by: User, at: dt.datetime, parcel: Parcel | UUID, number: str, reason: str = "", expected: int | None = None
) -> Parcel:
    """Give a parcel the unified number of Law 88/2025, or correct it with a reason; one parcel alone bears a number.

    Raise NotAllowed, Stale, Invalid `unified_number_empty`, `reason_needed`, Conflict `unified_number_taken`.
    """
    held = book.open_parcel(parcel if isinstance(parcel, UUID) else parcel.pk, expected)
    require_keeper(by, held.place, held.custodian_id)
    number = number.strip()
    if not number:
        raise Invalid("unified_number_empty", _("Write the unified number."), field="number")
    before = held.unified_property_no
    if before and before != number and not reason.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."), field="reason")
    give_national_number(held, number)
    book.settle([held.pk], at, [held.place.governorate_code])
    detail = {"number": number, "before": before or "", "reason": reason.strip()}
    audit.record("parcels.unified_number_given", by=by, at=at, obj=held, detail=detail)
    held.refresh_from_db()
    return held
