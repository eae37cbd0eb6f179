"""What a version changed against the one before it, field by field, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from parcels.models import ParcelVersion
from ui import digits

AREAS = ("deed_area_m2", "survey_area_m2", "geom_area_m2")
CHOICES = (
    "ownership_class",
    "land_use",
    "location_class",
    "governing_area",
    "confidence",
    "survey_method",
    "registration_system",
)


@dataclass(frozen=True)
class Change:
    """One field: what it said and what it says."""

    title: str
    before: str
    after: str


def titles() -> dict[str, str]:
    """Return the fields that are compared, with their names."""
    return {
        "parcel_no_raw": _("Parcel number"),
        "place": _("Place"),
        "custodian": _("Custodian"),
        "ownership_class": _("Class of property"),
        "land_use": _("Land use"),
        "location_class": _("Location"),
        "deed_area_m2": _("Area of the deed, m²"),
        "survey_area_m2": _("Area of the survey, m²"),
        "geom_area_m2": _("Area of the drawing, m²"),
        "governing_area": _("Governing area"),
        "boundary_n": _("Northern boundary"),
        "boundary_s": _("Southern boundary"),
        "boundary_e": _("Eastern boundary"),
        "boundary_w": _("Western boundary"),
        "street": _("Street"),
        "building_no": _("Building number"),
        "len_n": _("Length of the northern boundary, m"),
        "len_s": _("Length of the southern boundary, m"),
        "len_e": _("Length of the eastern boundary, m"),
        "len_w": _("Length of the western boundary, m"),
        "hamlet": _("Hamlet"),
        "custody_decree": _("Decree of custody"),
        "custody_decree_on": _("Date of the decree of custody"),
        "register_book": _("Book"),
        "register_page": _("Page"),
        "register_no": _("Entry number"),
        "sheet_no": _("Sheet number"),
        "sheet_scale": _("Sheet scale, 1:"),
        "cadastral_edition": _("Cadastral edition"),
        "registration_system": _("Registration system"),
        "folio": _("Folio"),
        "file_no": _("File number"),
        "shelf": _("Shelf"),
        "survey_method": _("Survey method"),
        "confidence": _("Degree of checking"),
    }


def said(version: ParcelVersion, field: str) -> str:
    """Return what a version says in a field, as it is shown."""
    if field in CHOICES:
        return str(getattr(version, f"get_{field}_display")())
    value: Any = getattr(version, field)
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return digits.day(value)
    if field in AREAS:
        return digits.figure(Decimal(value), 2)
    return digits.shown(str(value))


def between(before: ParcelVersion, after: ParcelVersion) -> Iterator[Change]:
    """Yield the fields in which two versions differ."""
    for field, title in titles().items():
        old, new = said(before, field), said(after, field)
        if old != new:
            yield Change(title, old or "—", new or "—")


def of_all(versions: Sequence[ParcelVersion]) -> dict[int, list[Change]]:
    """Return for each version but the first what it changed."""
    return {after.pk: list(between(before, after)) for before, after in pairwise(versions)}
