"""Screening: does a parcel touch, or lie near, what the law protects? A layer that is not there is *not checked*."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authority.models import Place
from parcels import shapes
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
REACH_M = 100.0  # how near counts as a hit with its distance; the rule of law decides what follows
DEGREES = 0.003  # ≥ REACH_M in either direction anywhere in Egypt
FALLBACK_SRID = 22992


class State(StrEnum):
    """What is known of a parcel and a layer."""

    HIT = "hit"
    CLEAR = "clear"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class Finding:
    """The result for one layer: overlap in m², distance in m (0 when it touches)."""

    code: str
    title: str
    state: State
    layer_id: int | None = None
    overlap_m2: Decimal | None = None
    distance_m: float | None = None


def findings(parcel: Parcel) -> list[Finding]:
    """Compare the standing boundary of a parcel with each layer; without a boundary nothing is checked."""
    version = ParcelVersion.objects.filter(parcel=parcel, in_book=True).order_by("-legal_range").first()
    geom = version.geom if version else None
    layers = {layer.code: layer for layer in ProtectionLayer.objects.all()}
    found = [_of_layer(layer, geom, parcel.place) for layer in layers.values()]
    missing = [(code, title) for code, title in EXPECTED.items() if code not in layers]
    return found + [Finding(code, str(title), State.NOT_CHECKED) for code, title in missing]


def _of_layer(layer: ProtectionLayer, geom: GEOSGeometry | None, place: Place) -> Finding:
    zones = ProtectionZone.objects.filter(layer=layer)
    if geom is None or not zones.exists():
        return Finding(layer.code, str(layer), State.NOT_CHECKED, layer.pk)
    west, south, east, north = geom.extent
    near = Polygon.from_bbox((west - DEGREES, south - DEGREES, east + DEGREES, north + DEGREES))
    near.srid = 4326
    close = [bytes(zone.geom.wkb) for zone in zones.filter(geom__bboverlaps=near)]
    return _measured(layer, bytes(geom.wkb), close, _srid(place))


def _measured(layer: ProtectionLayer, parcel: bytes, zones: list[bytes], srid: int) -> Finding:
    """Measure outside the database: an overlay there cannot be stopped (a time limit does not reach GEOS)."""
    if not zones:
        return Finding(layer.code, str(layer), State.CLEAR, layer.pk)
    (own,), others = shapes.in_metres([parcel], srid), shapes.in_metres(zones, srid)
    distance = float(np.min(shapely.distance(own, others)))
    if distance > REACH_M:
        return Finding(layer.code, str(layer), State.CLEAR, layer.pk)
    overlap = _overlap(own, others) if distance == 0 else 0.0
    return Finding(layer.code, str(layer), State.HIT, layer.pk, Decimal(f"{overlap:.4f}"), round(distance, 2))


def _overlap(own: shapely.Geometry, others: Iterable[shapely.Geometry]) -> float:
    return float(shapely.area(shapely.union_all([shapely.intersection(own, zone) for zone in others])))


def _srid(place: Place) -> int:
    code = place.governorate_code
    return Place.objects.filter(code=code).values_list("working_srid", flat=True).first() or FALLBACK_SRID
