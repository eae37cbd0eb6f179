"""Handing a survey in: the file is kept, the row made, the reading queued; all of it or nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO, Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import Custodian, Place, User
from authority.refusal import Invalid, NotAllowed, Unavailable
from documents import sandbox
from documents.services import store
from jobs.services import queue
from parcels.models import SurveyMethod
from surveys import policies
from surveys.asked import checked_answer
from surveys.models import Question, Submission
from surveys.services.finding import first_place
from surveys.services.numbering import number_for

RECEIVED = "surveys.receive"
KIND = "survey"


@transaction.atomic
def receive(
    *,
    by: User,
    at: datetime,
    file: IO[bytes] | File[Any],
    filename: str,
    place: Place | None = None,
    custodian: Custodian | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    mapping: dict[str, str] | None = None,
    layer: str = "",
    survey_method: str = "",
    survey_accuracy_m: float | None = None,
    surveyed_on: date | None = None,
) -> Submission:
    """Take a survey in and queue its reading; without a place it lies where its land lies.

    Raises NotAllowed (may_not_submit), Unavailable (sandbox_unavailable), TooLarge, Invalid (crs_unknown,
    encoding_unknown, mapping_unknown, survey_method_unknown, file_empty).
    """
    where = place or first_place(by)
    _require_permission(by, where, custodian)
    _require_sandbox()
    if survey_method and survey_method not in SurveyMethod.values:
        raise Invalid("survey_method_unknown", _("This way of measuring is not known."))
    given = _given(crs=crs, encoding=encoding, columns=mapping)
    document = store(file=file, filename=filename, kind=KIND, by=by, at=at, governorate=where.governorate_code)
    submission = Submission.objects.create(
        number=number_for(where.governorate_code, at),
        governorate=where.governorate_code,
        file=document,
        place=where,
        place_given=place is not None,
        custodian=custodian,
        layer=layer[:200],
        survey_method=survey_method,
        survey_accuracy_m=survey_accuracy_m,
        surveyed_on=surveyed_on,
        submitted_by=by,
        submitted_at=at,
    )
    _keep_answers(submission, given, by, at)
    audit.record(
        RECEIVED, by=by, at=at, obj=submission, detail={"sha256": document.sha256, "number": submission.number}
    )
    queue_reading(submission, by=by, at=at)
    return submission


def _require_permission(by: User, place: Place, custodian: Custodian | None) -> None:
    if not policies.may_submit(by, place, custodian):
        raise NotAllowed(
            "may_not_submit", _("Your roles do not let you hand in a survey of %(place)s."), place=str(place)
        )


def _require_sandbox() -> None:
    reason = sandbox.available()
    if reason:
        raise Unavailable(reason, _("No file can be taken in: this server has no sandbox to open it in."))


def _given(**answers: Any) -> dict[str, Any]:
    return {kind: checked_answer(kind, value) for kind, value in answers.items() if value not in (None, "", {})}


def _keep_answers(submission: Submission, given: dict[str, Any], by: User, at: datetime) -> None:
    Question.objects.bulk_create(
        Question(submission=submission, kind=kind, answer=value, answered_by=by, answered_at=at)
        for kind, value in given.items()
    )


def queue_reading(submission: Submission, *, by: User, at: datetime) -> None:
    """Queue the reading; one live job a survey."""
    queue("surveys.read", by=by, at=at, key=f"surveys.read:{submission.pk}", submission=submission.pk)
