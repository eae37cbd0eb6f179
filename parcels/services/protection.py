"""Protection layers are loaded whole, dated, with their source; what was screened before has to be screened anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.clock import day_of
from authority.models import Role, User
from authority.policies import require
from authority.refusal import Invalid
from parcels import shapes
from parcels.models import ProtectionLayer, ProtectionZone, Restriction

LOADERS: frozenset[str] = frozenset({Role.GIS_OFFICER})
BATCH = 2000


@dataclass(frozen=True)
class Zone:
    """One zone: WKB of an area in the layer's system."""

    wkb: bytes
    name_ar: str = ""


@transaction.atomic
def load_layer(
    *,
    by: User,
    at: dt.datetime,
    code: str,
    name_ar: str,
    source: str,
    dated_on: dt.date,
    zones: Sequence[Zone],
    crs: str = "EPSG:4326",
    name_en: str = "",
) -> ProtectionLayer:
    """Load a layer in place of the one with this code; raise NotAllowed, Invalid `layer_empty`, `geometry_*`."""
    require(by, LOADERS)
    if not zones:
        raise Invalid("layer_empty", _("The layer has no zones; an empty layer would make everything look clear."))
    derived = shapes.derive([zone.wkb for zone in zones], crs)
    said = {"name_ar": name_ar, "name_en": name_en, "source": source, "dated_on": dated_on, "loaded_by": by}
    layer, _made = ProtectionLayer.objects.update_or_create(code=code, defaults=said)
    ProtectionZone.objects.filter(layer=layer).delete()
    wkbs = shapely.to_wkb(derived.geoms)
    rows = (
        ProtectionZone(layer=layer, name_ar=zone.name_ar[:160], geom=_multipolygon(wkb))
        for zone, wkb in zip(zones, wkbs, strict=True)
    )
    ProtectionZone.objects.bulk_create(rows, batch_size=BATCH)
    Restriction.objects.filter(layer=layer, ended_on=None).update(ended_on=day_of(at))
    detail = {"code": code, "source": source, "dated_on": dated_on, "zones": len(zones)}
    audit.record("parcels.layer_loaded", by=by, at=at, obj=layer, detail=detail)
    return layer


def _multipolygon(wkb: bytes) -> MultiPolygon:
    made = GEOSGeometry(memoryview(wkb), srid=4326)
    if not isinstance(made, MultiPolygon):
        raise TypeError(made.geom_type)
    return made


def outdate_screening(parcel_ids: Collection[UUID], at: dt.datetime) -> None:
    """Boundaries changed: what was screened with the old ones is not checked any more."""
    Restriction.objects.filter(parcel_id__in=parcel_ids, layer__isnull=False, ended_on=None).update(ended_on=day_of(at))
