"""Land whose two questions have two answers: a decree that was true long before it was registered."""

from __future__ import annotations

import datetime as dt

from authority.models import User
from parcels import services
from parcels.models import Parcel
from tests.authority.builders import make_custodian
from tests.parcels import builders

ENTERED = dt.datetime(2015, 3, 1, 9, tzinfo=dt.UTC)
DECREED = dt.date(2019, 6, 1)  # the day of law
REGISTERED = dt.datetime(2020, 3, 1, 9, tzinfo=dt.UTC)  # the day it reached the book
ASKED = dt.date(2019, 7, 1)
BEFORE, AFTER = "12", "1200"  # its number
TRUTH, BOOK = {"on": "2019-07-01"}, {"on": "2019-07-01", "known": "2019-07-01"}


def a_late_decree(by: User | None = None) -> Parcel:
    """Return a parcel renumbered, moved, given to another body and let, registered late."""
    keeper = by or builders.a_keeper()
    parcel = builders.a_parcel(
        by=keeper,
        at=ENTERED,
        number=BEFORE,
        legal_from=dt.date(2010, 1, 1),
        boundary=builders.a_boundary(0, 3000),
        street="شارع قديم",
    )
    services.new_version(
        by=keeper, at=REGISTERED, parcel=parcel, on=DECREED, number=AFTER, custodian=make_custodian("awqaf"),
        boundary=builders.a_boundary(0, 3000, width=150), facts={"land_use": "RESIDENTIAL", "street": "شارع جديد"}, basis="قرار ٤٤ لسنة ٢٠١٩",
    )  # fmt: skip
    builders.a_holding(parcel, start=DECREED, at=REGISTERED, by=keeper)
    parcel.refresh_from_db()
    return parcel
