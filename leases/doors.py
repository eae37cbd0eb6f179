"""How an application comes in, from a page or a program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from authority.models import User
from authority.refusal import NotFound
from cases import doors
from cases.forms import facts_of
from cases.models import Case
from leases import services
from leases.forms import ApplicationForm
from parties.models import Party
from parties.policies import party_visible_to


def open_application(*, by: User, at: dt.datetime, data: Mapping[str, Any]) -> Case:
    """Record an application; `party` is known by its id or entered by name."""
    facts = facts_of(ApplicationForm, data, {"parcel", "asset", "party", "prior"})
    name = facts.pop("party_name", "")
    parcel, asset = doors.parcel_of(by, data.get("parcel")), doors.asset_of(by, data.get("asset"))
    lease = services.submit_application(
        by=by,
        at=at,
        parcel=parcel,
        asset=asset,
        party=party_of(by, data.get("party")),
        party_name=name,
        prior=doors.prior_of(by, data.get("prior")),
        **facts,
    )
    return lease.case


def party_of(user: User, value: Any) -> Party | None:
    """The party asked for; raises NotFound."""
    if value in (None, ""):
        return None
    found = party_visible_to(user, Party.objects.filter(pk=doors.as_uuid(value, "party"))).first()
    if found is None:
        raise NotFound("party_not_found")
    return found
