"""Who may hand in, see and decide surveys; who hands in does not decide (architecture.md decision 6)."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet

from authority.models import Custodian, Place, Role, User
from authority.policies import STAFF_READ, scope_of
from documents.models import Document
from surveys.models import Submission

SUBMIT: Final[frozenset[str]] = frozenset({Role.SURVEYOR, Role.GIS_OFFICER})
DECIDE: Final[frozenset[str]] = frozenset({Role.GIS_OFFICER})


def may_submit(user: User, place: Place, custodian: Custodian | None = None) -> bool:
    """Say whether the user may hand in a survey of this place."""
    return scope_of(user).allows(SUBMIT, place, custodian.pk if custodian else None)


def submit_places(user: User) -> QuerySet[Place]:
    """Return the places for which the user may hand in surveys."""
    return Place.objects.filter(scope_of(user).places_q("", roles=SUBMIT))


def may_see_submission(user: User, submission: Submission) -> bool:
    """Say whether the user may see this survey."""
    scope = scope_of(user)
    mine = user.is_active and submission.submitted_by_id == user.pk
    return mine or scope.allows(STAFF_READ, submission.place, submission.custodian_id)


def submissions_visible_to(user: User, submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Return those of the surveys that the user may see."""
    if not user.is_active or user.pk is None:
        return submissions.none()
    inside = scope_of(user).places_q("place", "custodian", roles=STAFF_READ)
    return submissions.filter(inside | Q(submitted_by=user))


def has_role_to_decide(user: User, submission: Submission) -> bool:
    """Say whether role and jurisdiction let the user decide here; being the submitter is asked apart."""
    return scope_of(user).allows(DECIDE, submission.place, submission.custodian_id)


def may_decide(user: User, submission: Submission) -> bool:
    """Say whether the user may decide on this survey: an officer of the place who did not hand it in."""
    return has_role_to_decide(user, submission) and submission.submitted_by_id != user.pk


def may_answer(user: User, submission: Submission) -> bool:
    """Say whether the user may answer what was asked of the file: who handed it in, or who could have."""
    mine = user.is_active and submission.submitted_by_id == user.pk
    return mine or may_submit(user, submission.place, submission.custodian)


def reads_file(user: User, document: Document) -> bool:
    """Say whether a stored file belongs to a survey that the user may see."""
    owners = Submission.objects.filter(file=document)
    return submissions_visible_to(user, owners).exists()
