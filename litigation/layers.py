"""The map layer of suits: the land that stands before a court, with the reader's rights on both."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.policies import STAFF_READ, scope_of
from litigation.models import Suit
from litigation.services import LAYER
from parcels.models import ParcelVersion
from parcels.policies import versions_visible_to
from parcels.selectors import versions_as_of
from tiles.filters import place_code, within_place
from tiles.registry import Attribute, Category, Filters, Geometry, Layer, Pattern, Theme, register

SUIT = "parcel__suits__suit"
Subject = Suit.Subject


def suit_rows(user: User, filters: Filters) -> QuerySet[ParcelVersion]:
    """Return the parcels of today under a standing suit, once for each suit; filters: subject, state, place."""
    asked = {f"{SUIT}__{name}": filters[name] for name in ("subject", "state") if name in filters}
    rows = versions_visible_to(user, versions_as_of()).filter(
        scope_of(user).places_q(f"{SUIT}__place", None, STAFF_READ), **{f"{SUIT}__state__in": Suit.STANDING} | asked
    )
    return within_place(rows, "place", filters)


def known(choices: Any) -> Any:
    """Return a parser that takes only a value of the list."""
    return lambda text: choices(text).value


SUBJECTS = Theme(
    "subject",
    _("Subject"),
    "subject",
    tuple(
        Category((value,), label, colour, Pattern.CROSS)
        for (value, label), colour in zip(
            Subject.choices,
            ("st-dispute", "st-encroach", "st-regular", "st-alloc", "st-sold", "st-usufruct", "lu-built", "q5"),
            strict=False,
        )
    ),
)

SUITS = Layer(
    name=LAYER,
    title=_("Suits"),
    geometry=Geometry.POLYGON,
    rows=suit_rows,
    place_field="parcel__place",
    custodian_field="parcel__custodian",
    attributes=(
        Attribute("id", _("Identifier"), "parcel__suits__pk", arabic="المعرف"),
        Attribute("suit_id", _("Suit"), F(f"{SUIT}__pk"), min_zoom=12, in_exports=False),
        Attribute("number", _("Suit"), f"{SUIT}__number", min_zoom=13, arabic="رقم الدعوى"),
        Attribute("year", _("Year"), f"{SUIT}__year", min_zoom=13, arabic="السنة"),
        Attribute("court", _("Court"), f"{SUIT}__court", in_tiles=False, arabic="المحكمة"),
        Attribute("circuit", _("Circuit"), f"{SUIT}__circuit", in_tiles=False, arabic="الدائرة"),
        Attribute("filed_on", _("Filed on"), f"{SUIT}__filed_on", in_tiles=False, arabic="تاريخ القيد"),
        Attribute("subject", _("Subject"), f"{SUIT}__subject", 0, True, choices=Subject.choices, arabic="الموضوع"),
        Attribute("state", _("State"), f"{SUIT}__state", 0, True, choices=Suit.State.choices, arabic="الموقف"),
        Attribute("parcel_id", _("Parcel"), "parcel_id", min_zoom=12, in_exports=False),
        Attribute("parcel", _("Parcel"), "parcel__parcel_code", in_tiles=False, arabic="كود القطعة"),
        Attribute("place", _("Place's code"), "place__code", in_tiles=False, arabic="كود المكان"),
        Attribute("place_name", _("Place"), "place__name_ar", in_tiles=False, arabic="المكان"),
    ),
    min_zoom=11,
    versions=(LAYER, "parcels"),
    filters={"subject": known(Subject), "state": known(Suit.State), "place": place_code},
    themes=(SUBJECTS,),
    label="number",
    order=55,
)


def declare() -> None:
    """Hand the layer to the tiles."""
    register(SUITS)
