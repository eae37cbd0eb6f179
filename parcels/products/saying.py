"""What the papers say of a parcel, in words and figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from parcels import areas, screening
from parcels.bitemporal import of_range
from parcels.models import GoverningArea, Holding, Parcel, ParcelVersion, Restriction
from parcels.screening import layers_of
from parcels.selectors.card import chain_of, holdings_on
from ui import digits

Line = tuple[str, str]


@dataclass(frozen=True)
class AreaLine:
    """One of the three areas, as papers print it."""

    title: str
    metres: str
    fqs: str
    governs: bool


def metres(area: Decimal | None) -> str:
    """Print m² with two decimals."""
    return "—" if area is None else digits.figure(area, 2)


def fqs(area: Decimal | None) -> str:
    """Print feddan, qirat and sahm."""
    return "—" if area is None else areas.print_ar(areas.m2_to_fqs(area))


def area_lines(version: ParcelVersion) -> list[AreaLine]:
    """Return the three areas."""
    deed = version.governing_area == GoverningArea.DEED
    rows = (
        (_("Title deed"), version.deed_area_m2, deed),
        (_("Survey"), version.survey_area_m2, not deed),
        (_("Computed from the drawing"), version.geom_area_m2, False),
    )
    return [AreaLine(title, metres(area), fqs(area), governs) for title, area, governs in rows]


def identity(parcel: Parcel, version: ParcelVersion) -> Iterator[Line]:
    """Yield what names the parcel: numbers, places, book."""
    yield _("Parcel number"), version.parcel_no_raw
    yield _("Internal code"), parcel.parcel_code
    if parcel.unified_property_no:
        yield _("Unified property number"), parcel.unified_property_no
    for place in chain_of(version.place):
        yield str(place.get_kind_display()).capitalize(), place.name
    street = " ".join(filter(None, (version.hamlet, version.street, version.building_no)))
    if street:
        yield _("Address"), street
    book = [version.register_book, version.register_page, version.register_no]
    if any(book):
        yield _("Book, page, entry"), " / ".join(part or "—" for part in book)
    yield from sheet_lines(version)


def sheet_lines(version: ParcelVersion) -> Iterator[Line]:
    """Yield where it stands on the sheets and in the registers."""
    if version.sheet_no:
        scale = f" — 1:{version.sheet_scale}" if version.sheet_scale else ""
        yield _("Survey sheet"), f"{version.sheet_no}{scale}"
    if version.cadastral_edition:
        yield _("Cadastral edition"), version.cadastral_edition
    if version.registration_system:
        system = str(version.get_registration_system_display())
        yield _("Registration system"), f"{system} — {version.folio}" if version.folio else system


def law(version: ParcelVersion) -> Iterator[Line]:
    """Yield class, custody and use."""
    yield _("Class of property"), str(version.get_ownership_class_display())
    decree = version.custody_decree
    if decree and version.custody_decree_on:
        decree = f"{decree} ({digits.day(version.custody_decree_on)})"
    yield _("Custodian"), " — ".join(filter(None, (version.custodian.name_ar, decree)))
    yield _("Land use"), str(version.get_land_use_display())


def sides(version: ParcelVersion) -> list[tuple[str, str, str]]:
    """Return the four boundaries in words with their lengths."""
    titles = {
        "n": _("Northern boundary"),
        "s": _("Southern boundary"),
        "e": _("Eastern boundary"),
        "w": _("Western boundary"),
    }
    return [
        (title, getattr(version, f"boundary_{code}") or _("not recorded"), metres(getattr(version, f"len_{code}")))
        for code, title in titles.items()
    ]


def survey_lines(version: ParcelVersion) -> Iterator[Line]:
    """Yield how the boundary was measured."""
    if version.survey_method:
        yield _("Survey method"), str(version.get_survey_method_display())
    if version.survey_accuracy_m:
        yield _("Accuracy, m"), digits.figure(Decimal(str(version.survey_accuracy_m)), 3)
    if version.source_crs:
        yield _("Original coordinates"), version.source_crs
    if version.transform_op and version.transform_accuracy_m:
        words = f"{version.transform_op} ± {digits.figure(Decimal(str(version.transform_accuracy_m)), 1)}"
        yield _("Transformation, accuracy in m"), words


def tenure(parcel: Parcel, on: dt.date) -> list[Line]:
    """Return who holds the parcel on the day."""
    return [(str(one.get_kind_display()), tenure_words(one)) for one in holdings_on(parcel, on)]


def tenure_words(one: Holding) -> str:
    """Say by whom, under which paper and for how long."""
    span = of_range(one.legal_range)
    until = digits.day(span.last_day) if span.last_day else _("further notice")
    period = _("from %(first)s to %(last)s") % {"first": digits.day(span.start), "last": until}
    return " — ".join(filter(None, (str(one.party) if one.party else "", one.reference, period)))


def restrictions(parcel: Parcel) -> dict[str, Any]:
    """Return what restricts the parcel, what it is clear of, and what it was never compared with."""
    rows = list(parcel.restrictions.filter(ended_on=None).select_related("layer"))
    by_layer = {row.layer_id: row for row in rows if row.layer_id}
    layers = layers_of(parcel.place)
    there = {layer.code for layer in layers}
    unchecked = [str(layer) for layer in layers if layer.pk not in by_layer]
    unchecked += [str(title) for code, title in screening.EXPECTED.items() if code not in there]
    return {
        "hits": [hit_words(row) for row in rows if row.is_hit],
        "clear": [str(row.layer) for row in rows if not row.is_hit],
        "unchecked": unchecked,
    }


def hit_words(row: Restriction) -> str:
    """Say a restriction in one line."""
    if row.layer is None:
        return row.text
    told = [str(row.layer), str(row.get_verdict_display())]
    if row.overlap_m2:
        told.append(f"{metres(row.overlap_m2)} {_('m²')}")
    elif row.distance_m is not None:
        told.append(_("%(metres)s m away") % {"metres": digits.figure(Decimal(str(row.distance_m)), 1)})
    return " — ".join(part for part in (*told, row.basis) if part)
