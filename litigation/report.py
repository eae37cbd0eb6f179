"""The register of suits as a table: a row a suit, for the office that answers for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from litigation.models import Hearing, Judgment, Suit, SuitLand

HEADS = (
    _("Suit"), _("Year"), _("Court"), _("Circuit"), _("Filed on"), _("Subject"), _("The state stands as"),
    _("Other side"), _("Land"), _("Place"), _("State"), _("Last hearing"), _("What was decided"), _("Next hearing"),
    _("Judgment"),
    _("Ruled on"), _("Last day of appeal"), _("Value, EGP"), _("File of the State Lawsuits Authority"), _("Ended on"),
)  # fmt: skip


def rows(suits: QuerySet[Suit]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows; the number of queries does not grow with the suits."""
    lands = SuitLand.objects.select_related("parcel", "asset").defer("asset__geom", "asset__geom_3857")
    told = suits.prefetch_related(
        "parties",
        Prefetch("lands", lands),
        Prefetch("hearings", Hearing.objects.order_by("held_on")),
        Prefetch("judgments", Judgment.objects.filter(set_aside_at=None).order_by("ruled_on", "pk")),
    )
    for suit in told.iterator(500):
        yield row(suit)


def row(suit: Suit) -> tuple[Any, ...]:
    """Return one row."""
    hearings, judgments = list(suit.hearings.all()), list(suit.judgments.all())
    held = [one for one in hearings if one.told_at]
    coming = [one for one in hearings if not one.told_at]
    last, ruled = (held[-1] if held else None), (judgments[-1] if judgments else None)
    return (
        suit.number, suit.year, suit.court, suit.circuit, suit.filed_on, suit.get_subject_display(),
        suit.get_our_side_display(), "، ".join(one.name for one in suit.parties.all()),
        "، ".join(land_code(one) for one in suit.lands.all()), str(suit.place), suit.get_state_display(),
        last.held_on if last else None, last.outcome if last else "", coming[0].held_on if coming else None,
        ruled.get_ruling_display() if ruled else "", ruled.ruled_on if ruled else None,
        ruled.appeal_until if ruled else None, suit.value, suit.counsel_file, suit.ended_on,
    )  # fmt: skip


def land_code(land: SuitLand) -> str:
    """Return the code of a parcel, or of an asset."""
    if land.parcel is not None:
        return land.parcel.parcel_code
    return land.asset.asset_code if land.asset is not None else ""
