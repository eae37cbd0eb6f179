"""What this room declares: acts for the audit trail, its files' owner, its task, its entry on the rail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

import exports.tasks  # noqa: F401 - registers the task
from authority import audit
from documents.policies import register_owner
from exports import policies, services
from ui import rail


def declare() -> None:
    """Declare all of it; called once when the site starts."""
    audit.declare(services.REQUESTED, _("ask for a file"))
    audit.declare(services.WRITTEN, _("write a file with data of the register"))
    audit.declare(services.FAILED, _("fail to write a file"))
    audit.declare(services.HANDED_OUT, _("hand out a file with data of the register"))
    audit.declare(services.EXPIRED, _("end the keeping of a file with data of the register"))
    register_owner(policies.reads_file)
    rail.register(rail.Entry(_("Export"), "exports:list", "file-export", order=80, key="E", may=policies.may_request))
