"""Suits for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from authority import clock
from authority.models import Role, User
from litigation import services
from litigation.models import Judgment, Suit
from litigation.services import Concerned, Standing
from parcels.models import Parcel
from tests.authority.builders import make_user
from tests.parcels import builders as land

FILED = dt.date(2024, 3, 3)


def a_lawyer(place: Any = None) -> User:
    """Return a legal officer of the governorate."""
    return make_user(Role.LEGAL_OFFICER, place=place or land.a_governorate())


def a_suit(parcel: Parcel | None = None, *, by: User | None = None, **more: Any) -> Suit:
    """Register a suit on a parcel: somebody claims to own it."""
    said: dict[str, Any] = {
        "court_kind": "FIRST_INSTANCE", "court": "محكمة الإسماعيلية الابتدائية", "circuit": "٣ مدني", "number": "1234",
        "year": 2024, "filed_on": FILED, "subject": "OWNERSHIP", "our_side": "DEFENDANT",
        "parties": [Standing("CLAIMANT", "محمود حسن")],
    }  # fmt: skip
    lands = more.pop("lands", None) or [Concerned(parcel=parcel or land.a_parcel())]
    return services.register_suit(by=by or a_lawyer(), at=clock.now(), lands=lands, **(said | more))


def a_judgment(suit: Suit, ruling: str = "FOR_US", *, confirmed: bool = True, **more: Any) -> Judgment:
    """Enter a judgment, and have another person confirm it."""
    said = {"ruled_on": dt.date(2024, 6, 1), "words": "حكمت المحكمة برفض الدعوى"} | more
    made = services.enter_judgment(by=a_lawyer(), at=clock.now(), suit=suit, ruling=ruling, **said)
    if confirmed:
        services.confirm_judgment(by=a_lawyer(), at=clock.now(), judgment=made)
        made.refresh_from_db()
    suit.refresh_from_db()
    return made
