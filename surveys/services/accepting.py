"""An accepted survey enters the land book: checked once more, then written, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import execute_values

from authority import audit, clock
from authority.models import Custodian, Place
from authority.refusal import Conflict, Refusal
from jobs.attempts import Attempt
from parcels.facts import Boundary
from parcels.models import LandUse
from parcels.services.survey import Applied, SurveyItem, apply_survey
from parcels.shapes import NAME as REGISTRY_NAME
from surveys.models import StagedFeature, Submission
from surveys.selectors import sound_features
from surveys.services.checking import LAYER, register_version, report
from surveys.services.locking import locked, move
from tiles.services import bump

State = Submission.State
ACCEPTED = "surveys.accepted"
FACTS = ("street", "building_no")


def accept(attempt: Attempt, submission_id: UUID) -> None:
    """Write a survey into the book; one that has become unsound meanwhile goes back to the officer."""
    attempt.progress(10, "check")
    with attempt.publishing(last=True):
        held = locked(Submission(pk=submission_id))
        if held.state != State.ACCEPTING:
            return
        if unsound_by_now(held):
            _back(held, Conflict("register_changed", _("The register changed meanwhile; look at the new faults.")))
            return
        attempt.progress(40, "apply")
        _apply(held, clock.now())


def unsound_by_now(held: Submission) -> bool:
    """Say whether a change of the register since the report makes more of it unsound; renews the report."""
    if register_version(held.governorate) == held.register_version:
        return False
    blocks = held.block_count
    report(held)
    return held.block_count > blocks


def _apply(held: Submission, at: datetime) -> None:
    features = features_of(held)
    officer = held.decided_by
    if officer is None or officer.pk == held.submitted_by_id:
        raise Conflict("submitter_may_not_decide", _("Whoever handed the survey in may not decide on it."))
    items = survey_items(held, features)
    applied = apply_survey(by=officer, at=at, items=items, on=clock.day_of(at), basis=held.number)
    _remember(held, features, applied)
    move(held, State.ACCEPTED, accepted_count=len(applied))
    detail = {"number": held.number, "accepted": len(applied), "held": (held.feature_count or 0) - len(applied)}
    audit.record(ACCEPTED, by=officer, at=at, obj=held, detail=detail)
    bump(LAYER, held.governorate)


def features_of(held: Submission) -> list[StagedFeature]:
    """Return the features that are accepted, without the shapes of which nothing is asked any more."""
    rows = sound_features(held) if held.sound_only else held.features.all()
    unread = ("geom_3857", "geom") if REGISTRY_NAME.fullmatch(held.crs) else ("geom_3857",)
    return list(rows.defer(*unread).order_by("row"))


def survey_items(held: Submission, features: list[StagedFeature]) -> list[SurveyItem]:
    """Return the features as the land book takes them."""
    places = {place.pk: place for place in Place.objects.filter(pk__in={f.mapped["place_id"] for f in features})}
    custodian = held.custodian_id or custodian_for(held.governorate)
    return [
        SurveyItem(
            place=places[feature.mapped["place_id"]],
            custodian_id=custodian,
            number=str(feature.mapped.get("parcel_no") or ""),
            boundary=boundary_of(held, feature),
            facts=facts_of(feature),
            parcel=feature.matches_id,
            match=False,
        )
        for feature in features
    ]


def custodian_for(governorate: str) -> int:
    """Return who has custody of land whose custodian the survey does not name: the governorate's local units."""
    found = Custodian.objects.filter(code=f"local-{governorate}", closed_on=None).first()
    found = found or Custodian.objects.filter(closed_on=None).order_by("pk").first()
    if found is None:
        raise Conflict("custodian_missing", _("No custodian authority is registered for this governorate."))
    return found.pk


def facts_of(feature: StagedFeature) -> dict[str, Any]:
    """Return what the row's columns say of the register's fields; areas in m²."""
    mapped = feature.mapped
    facts: dict[str, Any] = {name: mapped[name] for name in FACTS if mapped.get(name)}
    if mapped.get("land_use") in LandUse.values:
        facts["land_use"] = mapped["land_use"]
    if mapped.get("area_m2"):
        facts["survey_area_m2"] = mapped["area_m2"]
    return facts


def boundary_of(held: Submission, feature: StagedFeature) -> Boundary:
    """Return the boundary of record: as received, in its own system.

    A system that no registry names (the file's own, or belt numbers on another datum) cannot be derived from again:
    there the boundary of record is what was derived, and `made` says from what.
    """
    wkb, crs, made = bytes(feature.source_geom or b""), held.crs, held.source_made
    if not REGISTRY_NAME.fullmatch(held.crs) and feature.geom is not None:
        wkb, crs, made = bytes(feature.geom.wkb), "EPSG:4326", held.crs[:24]
    elif held.axis_swapped:
        wkb, made = swapped(wkb), made or "AXES_SWAPPED"
    return Boundary(
        wkb=wkb,
        crs=crs,
        made=made,
        method=held.survey_method,
        accuracy_m=held.survey_accuracy_m,
        file=held.file,
        row=feature.row,
        encoding=held.encoding,
        attributes=feature.attributes,
    )


def swapped(wkb: bytes) -> bytes:
    """Return the boundary with its two axes in the other order; heights stay."""
    shape = shapely.from_wkb(wkb)
    turned = shapely.transform(shape, lambda xyz: xyz[:, [1, 0, *range(2, xyz.shape[1])]], include_z=shape.has_z)
    return bytes(shapely.to_wkb(turned, flavor="iso"))


def _remember(held: Submission, features: list[StagedFeature], applied: list[Applied]) -> None:
    """Keep which parcel each feature became; the others are held back."""
    held.features.update(decision=StagedFeature.Decision.HELD)
    pairs = [(feature.pk, str(done.parcel_id)) for feature, done in zip(features, applied, strict=True)]
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            """
            UPDATE surveys_stagedfeature s SET became_id = v.parcel, decision = 'ACCEPTED'
              FROM (VALUES %s) AS v (id, parcel) WHERE s.id = v.id
            """,
            pairs,
            template="(%s, %s::uuid)",
            page_size=5000,
        )


def _back(held: Submission, refusal: Refusal) -> None:
    move(
        held,
        State.REPORTED,
        decided_by=None,
        decided_at=None,
        refusal_code=refusal.code,
        refusal_detail=refusal.detail,
    )


def give_back(submission_id: UUID, code: str) -> None:
    """Put a survey whose acceptance failed back before the officer; the caller's transaction marks the job failed."""
    held = locked(Submission(pk=submission_id))
    if held.state == State.ACCEPTING:
        _back(held, Conflict(code, _("The survey could not be written into the register; nothing was changed.")))
