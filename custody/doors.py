"""How a claim of custody comes in, from a page or a program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from authority.models import Custodian, User
from authority.refusal import Invalid
from cases import doors
from cases.forms import facts_of
from cases.models import Case
from custody.forms import ClaimForm
from custody.services import file_claim


def open_claim(*, by: User, at: dt.datetime, data: Mapping[str, Any]) -> Case:
    """File a claim of custody over a parcel."""
    facts = facts_of(ClaimForm, data, {"parcel"})
    parcel = doors.parcel_of(by, data.get("parcel"))
    if parcel is None:
        raise Invalid("parcel_missing", _("Custody is claimed over a parcel: choose it."), field="parcel")
    claimant = Custodian.objects.get(code=facts.pop("claimant"))
    return file_claim(by=by, at=at, parcel=parcel, claimant=claimant, **facts).case
