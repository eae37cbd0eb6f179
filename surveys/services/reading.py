"""Reading a survey's file: look at it in the sandbox, ask what is not certain, stage what is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import Place
from authority.refusal import Invalid
from documents.services import open_in_sandbox
from importers import reading
from importers.batch import StagedBatch
from importers.crs import FILE
from importers.findings import Inspection, Layer
from importers.messages import refusal
from jobs.attempts import Attempt
from jobs.services import queue
from surveys import asking
from surveys.asked import split_crs
from surveys.checks.run import working_srid
from surveys.models import Question, Submission
from surveys.services.finding import move_to_where_it_lies
from surveys.services.loading import load
from surveys.services.locking import locked, move

State = Submission.State
Kind = Question.Kind
POLYGONS = ("polygon", "mixed")


@dataclass(frozen=True)
class Plan:
    """All that was found certain or answered, with which a layer can be staged."""

    layer: Layer
    encoding: str
    crs: str
    axis_swapped: bool
    mapping: Mapping[str, str]


def read(attempt: Attempt, submission_id: UUID) -> None:
    """Read the file of a survey that waits for it; a survey that has moved on meanwhile is left alone."""
    held = _begin(attempt, submission_id)
    if held is None:
        return
    attempt.progress(10, "inspect")
    answers = _answers(held)
    found = _inspect(held, answers)
    layer = _layer(found, held.layer)
    questions = asking.questions(layer, answers)
    if questions:
        _ask(attempt, held, found, layer, questions)
        return
    attempt.progress(40, "stage")
    plan = _plan(layer, answers)
    with closing(_Removed(_stage(held, plan))) as staged:
        attempt.progress(80, "load")
        _publish(attempt, held, found, plan, staged.batch)


class _Removed:
    """Sees that a batch's files are removed, whatever happens."""

    def __init__(self, batch: StagedBatch) -> None:
        self.batch = batch

    def close(self) -> None:
        self.batch.result.remove()


def _begin(attempt: Attempt, submission_id: UUID) -> Submission | None:
    with attempt.publishing():
        held = locked(Submission(pk=submission_id))
        if held.state not in (State.RECEIVED, State.READING):
            return None
        return move(held, State.READING)


def _answers(submission: Submission) -> dict[str, Any]:
    return dict(submission.questions.filter(answer__isnull=False).values_list("kind", "answer"))


def _inspect(submission: Submission, answers: Mapping[str, Any]) -> Inspection:
    code, _swapped = split_crs(answers.get(Kind.CRS, ""))
    return reading.inspect(
        open_in_sandbox(submission.file),
        submission.file.filename,
        governorate=_outline(submission),
        declared_crs="" if code == FILE else code,
        declared_encoding=answers.get(Kind.ENCODING, ""),
    )


def _outline(submission: Submission) -> bytes | None:
    """Return the outline of the governorate, against which placements are judged; None where it is not known."""
    if not submission.place_given:
        return None
    outline: GEOSGeometry | None = Place.objects.values_list("geom", flat=True).get(code=submission.governorate)
    return bytes(outline.wkb) if outline else None


def _layer(found: Inspection, name: str) -> Layer:
    try:
        layer = found.layer(name)
    except (KeyError, ValueError):
        raise refusal("layer_unknown", {}) from None
    if layer.feature_count == 0:
        raise refusal("no_rows", {})
    if layer.geometry not in POLYGONS:
        raise Invalid("not_polygons", _("The layer holds points or lines; parcels are drawn as polygons."))
    return layer


def _ask(
    attempt: Attempt, submission: Submission, found: Inspection, layer: Layer, questions: list[asking.Asked]
) -> None:
    with attempt.publishing(last=True):
        held = locked(submission)
        if held.state != State.READING:
            return
        for asked in questions:
            Question.objects.update_or_create(
                submission=held, kind=asked.kind, defaults={"choices": asked.choices, "answer": None}
            )
        move(held, State.ASKING, inspection=found.to_json(), layer=layer.name, feature_count=layer.feature_count)


def _plan(layer: Layer, answers: Mapping[str, Any]) -> Plan:
    if Kind.CRS in answers:
        code, swapped = split_crs(answers[Kind.CRS])
    else:
        code, swapped = layer.crs.code, layer.crs.axis_swapped
    return Plan(
        layer=layer,
        encoding=answers.get(Kind.ENCODING) or layer.encoding.chosen,
        crs=code,
        axis_swapped=swapped,
        mapping=answers.get(Kind.COLUMNS, layer.mapping.fields),
    )


def _stage(submission: Submission, plan: Plan) -> StagedBatch:
    return reading.stage(
        open_in_sandbox(submission.file),
        submission.file.filename,
        layer=plan.layer.name,
        encoding=plan.encoding,
        crs=plan.crs,
        axis_swapped=plan.axis_swapped,
        mapping=plan.mapping,
        values=asking.values_for(plan.layer, plan.mapping),
        working_srid=working_srid(submission.governorate),
    )


def _publish(attempt: Attempt, submission: Submission, found: Inspection, plan: Plan, batch: StagedBatch) -> None:
    """Make the staged rows visible and queue their checks, together or not at all."""
    with attempt.publishing(last=True):
        held = locked(submission)
        if held.state != State.READING:
            return
        count = load(held, batch)
        if not held.place_given:
            move_to_where_it_lies(held, at=clock.now())
        move(
            held,
            State.CHECKING,
            inspection=found.to_json(),
            layer=plan.layer.name,
            encoding=plan.encoding,
            crs=plan.crs,
            axis_swapped=plan.axis_swapped,
            mapping=dict(plan.mapping),
            feature_count=count,
            place=held.place,
            governorate=held.governorate,
            number=held.number,
        )
        queue("surveys.check", by=attempt.queued_by(), key=f"surveys.check:{held.pk}", submission=held.pk)
