"""Screening: does a parcel touch, or lie near, what the law protects? A layer that is not there is *not checked*."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import Place
from law.models import LegalRule
from law.selectors import find_rule
from parcels import protection_rules, shapes
from parcels.models import Parcel, ParcelVersion, ProtectionLayer, ProtectionZone

# What every parcel has to be compared with; a governorate's officer loads the layers, dated.
EXPECTED: dict[str, str | Promise] = {
    "nile": _("Nile and its banks"),  # ar: حرم النيل
    "canals": _("canals and drains"),  # ar: منافع الري والصرف
    "roads": _("roads"),  # ar: حرم الطرق
    "railways": _("railways"),
    "antiquities": _("antiquities"),  # ar: آثار
    "power": _("high-voltage lines"),
}
METRES_A_DEGREE = 92_000.0  # of longitude at 34° N: the least anywhere in Egypt, so a window is never too narrow
FALLBACK_SRID = 22992


class State(StrEnum):
    """What is known of a parcel and a layer."""

    HIT = "hit"
    CLEAR = "clear"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class Finding:
    """The result for one layer: overlap in m², distance in m (0 when it touches), what the rule says of it."""

    code: str
    title: str
    state: State
    layer_id: int | None = None
    overlap_m2: Decimal | None = None
    distance_m: float | None = None
    verdict: str = ""
    feature: str = ""
    basis: str = ""


def layers_of(place: Place) -> list[ProtectionLayer]:
    """Return the layers that cover a place: its governorate's own before the country's."""
    rows = ProtectionLayer.objects.filter(Q(covers=None) | Q(covers__code=place.governorate_code))
    found: dict[str, ProtectionLayer] = {}
    for layer in rows.order_by("covers_id"):  # nulls come last in PostgreSQL
        found.setdefault(layer.code, layer)
    return list(found.values())


def findings(parcel: Parcel, on: dt.date | None = None) -> list[Finding]:
    """Compare the standing boundary of a parcel with each layer; without a boundary nothing is checked.

    The rules of the day `on` (today) decide what a distance means.
    """
    version = ParcelVersion.objects.filter(parcel=parcel, in_book=True).order_by("-legal_range").first()
    geom, day = version.geom if version else None, on or clock.today()
    layers = layers_of(parcel.place)
    found = [_of_layer(layer, geom, parcel.place, day) for layer in layers]
    there = {layer.code for layer in layers}
    return found + [
        Finding(code, str(title), State.NOT_CHECKED) for code, title in EXPECTED.items() if code not in there
    ]


def _of_layer(layer: ProtectionLayer, geom: GEOSGeometry | None, place: Place, on: dt.date) -> Finding:
    zones = ProtectionZone.objects.filter(layer=layer)
    if geom is None or not zones.exists():
        return Finding(layer.code, str(layer), State.NOT_CHECKED, layer.pk)
    rule = find_rule(f"protection.{layer.code}", on)
    close = zones.filter(geom__bboverlaps=window(geom, protection_rules.reach(rule.params if rule else None)))
    near = [(zone.feature, bytes(zone.geom.wkb)) for zone in close]
    return _measured(layer, bytes(geom.wkb), near, _srid(place), rule)


def window(geom: GEOSGeometry, metres: float) -> Polygon:
    """Return the box around a shape in which everything within so many metres lies."""
    margin = math.ceil(metres * 1.1) / METRES_A_DEGREE
    west, south, east, north = geom.extent
    box = Polygon.from_bbox((west - margin, south - margin, east + margin, north + margin))
    box.srid = 4326
    return box


def _measured(
    layer: ProtectionLayer, parcel: bytes, zones: list[tuple[str, bytes]], srid: int, rule: LegalRule | None
) -> Finding:
    """Measure outside the database: an overlay there cannot be stopped (a time limit does not reach GEOS)."""
    clear = Finding(layer.code, str(layer), State.CLEAR, layer.pk, basis=rule.source if rule else "")
    if not zones:
        return clear
    (own,), others = shapes.in_metres([parcel], srid), shapes.in_metres([wkb for _feature, wkb in zones], srid)
    params: Mapping[str, Any] | None = rule.params if rule else None
    hit = protection_rules.judged(own, zip((feature for feature, _wkb in zones), others, strict=True), params)
    if hit is None:
        return clear
    overlap = Decimal(f"{_overlap(own, others):.4f}") if hit.distance_m == 0 else Decimal(0)
    return Finding(
        layer.code, str(layer), State.HIT, layer.pk, overlap, round(hit.distance_m, 2), hit.verdict, hit.feature,
        clear.basis,
    )  # fmt: skip


def _overlap(own: shapely.Geometry, others: Iterable[shapely.Geometry]) -> float:
    return float(shapely.area(shapely.union_all([shapely.intersection(own, zone) for zone in others])))


def _srid(place: Place) -> int:
    code = place.governorate_code
    return Place.objects.filter(code=code).values_list("working_srid", flat=True).first() or FALLBACK_SRID
