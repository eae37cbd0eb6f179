"""Filters of the register's list: read from the address, said as chips, applied to standing versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from authority.models import Custodian, Place
from authority.moments import Moment
from authority.selectors import subtree_of
from parcels.areas import FEDDAN, to_metres
from parcels.models import LandUse, OwnershipClass, ParcelVersion, Status
from parcels.selectors import holdings_as_of, versions_as_of, with_status
from ui.digits import to_latin


@dataclass(frozen=True)
class Choice:
    """One value of a filter: what it says, the address with it switched, whether it is on."""

    title: str
    query: str
    on: bool
    code: str = ""


@dataclass(frozen=True)
class Chip:
    """A filter as a chip: its name, what is chosen, the values, the address without it."""

    name: str
    title: str
    chosen: list[str]
    choices: list[Choice]
    without: str


def number(text: str) -> Decimal | None:
    """Read a number in either digits; nothing where it is none."""
    try:
        value = Decimal(to_latin(text).replace(",", "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and value >= 0 else None


def feddans(text: str) -> Decimal | None:
    """Read an area in feddans as m²."""
    value = number(text)
    return None if value is None else to_metres(Fraction(value) * FEDDAN)


def standing(moment: Moment) -> QuerySet[ParcelVersion]:
    """Return the versions true on the day, as the book stood at the moment, each with its status of then."""
    return with_status(versions_as_of(**moment.times), **moment.times)


def of_place(code: str, path: str) -> Q:
    """Within a place and all below it."""
    place = Place.objects.filter(code=code).first()
    return Q(**{f"{path}__in": subtree_of(place).order_by().values("pk")}) if place else Q(pk__in=())


def condition(query: QueryDict, moment: Moment) -> Q:
    """Return what an address asks for, by what was true at the moment."""
    rule, of = Q(), "parcel__" if moment.is_now else ""
    if place := query.get("place", ""):
        rule &= of_place(place, f"{of}place")
    if statuses := [code for code in query.getlist("status") if code in Status.values]:
        rule &= Q(**{"parcel__status__in" if moment.is_now else "shown_status__in": statuses})
    for name, values in (("land_use", LandUse.values), ("ownership_class", OwnershipClass.values)):
        if chosen := [code for code in query.getlist(name) if code in values]:
            rule &= Q(**{f"{name}__in": chosen})
    if custodian := query.get("custodian", ""):
        rule &= Q(**{f"{of}custodian__code": custodian})
    if party := query.get("party", ""):
        rule &= held_by(party, moment)
    return rule & of_area(query)


def held_by(party: str, moment: Moment) -> Q:
    """Held by a party on the day."""
    try:
        key = UUID(party)
    except ValueError:
        return Q(pk__in=())
    held = holdings_as_of(**moment.times).filter(party_id=key)
    return Q(parcel_id__in=held.order_by().values("parcel_id"))


def of_area(query: QueryDict) -> Q:
    """Between two areas in feddans; the governing area counts, else the deed's."""
    rule = Q()
    for name, lookup in (("area_from", "gte"), ("area_to", "lte")):
        bound = feddans(query.get(name, ""))
        if bound is not None:
            rule &= Q(**{f"survey_area_m2__{lookup}": bound}) | Q(
                **{"survey_area_m2__isnull": True, f"deed_area_m2__{lookup}": bound}
            )
    return rule


def switched(query: QueryDict, name: str, code: str, *, many: bool) -> str:
    """Return the address with one value switched on or off; the page starts anew."""
    found = query.copy()
    found.pop("page", None)
    values = found.getlist(name)
    if code in values:
        values.remove(code)
    else:
        values = [*values, code] if many else [code]
    found.setlist(name, values)
    return f"?{found.urlencode()}"


def without(query: QueryDict, *names: str) -> str:
    """Return the address without a filter."""
    found = query.copy()
    for name in (*names, "page"):
        found.pop(name, None)
    return f"?{found.urlencode()}"


def chip(query: QueryDict, name: str, title: str, values: Iterable[tuple[str, str]], *, many: bool = True) -> Chip:
    """Return a filter with its values."""
    pairs = list(values)
    on = query.getlist(name)
    choices = [Choice(words, switched(query, name, code, many=many), code in on, code) for code, words in pairs]
    return Chip(name, title, [words for code, words in pairs if code in on], choices, without(query, name))


def places_below(query: QueryDict, governorates: Iterable[str]) -> list[tuple[str, str]]:
    """Return the chosen place, and what lies directly below it; at first the governorates one may see."""
    code = query.get("place", "")
    rows = Place.objects.filter(closed_on__isnull=True).defer("geom", "geom_3857")
    if not code:
        known = list(governorates)
        top = rows.filter(kind=Place.Kind.GOVERNORATE)
        found = top.filter(code__in=known) if known and "" not in known else top
        return [(place.code, str(place)) for place in found]
    near = rows.filter(Q(code=code) | Q(parent__code=code)).order_by("path")[:80]
    return [(place.code, str(place)) for place in near]


def chips(query: QueryDict, governorates: Iterable[str]) -> list[Chip]:
    """Return the filters of the register's list."""
    keepers = [(row.code, str(row)) for row in Custodian.objects.filter(closed_on__isnull=True)[:40]]
    return [
        chip(query, "place", _("Place"), places_below(query, governorates), many=False),
        chip(query, "status", _("Status"), [(code, str(words)) for code, words in Status.choices]),
        chip(query, "land_use", _("Land use"), [(code, str(words)) for code, words in LandUse.choices]),
        chip(query, "ownership_class", _("Class of property"), [(c, str(w)) for c, w in OwnershipClass.choices]),
        chip(query, "custodian", _("Custodian"), keepers, many=False),
    ]
