"""How a report comes in, from a page or a program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from authority.models import User
from cases import doors
from cases.forms import facts_of
from cases.models import Case
from encroachments import services
from encroachments.forms import ReportForm


def open_report(*, by: User, at: dt.datetime, data: Mapping[str, Any]) -> Case:
    """Record a report; the parcel under the shape is found when none is named."""
    given = dict(data)
    if "geom" in given:
        given.setdefault("geometry", given["geom"])
    facts = facts_of(ReportForm, given, {"parcel", "asset", "geom"})
    parcel, asset = doors.parcel_of(by, data.get("parcel")), doors.asset_of(by, data.get("asset"))
    return services.report(by=by, at=at, parcel=parcel, asset=asset, geom=facts.pop("geometry", None), **facts).case
