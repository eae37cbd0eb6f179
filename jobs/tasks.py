"""Regular work of the room itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.refusal import Conflict
from jobs.attempts import Attempt
from jobs.registry import task


class AuditBroken(Conflict):
    """A chain of the audit trail does not hold."""

    code = "audit_broken"
    message = _("The audit trail does not hold: see the operators' page.")


@task("jobs.prune", title=_("Remove work that ended long ago from the list"))
def prune(attempt: Attempt) -> None:
    """Remove what nobody looks at any more."""
    from jobs import services

    attempt.progress(100, str(services.prune(at=clock.now())))


@task("audit.check", title=_("Check the chains of the audit trail"))
def check_audit(attempt: Attempt) -> None:
    """Check all chains; a fault fails the job, so that it stands out."""
    from authority.chain import services

    done = 0

    def progress(rows: int) -> None:
        nonlocal done
        done += rows
        attempt.progress(50, str(done))

    found = services.check(by=attempt.queued_by(), at=clock.now(), progress=progress)
    if found.faults:
        raise AuditBroken(faults=len(found.faults))
