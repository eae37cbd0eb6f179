"""The facts card: what is written of a parcel, each with its note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcels.models import Holding, ParcelVersion
from ui.digits import shown
from ui.templatetags.ui import day, num
from workspace.parcel.file import File, Tenure

# How the holder is named: by capacity, never «holder» (corrections.md).
CAPACITY = {
    Holding.Kind.LEASE: gettext_lazy("Lessee"),
    Holding.Kind.LEASE_TO_OWN: gettext_lazy("Lessee"),
    Holding.Kind.USUFRUCT: gettext_lazy("Usufructuary"),
    Holding.Kind.USE_LICENCE: gettext_lazy("Licensee"),
    Holding.Kind.ALLOCATION: gettext_lazy("Allocated to"),
    Holding.Kind.SALE: gettext_lazy("Buyer"),
    Holding.Kind.SALE_INSTALLMENTS: gettext_lazy("Buyer"),
    Holding.Kind.RESERVATION: gettext_lazy("Reserved for"),
    Holding.Kind.REGULARIZATION: gettext_lazy("Applicant for regularisation"),
    Holding.Kind.ENCROACHMENT: gettext_lazy("Encroacher"),
    Holding.Kind.DISPUTE: gettext_lazy("Other party"),
}


@dataclass(frozen=True)
class Fact:
    """A line: title, value, note."""

    title: str
    value: Any
    note: Any = ""
    url: str = ""


def of_tenure(tenure: Tenure) -> Iterator[Fact]:
    """Name who holds it, in what capacity, under what paper and for how long."""
    holding = tenure.holding
    if holding.party:
        yield Fact(str(CAPACITY[Holding.Kind(holding.kind)]), holding.party, masked(holding.party.national_id_mask))
    yield Fact(holding.get_kind_display(), holding.reference or _("without a number"), period(tenure), tenure.url)


def masked(text: str) -> Any:
    """A masked number reads left to right."""
    return format_html('<span class="ltr num">{}</span>', text) if text else ""


def period(tenure: Tenure) -> Any:
    """Say from when to when, both days included."""
    first = tenure.holding.legal_range.lower
    if tenure.last_day is None:
        return format_html("{} {}", _("from"), day(first)) if first else ""
    return format_html("{} {} {} {}", _("from"), day(first), _("to"), day(tenure.last_day))


def of_register(version: ParcelVersion) -> Iterator[Fact]:
    """What the register says."""
    yield Fact(_("Class of property"), version.get_ownership_class_display(), version.get_location_class_display())
    yield Fact(_("Custodian"), version.custodian, version.custody_decree)
    yield Fact(_("Land use"), version.get_land_use_display())
    if version.register_book or version.register_no:
        yield Fact(_("Register of properties"), entry(version))
    if version.sheet_no or version.cadastral_edition:
        scale = format_html("1:{}", num(version.sheet_scale)) if version.sheet_scale else ""
        yield Fact(_("Survey sheet"), version.sheet_no or "—", scale or version.cadastral_edition)
    if version.sheet_scale and version.cadastral_edition:
        yield Fact(_("Cadastral edition"), version.cadastral_edition)
    if version.registration_system:
        folio = _("folio %(folio)s") % {"folio": shown(version.folio)} if version.folio else ""
        yield Fact(_("Registration system"), version.get_registration_system_display(), folio)
    if version.file_no:
        shelf = _("shelf %(shelf)s") % {"shelf": shown(version.shelf)} if version.shelf else ""
        yield Fact(_("File kept"), shown(version.file_no), shelf)


def entry(version: ParcelVersion) -> str:
    """Return where the parcel stands in the paper register: book, page, entry."""
    named = (
        (_("book %(number)s"), version.register_book),
        (_("page %(number)s"), version.register_page),
        (_("entry %(number)s"), version.register_no),
    )
    return " · ".join(words % {"number": shown(value)} for words, value in named if value)


def of_survey(version: ParcelVersion) -> Iterator[Fact]:
    """How the boundary was measured and brought to the map."""
    if version.survey_method:
        yield Fact(_("Survey method"), version.get_survey_method_display(), accuracy(version.survey_accuracy_m))
    if version.source_crs:
        yield Fact(_("Original coordinates"), masked(version.source_crs), version.source_frame)
    if version.transform_op:
        yield Fact(_("Transformation"), masked(version.transform_op), accuracy(version.transform_accuracy_m))


def accuracy(metres: float | None) -> Any:
    """Say an accuracy in metres."""
    if metres is None:
        return ""
    return format_html("{} {} {}", _("accuracy"), num(round(metres, 3)), _("m"))


def of(file: File) -> list[Fact]:
    """Return the lines of the card."""
    version = file.version
    if version is None:
        return [Fact(_("Status"), file.parcel.get_status_display())]
    lines = [*of_register(version)]
    for tenure in file.tenures:
        lines += of_tenure(tenure)
    return [*lines, *of_survey(version)]
