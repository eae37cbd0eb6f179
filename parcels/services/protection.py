"""Protection layers are loaded whole, dated, with their source; what was screened before has to be screened anew."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.clock import day_of
from authority.models import Place, Role, User
from authority.policies import require
from authority.refusal import Invalid
from parcels import shapes
from parcels.facts import within
from parcels.models import ProtectionLayer, ProtectionZone, Restriction

Feature = ProtectionZone.Feature
LOADERS: frozenset[str] = frozenset({Role.GIS_OFFICER})
BATCH = 2000
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class Zone:
    """One zone: WKB of an area, or of a line to measure from, in the layer's system."""

    wkb: bytes
    name_ar: str = ""
    feature: str = Feature.AREA


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
    covers: Place | None = None,
) -> ProtectionLayer:
    """Load a layer in place of the one with this code that covers the same governorate (None: the whole country).

    What was screened before is not checked any more. Raise NotAllowed, Invalid `layer_empty`, `layer_code`,
    `geometry_*`.
    """
    require(by, LOADERS, place=covers)
    if not CODE.fullmatch(code):
        raise Invalid("layer_code", _("A layer's code is made of a–z, 0–9 and hyphens."))
    if not zones:
        raise Invalid("layer_empty", _("The layer has no zones; an empty layer would make everything look clear."))
    placed = shapes.placed([zone.wkb for zone in zones], crs)
    said = {
        "name_ar": within("name_ar", name_ar, 160),
        "name_en": within("name_en", name_en, 160),
        "source": within("source", source, 200),
        "dated_on": dated_on,
        "loaded_by": by,
        "loaded_at": at,
    }
    layer, _made = ProtectionLayer.objects.update_or_create(code=code, covers=covers, defaults=said)
    ProtectionZone.objects.filter(layer=layer).delete()
    rows = (
        ProtectionZone(
            layer=layer,
            name_ar=zone.name_ar[:160],
            feature=Feature(zone.feature),
            geom=GEOSGeometry(memoryview(wkb), srid=4326),
        )
        for zone, wkb in zip(zones, shapely.to_wkb(placed), strict=True)
    )
    ProtectionZone.objects.bulk_create(rows, batch_size=BATCH)
    # A parcel that was compared with the country's layer has to be compared with its governorate's own, too.
    outdated = Restriction.objects.filter(layer__code=code, ended_on=None)
    if covers is not None:
        outdated = outdated.filter(parcel__place__path__startswith=covers.path)
    outdated.update(ended_on=day_of(at))
    detail = {"code": code, "source": source, "dated_on": dated_on, "zones": len(zones)}
    audit.record("parcels.layer_loaded", by=by, at=at, obj=layer, detail=detail)
    return layer


def outdate_screening(parcel_ids: Collection[UUID], at: dt.datetime) -> None:
    """Boundaries changed: what was screened with the old ones is not checked any more."""
    Restriction.objects.filter(parcel_id__in=parcel_ids, layer__isnull=False, ended_on=None).update(ended_on=day_of(at))
