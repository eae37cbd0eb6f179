"""Reading surveys: they raise NotFound, they never return None."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from authority.models import User
from authority.refusal import NotFound
from surveys.models import Fault, StagedFeature, Submission
from surveys.policies import submissions_visible_to

SHOWN = ("place", "custodian", "submitted_by", "decided_by", "file")


def submission_by_id(submission_id: UUID | str, user: User) -> Submission:
    """Return a survey the user may see; raises NotFound."""
    found = submissions_visible_to(user, Submission.objects.select_related(*SHOWN)).filter(pk=submission_id).first()
    if found is None:
        raise NotFound("submission_not_found")
    return found


def submissions_for(user: User) -> QuerySet[Submission]:
    """Return the surveys the user may see, newest first."""
    rows = Submission.objects.select_related(*SHOWN).defer("inspection").prefetch_related("questions")
    return submissions_visible_to(user, rows).order_by("-submitted_at", "-pk")


def sound_features(submission: Submission) -> QuerySet[StagedFeature]:
    """Return the features that are in no blocking fault, on either side of it."""
    blocks = Fault.objects.filter(submission=submission, severity=Fault.Severity.BLOCK)
    own = blocks.filter(row__isnull=False).values("row")
    others = blocks.filter(other_row__isnull=False).values("other_row")
    return StagedFeature.objects.filter(submission=submission).exclude(row__in=own).exclude(row__in=others)


def sound_count(submission: Submission) -> int:
    """Return how many features are in no blocking fault."""
    blocks = Fault.objects.filter(submission=submission, severity=Fault.Severity.BLOCK)
    rows: set[int] = set()
    for row, other in blocks.values_list("row", "other_row"):
        rows.update(number for number in (row, other) if number is not None)
    return max(0, (submission.feature_count or 0) - len(rows))
