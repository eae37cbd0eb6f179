"""How a survey is told: to programs as JSON, to people as texts. Body shapes are a contract (docs/reference/api.md)."""

from __future__ import annotations

import json
from typing import Any

from importers.messages import NOTES, ROW_FAULTS
from jobs.models import Job
from surveys.checks import BY_CODE
from surveys.models import Fault, Question, StagedFeature, Submission

State = Submission.State
# Where each state stands on the way, in percent: from, to; the job's own progress lies between.
WAY: dict[str, tuple[int, int]] = {
    State.RECEIVED: (0, 5),
    State.READING: (5, 60),
    State.ASKING: (30, 30),
    State.CHECKING: (60, 99),
    State.REPORTED: (100, 100),
    State.ACCEPTING: (0, 99),
}
LIVE = (Job.State.QUEUED, Job.State.RUNNING)


def progress_of(submission: Submission) -> int:
    """Return how far the present stretch of work is, 0 to 100."""
    start, end = WAY.get(submission.state, (100, 100))
    if start == end:
        return end
    keys = [f"surveys.{name}:{submission.pk}" for name in ("read", "check", "accept")]
    percent = Job.objects.filter(key__in=keys, state__in=LIVE).values_list("percent", flat=True).first() or 0
    return start + (end - start) * percent // 100


def submission_json(submission: Submission) -> dict[str, Any]:
    """Return a survey as the API tells it."""
    return {
        "id": str(submission.pk),
        "state": submission.state,
        "terminal": submission.terminal,
        "progress": progress_of(submission),
        "counts": {
            "block": submission.block_count,
            "warn": submission.warn_count,
            "note": submission.note_count,
        },
        "questions": [question_json(question) for question in sorted(submission.questions.all(), key=lambda q: q.pk)],
        "refusal": refusal_json(submission),
    }


def question_json(question: Question) -> dict[str, Any]:
    """Return a question with what can be answered."""
    return {"kind": question.kind, "choices": question.choices, "answered": question.answer is not None}


def refusal_json(submission: Submission) -> dict[str, str] | None:
    """Return why the survey, or its acceptance, was refused; None when it was not."""
    if not submission.refusal_code:
        return None
    return {"code": submission.refusal_code, "detail": submission.refusal_detail}


def feature_json(feature: StagedFeature, geojson: str | None) -> dict[str, Any]:
    """Return a staged feature as GeoJSON (EPSG:4326); its columns stand verbatim under `attributes`."""
    return {
        "type": "Feature",
        "id": feature.row,
        "geometry": json.loads(geojson) if geojson else None,
        "properties": {
            "row": feature.row,
            "attributes": feature.attributes,
            "mapped": feature.mapped,
            "area_m2": None if feature.geom_area_m2 is None else str(feature.geom_area_m2),
            "transform_op": feature.transform_op,
            "transform_accuracy_m": feature.transform_accuracy_m,
            "decision": feature.decision,
            "parcel": str(feature.became_id) if feature.became_id else None,
        },
    }


def fault_json(fault: Fault, geojson: str | None) -> dict[str, Any]:
    """Return a fault as GeoJSON: its place is the overlap, the crossing, the feature."""
    return {
        "type": "Feature",
        "id": fault.pk,
        "geometry": json.loads(geojson) if geojson else None,
        "properties": {
            "code": fault.code,
            "severity": fault.severity,
            "message": message_of(fault),
            "advice": advice_of(fault),
            "row": fault.row,
            "other_row": fault.other_row,
            "other_parcel": str(fault.other_parcel_id) if fault.other_parcel_id else None,
            "params": fault.params,
        },
    }


def message_of(fault: Fault) -> str:
    """Return what was found, in the reader's language."""
    check = BY_CODE.get(fault.code)
    if check is None:
        return fault.code
    params = {name: told_number(value) for name, value in fault.params.items()}
    if "reason" in params:
        params["reason"] = str(ROW_FAULTS.get(params["reason"], params["reason"])).rstrip(".")
    return str(check.title) % params


def told_number(value: Any) -> Any:
    """Return a number as it is read: grouped, without needless zeros; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def advice_of(fault: Fault) -> str:
    """Return what to do about it."""
    check = BY_CODE.get(fault.code)
    return str(check.advice) if check else ""


def notes_of(submission: Submission) -> list[str]:
    """Return what is worth knowing of the file, though nothing is wrong with its rows."""
    layers = [layer for layer in submission.inspection.get("layers", []) if layer.get("name") == submission.layer]
    codes = [code for layer in layers for code in layer.get("notes", {})]
    return [str(NOTES[code]) for code in codes if code in NOTES]
