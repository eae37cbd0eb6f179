"""What follows an act on an encroachment, in the transaction of the act."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from authority import clock
from authority.refusal import Invalid
from cases.models import Case
from cases.numbering import next_number
from cases.registry import Done
from encroachments.guards import CLAIMED, encroachment_of
from encroachments.measuring import USUAL_SIGMA_M, Measured, ShapeError, measure
from encroachments.models import Encroachment
from encroachments.selectors import working_srid
from parcels import services as parcels
from parcels.models import Holding
from parcels.selectors import latest_versions

ORDERS = "removal_order"
OVER = ("REMOVED", "CLOSED", "DISMISSED", "REFERRED")
SQUARE = Decimal("0.0001")
ONE_DAY = dt.timedelta(days=1)


def parcel_shape(case: Case) -> GEOSGeometry | None:
    """The standing boundary of the land in question (EPSG:4326)."""
    if case.asset is not None and case.asset.geom is not None and case.asset.geom.area:
        own: GEOSGeometry = case.asset.geom
        return own
    if case.land_id is None:
        return None
    below: GEOSGeometry | None = latest_versions(case.land_id).values_list("geom", flat=True).first()
    return below


def measured_on(case: Case, shape: GEOSGeometry, sigma_m: float) -> Measured:
    """Measure a shape against the land of a case; raises Invalid for an unsound shape or one beside the parcel."""
    land = parcel_shape(case)
    try:
        found = measure(
            shape=shapely.from_wkb(bytes(shape.wkb)),
            parcel=shapely.from_wkb(bytes(land.wkb)) if land is not None else None,
            srid=working_srid(case.governorate, case.geom),
            sigma_m=sigma_m,
        )
    except ShapeError as fault:
        raise Invalid(
            "shape_unsound", _("The boundary cannot be measured: %(reason)s."), reason=str(fault), field="geometry"
        ) from fault
    if found.inside is not None and found.inside.is_empty:
        raise Invalid("beside_parcel", _("The measured boundary lies outside the parcel."), field="geometry")
    return found


def rounded(value: float | None) -> Decimal | None:
    """Square metres as stored."""
    return None if value is None else Decimal(value).quantize(SQUARE)


def as_multi(shape: GEOSGeometry) -> MultiPolygon:
    """One or more areas as stored."""
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon(shape, srid=4326)


def stored(shape: BaseGeometry) -> MultiPolygon:
    """A computed shape as stored: one or more areas in EPSG:4326."""
    return as_multi(GEOSGeometry(memoryview(shape.wkb), srid=4326))


def take_measurement(done: Done) -> None:
    """Write what was measured, and let the land book say which part of the parcel is encroached upon."""
    facts, encroachment = done.facts, encroachment_of(done.case)
    sigma_m = float(facts.get("point_sigma_m") or USUAL_SIGMA_M[facts["method"]])
    found = measured_on(done.case, facts["geometry"], sigma_m)
    encroachment.measured = as_multi(facts["geometry"])
    encroachment.overlap = stored(found.inside) if found.inside is not None else None
    encroachment.method, encroachment.point_sigma_m = facts["method"], sigma_m
    encroachment.measured_m2, encroachment.measured_sigma_m2 = rounded(found.area_m2), rounded(found.sigma_m2)
    encroachment.overlap_m2, encroachment.overlap_sigma_m2 = rounded(found.inside_m2), rounded(found.inside_sigma_m2)
    encroachment.working_srid = found.srid
    for name in ("works", "caught_in_progress", "occupant_name", "seen_on"):
        if facts.get(name):
            setattr(encroachment, name, facts[name])
    replace_holding(encroachment, done)
    encroachment.save()
    done.case.geom = facts["geometry"]  # what was reported before stays with the event of the report
    done.case.save(update_fields=["geom"])


def replace_holding(encroachment: Encroachment, done: Done) -> None:
    """The part of the land that is encroached upon, as last measured."""
    lift(encroachment.holding, done)
    encroachment.holding = place(
        done,
        Holding.Kind.ENCROACHMENT,
        part=encroachment.overlap,
        area_m2=encroachment.overlap_m2 or encroachment.measured_m2,
    )


def place(done: Done, kind: str, **details: Any) -> Holding | None:
    """Place a claim or a wrong beside whatever else holds the land; None where the case stands on none of the book."""
    case = done.case
    if case.parcel is None and case.asset is None:
        return None
    return parcels.place_holding(
        parcel=case.parcel if case.asset is None else None,
        asset=case.asset,
        kind=kind,
        start=clock.day_of(done.at),
        party=case.party,
        case_id=case.pk,
        reference=case.number,
        by=done.by,
        at=done.at,
        **details,
    )


def follow_claim(done: Done) -> None:
    """While a title is claimed the land is shown as disputed."""
    encroachment = encroachment_of(done.case)
    claimed = done.case.state in CLAIMED
    if claimed and encroachment.dispute is None:
        encroachment.title_claim = done.event.note or encroachment.title_claim
        encroachment.dispute = place(done, Holding.Kind.DISPUTE)
    elif not claimed and encroachment.dispute is not None:
        encroachment.dispute = lift(encroachment.dispute, done)
    else:
        return
    encroachment.save(update_fields=["dispute", "title_claim"])


def draft(done: Done) -> None:
    """The draft names its legal basis and the period it gives."""
    encroachment = encroachment_of(done.case)
    encroachment.legal_basis = done.facts.get("legal_basis") or encroachment.legal_basis
    period = done.facts.get("period_days")
    encroachment.period_days = encroachment.period_days if period is None else period
    encroachment.save(update_fields=["legal_basis", "period_days"])


def issue(done: Done) -> None:
    """The order takes the next number of the year."""
    draft(done)
    encroachment = encroachment_of(done.case)
    year, number = next_number(series=ORDERS, governorate=done.case.governorate, at=done.at)
    encroachment.order_number = f"{number}/{year}"
    encroachment.save(update_fields=["order_number"])


def withdraw(done: Done) -> None:
    """A withdrawn order leaves its number in the events, not on the file."""
    Encroachment.objects.filter(case=done.case).update(order_number="")


def end_when_over(done: Done) -> None:
    """What is removed, dismissed or referred no longer stands on the land."""
    encroachment = encroachment_of(done.case)
    if done.case.state not in OVER or encroachment.holding is None:
        return
    if encroachment.holding.legal_range.upper is None:
        encroachment.holding = lift(encroachment.holding, done)
        encroachment.save(update_fields=["holding"])


def lift(holding: Holding | None, done: Done) -> Holding | None:
    """From the day of the act it no longer stands; the row with the days it stood, None where no day is left."""
    if holding is None:
        return None
    return parcels.end_holding(holding=holding, last_day=clock.day_of(done.at) - ONE_DAY, by=done.by, at=done.at)


EFFECTS = {
    "inspect": (take_measurement,),
    "measure_again": (take_measurement,),
    "draft_order": (draft,),
    "issue_order": (issue,),
    "withdraw_order": (withdraw,),
}
AFTER_EACH = (follow_claim, end_when_over)
