"""What may be said of a parcel in a version, and the boundary of record it may come with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from authority.models import Place
from authority.refusal import Invalid
from documents.models import Document
from parcels import numbers
from parcels.models import AddressMode, ParcelVersion


class Facts(TypedDict, total=False):
    """Facts of a version; names are the fields of ParcelVersion. Areas in m², lengths in metres."""

    custody_decree: str
    custody_decree_on: dt.date | None
    address_mode: str
    part_seq: int | None
    hamlet: str
    street: str
    building_no: str
    boundary_n: str
    boundary_s: str
    boundary_e: str
    boundary_w: str
    len_n: Decimal | None
    len_s: Decimal | None
    len_e: Decimal | None
    len_w: Decimal | None
    ownership_class: str
    land_use: str
    location_class: str
    deed_area_m2: Decimal | None
    survey_area_m2: Decimal | None
    governing_area: str
    register_book: str
    register_page: str
    register_no: str
    sheet_no: str
    sheet_scale: int | None
    cadastral_edition: str
    registration_system: str
    folio: str
    file_no: str
    shelf: str
    confidence: str


BASIS_LENGTH = 200
FACTS = frozenset(Facts.__annotations__)


@dataclass(frozen=True)
class Boundary:
    """A boundary as it was surveyed: WKB in its own system, and how it came about."""

    wkb: bytes
    crs: str = "EPSG:4326"
    # Where `crs` is the file's own and no registry names it: what was derived from it, and by which operation.
    lonlat: bytes | None = None
    lonlat_accuracy_m: float | None = None
    made: str = ""  # how belt coordinates were made (domain.md §0b.1)
    frame: str = ""
    operation: str = ""  # "" = the best known: EPSG:7697 for the belts
    method: str = ""
    accuracy_m: float | None = None
    file: Document | None = None
    row: int | None = None
    encoding: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


def clean(facts: Mapping[str, Any]) -> Facts:
    """Return facts with their types and lists checked; raise Invalid `fact_unknown` or `fact_invalid`."""
    cleaned: dict[str, Any] = {}
    for name, value in facts.items():
        if name not in FACTS:
            raise Invalid("fact_unknown", _("A parcel has no field %(field)s."), field=name)
        cleaned[name] = _clean_one(name, value)
    return cleaned  # type: ignore[return-value]  # the keys were compared with the TypedDict's just now


def _clean_one(name: str, value: Any) -> Any:
    model_field = ParcelVersion._meta.get_field(name)
    if value in ("", None):
        return None if model_field.null else ""
    try:
        cleaned = model_field.clean(value, None)  # type: ignore[union-attr]  # no relations among FACTS
    except ValidationError as wrong:
        raise Invalid("fact_invalid", _("%(field)s: %(reason)s"), field=name, reason=" ".join(wrong.messages)) from None
    if name.endswith("_area_m2") and cleaned < Decimal("0.01"):
        raise Invalid("area_too_small", _("An area must be at least 0.01 m²."), field=name)
    return cleaned


def within(name: str, text: str, length: int) -> str:
    """Return the text; raise Invalid `text_too_long` rather than cut it."""
    if len(text) > length:
        raise Invalid(
            "text_too_long", _("%(field)s: at most %(length)s characters."), field=name, length=length, text=text[:80]
        )
    return text


def number_fields(raw: str) -> dict[str, Any]:
    """Return the fields of a version that say its number, from the text on paper."""
    number, norm = numbers.read(raw)
    written = within("number", " ".join(raw.split()), numbers.MAX_LENGTH)
    return {
        "parcel_no_raw": written or norm,
        "parcel_no_norm": norm,
        "parcel_no_main": number.main,
        "parcel_no_sub": number.sub,
        "is_part_of": number.is_part_of,
        "bis": number.bis,
    }


MODE_OF_KIND = {
    Place.Kind.HOD: AddressMode.RURAL,
    Place.Kind.NAHIA: AddressMode.NO_HOD,
    Place.Kind.MARKAZ: AddressMode.NO_HOD,
}


def address_mode_of(place: Place) -> str:
    """Return the address system a place belongs to, where nothing else is said."""
    return MODE_OF_KIND.get(Place.Kind(place.kind), AddressMode.URBAN)
