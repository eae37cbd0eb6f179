"""The shapes of an edit as pages and programs show them: degrees, m², feddan, qirat and sahm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import shapely

from parcels import areas, shapes
from parcels.models import EditProposal
from parcels.services.edit_plan import Plan


def shapes_planned(plan: Plan) -> list[dict[str, Any]]:
    """Return the shapes of a preview."""
    return [
        {
            "parcel": one.before.parcel.pk if one.before else None,
            "parcel_code": one.before.parcel.parcel_code if one.before else "",
            "number": one.before.version.parcel_no_raw if one.before else one.number,
            "row_version": one.before.parcel.row_version if one.before else None,
            "before": _geojson(one.before.shape if one.before else None, plan.srid),
            "after": _geojson(one.after, plan.srid),
            "made": None,
            **_areas(one.area_before, one.area_after),
        }
        for one in plan.changes
    ]


def shapes_of(edit: EditProposal) -> Iterator[dict[str, Any]]:
    """Yield the shapes of a proposal."""
    for row in edit.shapes.select_related("parcel", "stood").order_by("position"):
        yield {
            "parcel": row.parcel_id,
            "parcel_code": row.parcel.parcel_code if row.parcel else "",
            "number": row.stood.parcel_no_raw if row.stood else row.number,
            "row_version": row.row_version,
            "before": _geojson(_shape(row.before), edit.working_srid),
            "after": _geojson(_shape(row.after), edit.working_srid),
            "made": row.made_id,
            **_areas(row.area_before, row.area_after),
        }


def _shape(wkb: Any) -> Any:
    return None if wkb is None else shapely.from_wkb(bytes(wkb))


def _geojson(shape: Any, srid: int) -> Any:
    if shape is None:
        return None
    (lonlat,) = shapes.from_working([shape], srid)
    return json.loads(shapely.to_geojson(lonlat))


def _areas(before: Decimal | None, after: Decimal | None) -> dict[str, Any]:
    return {
        "area_before_m2": before,
        "area_after_m2": after,
        "fqs_before": None if before is None else areas.m2_to_fqs(before),
        "fqs_after": None if after is None else areas.m2_to_fqs(after),
    }
