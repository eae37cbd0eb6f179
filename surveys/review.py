"""What the review page shows: the faults with their numbers, and one fault in detail."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from authority.refusal import NotFound
from parcels.models import LandUse, ParcelVersion
from surveys.checks import BY_CODE
from surveys.checks.run import working_srid
from surveys.models import Fault, StagedFeature, Submission
from surveys.plans import Drawn, plan
from surveys.presenting import advice_of, message_of

ORDER = {"block": 0, "warn": 1, "note": 2}
FIELDS = (("parcel_no", "parcel_no_raw", _("Parcel number")), ("land_use", "land_use", _("Land use")))


@dataclass(frozen=True)
class Detail:
    """One fault with all that helps to decide on it."""

    fault: Fault
    message: str
    advice: str
    area_m2: Decimal | None
    percent: Any
    before: list[Drawn]
    after: list[Drawn]
    changes: list[dict[str, Any]]
    bounds: str  # west,south,east,north


def counts_of(submission: Submission) -> dict[str, int]:
    """Return how many faults there are of each group, and of all."""
    found = {"all": 0, "geometry": 0, "data": 0}
    for code, count in submission.faults.order_by().values_list("code").annotate(Count("pk")):
        found["all"] += count
        if code in BY_CODE and BY_CODE[code].group in found:
            found[BY_CODE[code].group] += count
    return found


def faults_of(submission: Submission, group: str = "") -> QuerySet[Fault]:
    """Return the faults, blocks first, of one group (geometry, data) when it is named."""
    rank = Case(*[When(severity=name, then=Value(n)) for name, n in ORDER.items()], output_field=IntegerField())
    faults = submission.faults.annotate(rank=rank).order_by("rank", "code", "row", "pk")
    codes = [code for code, check in BY_CODE.items() if check.group == group]
    return faults.filter(code__in=codes) if group else faults


def detail(submission: Submission, fault_id: int) -> Detail:
    """Return one fault of the survey; raises NotFound."""
    fault = submission.faults.select_related("feature").filter(pk=fault_id).first()
    if fault is None:
        raise NotFound("fault_not_found")
    version = _registered(fault)
    before, after = _plans(submission, fault, version)
    area = fault.params.get("area_m2") if fault.code.startswith("overlap") else None
    return Detail(
        fault=fault,
        message=message_of(fault),
        advice=advice_of(fault),
        area_m2=Decimal(str(area)) if area else None,
        percent=fault.params.get("percent"),
        before=before,
        after=after,
        changes=_changes(fault.feature, version),
        bounds=_bounds(fault),
    )


def _registered(fault: Fault) -> ParcelVersion | None:
    """Return what the register has: the parcel overlapped, else the one the row speaks of."""
    parcel = fault.other_parcel_id or (fault.feature.matches_id if fault.feature else None)
    return (
        ParcelVersion.objects.filter(parcel_id__in=[parcel] if parcel else [], in_book=True)
        .order_by("-legal_range")
        .first()
    )


def _plans(submission: Submission, fault: Fault, version: ParcelVersion | None) -> tuple[list[Drawn], list[Drawn]]:
    other = submission.features.filter(row=fault.other_row).first() if fault.other_row else None
    srid = working_srid(submission.governorate)
    old = _metric(version.geom if version else other.geom if other else None, srid)
    new = _metric(fault.feature.geom if fault.feature else None, srid)
    hurt = _metric(fault.geom, srid)
    frame = next((shape for shape in (hurt, new, old) if shape is not None and shape.area), None)
    if frame is None:
        return [], []
    shapes = [("old", old), ("new", new), ("hurt", hurt if hurt is not None and hurt.area else None)]
    return plan(shapes[:1], frame) if old is not None else [], plan(shapes, frame)


def _metric(shape: GEOSGeometry | None, srid: int) -> GEOSGeometry | None:
    return None if shape is None else shape.transform(srid, clone=True)


def _changes(feature: StagedFeature | None, version: ParcelVersion | None) -> list[dict[str, Any]]:
    """Return field by field what the register says and what the survey says."""
    if feature is None:
        return []
    rows = [
        {"name": name, "old": _said(getattr(version, field, None), field), "new": _said(feature.mapped.get(key), field)}
        for key, field, name in FIELDS
    ]
    holder = feature.mapped.get("holder")
    return [row for row in rows if row["old"] or row["new"]] + (
        [{"name": _("Occupant named in the file"), "old": "", "new": holder}] if holder else []
    )


def _said(value: Any, field: str) -> str:
    if field == "land_use" and value in LandUse.values:
        return str(LandUse(value).label)
    return str(value or "")


def _bounds(fault: Fault) -> str:
    shape = fault.geom or (fault.feature.geom if fault.feature else None)
    return ",".join(f"{number:.7f}" for number in shape.extent) if shape is not None and not shape.empty else ""
