"""Parties for tests."""

from __future__ import annotations

from typing import Any

from authority import clock
from authority.models import Role
from parties import services
from parties.models import Party
from tests.authority.builders import ISMAILIA, make_user

MAN, WOMAN = "20001010100014", "20001018800023"


def make_party(**fields: Any) -> Party:
    """Return a party of Ismailia, entered by a front desk."""
    given = {"name_ar": "محمد أحمد علي", "governorate": ISMAILIA, **fields}
    by = given.pop("by", None) or make_user(Role.FRONT_DESK)
    return services.register_party(**given, by=by, at=clock.now())
