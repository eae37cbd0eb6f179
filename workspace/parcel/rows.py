"""Rows of the parcel page: areas and how they differ, facts, sides, papers, restrictions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from authority.models import Place, in_language
from documents.policies import released
from documents.presenting import Shown, shown
from parcels.models import GoverningArea, Holding, ParcelDocument, ParcelVersion, ProtectionLayer, Restriction
from parcels.screening import EXPECTED
from ui import areas, digits

TOLERANCE = Decimal("0.5")  # per cent (domain.md §2.3: above it the difference is shown as a warning)
SIDES = (("n", "bn"), ("e", "be"), ("s", "bs"), ("w", "bwe"))


@dataclass(frozen=True)
class Paper:
    """A paper of the file: how it was filed, and the version that stands."""

    filed: ParcelDocument
    shown: Shown

    @property
    def taken(self) -> bool:
        """Whether the file can be taken."""
        return released(self.shown.document)


def papers(filed: Sequence[ParcelDocument]) -> list[Paper]:
    """Return the papers as the page shows them, with their versions in one query."""
    found = shown(row.document_id for row in filed)
    return [Paper(row, found[row.document_id]) for row in filed]


@dataclass(frozen=True)
class AreaRow:
    """One of the three areas."""

    source: str
    area_m2: Decimal | None
    split: areas.Split | None
    governing: bool
    difference: Decimal | None  # per cent of the governing area
    warn: bool


@dataclass(frozen=True)
class Side:
    """A boundary as the register words it, or as the plan shows it."""

    code: str
    css: str
    title: str
    text: str
    length: Decimal | None
    from_plan: bool


@dataclass(frozen=True)
class Screened:
    """What screening against one layer found: hit, clear or unchecked."""

    state: str
    title: str
    note: str
    overlap_m2: Decimal | None = None
    distance_m: float | None = None
    on: dt.datetime | None = None
    verdict: str = ""
    basis: str = ""
    pk: int | None = None  # of a restriction from a paper, which can be ended


def governing_m2(version: ParcelVersion) -> Decimal | None:
    """Return the area that counts for money."""
    return version.survey_area_m2 if version.governing_area == GoverningArea.SURVEY else version.deed_area_m2


def shown_m2(version: ParcelVersion) -> Decimal | None:
    """Return the governing area, else the best there is."""
    return governing_m2(version) or version.survey_area_m2 or version.deed_area_m2 or version.geom_area_m2


def difference(area: Decimal | None, base: Decimal | None) -> Decimal | None:
    """Return how far an area differs from the governing one, in per cent."""
    return (area - base) * 100 / base if area is not None and base else None


def area_row(source: str, area: Decimal | None, base: Decimal | None, governing: bool) -> AreaRow:
    """Return one row of the areas' table."""
    gap = None if governing else difference(area, base)
    split = areas.split(area) if area is not None else None
    return AreaRow(source, area, split, governing, gap, gap is not None and abs(gap) > TOLERANCE)


def area_rows(version: ParcelVersion) -> list[AreaRow]:
    """Return the three areas: deed, survey, computed from the drawing."""
    base, governing = governing_m2(version), version.governing_area
    return [
        area_row(_("Title deed"), version.deed_area_m2, base, governing == GoverningArea.DEED),
        area_row(_("Survey"), version.survey_area_m2, base, governing == GoverningArea.SURVEY),
        area_row(_("Computed from the drawing"), version.geom_area_m2, base, False),
    ]


def widest(rows: Sequence[AreaRow]) -> AreaRow | None:
    """Return the row that differs most, if any is beyond the tolerance."""
    return max((row for row in rows if row.warn), key=lambda row: abs(row.difference or Decimal(0)), default=None)


def titles_of_sides() -> dict[str, str]:
    """Return the register's names of the four sides."""
    return {
        "n": _("Northern boundary"),
        "s": _("Southern boundary"),
        "e": _("Eastern boundary"),
        "w": _("Western boundary"),
    }


def sides(version: ParcelVersion, from_plan: dict[str, list[str]]) -> list[Side]:
    """Return the four boundaries; where the register says nothing, the neighbours the plan shows."""
    titles = titles_of_sides()
    rows = []
    for code, css in SIDES:
        written = getattr(version, f"boundary_{code}")
        seen = pgettext("between neighbours", ", ").join(from_plan.get(code, [])[:3])
        length = getattr(version, f"len_{code}")
        rows.append(Side(code, css, titles[code], written or seen, length, bool(not written and seen)))
    return rows


def address(chain: Sequence[Place], version: ParcelVersion | None) -> SafeString:
    """Return the address chain, each unit with its kind and isolated, so that an Arabic street keeps its number."""
    parts = [str(place) for place in chain]
    if version is not None:
        parts.append(" ".join(part for part in (version.street, version.building_no) if part))
    return format_html_join(" · ", "<bdi>{}</bdi>", ((part,) for part in parts if part))


def screened(found: Sequence[Restriction], against: Sequence[ProtectionLayer]) -> list[Screened]:
    """Say of each layer whether it was hit, clear or never checked, and add what papers say."""
    by_layer = {row.layer_id: row for row in found if row.layer_id}
    rows = [of_layer(layer, by_layer.get(layer.pk)) for layer in against]
    there = {layer.code for layer in against}
    rows += [Screened("unchecked", str(title), "") for code, title in EXPECTED.items() if code not in there]
    rows += [
        Screened("hit", row.text, _("from a paper"), on=row.checked_at, pk=row.pk)
        for row in found
        if row.layer_id is None
    ]
    return sorted(rows, key=lambda row: ("hit", "unchecked", "clear").index(row.state))


def of_layer(layer: ProtectionLayer, row: Restriction | None) -> Screened:
    """Say what screening against a layer found."""
    name = in_language(layer.name_ar, layer.name_en)
    if row is None:
        return Screened("unchecked", name, f"{layer.source} · {digits.day(layer.dated_on)}")
    return Screened(
        "hit" if row.is_hit else "clear", name, f"{layer.source} · {digits.day(layer.dated_on)}", row.overlap_m2,
        row.distance_m, row.checked_at, str(row.get_verdict_display()), row.basis,
    )  # fmt: skip


def standing(holdings: Sequence[Holding], on: dt.date) -> Iterator[Holding]:
    """Yield the holdings that are true on the day."""
    for row in holdings:
        lower, upper = row.legal_range.lower, row.legal_range.upper
        if (lower is None or lower <= on) and (upper is None or on < upper):
            yield row


def last_day(row: Any) -> dt.date | None:
    """Return the last day included, as papers print it."""
    upper = row.legal_range.upper
    return upper - dt.timedelta(days=1) if upper else None
