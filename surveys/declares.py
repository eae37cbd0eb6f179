"""What this room declares to the rooms below: acts for the audit trail, owner of its files, its entry on the rail."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.policies import STAFF_READ, scope_of
from documents.policies import register_owner
from parcels import worklist
from surveys import layers
from surveys.models import Fault, Submission
from surveys.policies import DECIDE, SUBMIT, reads_file
from surveys.services import accepting, answering, deciding, receiving
from ui import rail


def declare() -> None:
    """Declare all of it; called once when the site starts."""
    audit.declare(receiving.RECEIVED, _("hand in a survey"))
    audit.declare(answering.ANSWERED, _("answer a question about a survey's file"))
    audit.declare(deciding.ACCEPT, _("accept a survey"))
    audit.declare(deciding.RETURN, _("return a survey"))
    audit.declare(deciding.WITHDRAW, _("withdraw a survey"))
    audit.declare(accepting.ACCEPTED, _("write a survey into the register"))
    register_owner(reads_file)
    layers.declare()
    worklist.register(
        worklist.Kind(
            "overlap_noted", _("overlap accepted with a note"), overlaps_noted, _("Correct one of the two boundaries.")
        )
    )
    rail.register(
        rail.Entry(_("Surveys"), "surveys:list", "file-upload", order=40, key="S", may=sees_surveys, count=waiting)
    )


def overlaps_noted(governorate: str) -> QuerySet[Any]:
    """Return the parcels that stand as a survey left them which overlapped a neighbour and was accepted."""
    noted = Fault.objects.filter(
        code__startswith="overlap", submission__state=Submission.State.ACCEPTED, feature__became=OuterRef("parcel_id"),
        submission__file=OuterRef("source_file_id"),
    )  # fmt: skip
    return worklist.standing(governorate).filter(Exists(noted)).values("parcel_id")


def sees_surveys(user: Any) -> bool:
    """Say whether the rail shows the surveys."""
    return scope_of(user).holds(STAFF_READ)


def waiting(user: Any) -> int:
    """Return how many surveys wait for this person: to answer, or to decide."""
    scope = scope_of(user)
    asked = Submission.objects.filter(state=Submission.State.ASKING, submitted_by=user).count()
    if not scope.holds(DECIDE):
        return asked if scope.holds(SUBMIT) else 0
    mine = scope.places_q("place", "custodian", roles=DECIDE)
    return asked + Submission.objects.filter(mine, state=Submission.State.REPORTED).exclude(submitted_by=user).count()
