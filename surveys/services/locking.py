"""Holding a survey while it is changed, so that of two who decide at once one wins."""

from __future__ import annotations

from authority.refusal import NotFound, Stale
from surveys.models import Submission


def locked(submission: Submission, *, version: int | None = None) -> Submission:
    """Return the survey as it stands, locked until commit; raises Stale when it is not the version that was read."""
    rows = Submission.objects.select_for_update(of=("self",)).select_related(
        "place", "custodian", "file", "submitted_by"
    )
    held = rows.filter(pk=submission.pk).first()
    if held is None:
        raise NotFound("submission_not_found")
    if version is not None and version != held.row_version:
        raise Stale
    return held


def move(held: Submission, state: Submission.State, **fields: object) -> Submission:
    """Set the state of a locked survey together with other fields."""
    held.state = state
    for name, value in fields.items():
        setattr(held, name, value)
    held.row_version += 1
    held.save(update_fields=["state", "row_version", *fields])
    return held
