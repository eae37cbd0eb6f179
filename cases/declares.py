"""What the docket brings to the lower rooms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority import audit
from cases.findable import declare_findable


def declare() -> None:
    """Declare what can be found, and actions of the audit trail."""
    declare_findable()
    audit.declare("cases.act", _("Act on a file"))
    audit.declare("cases.paper", _("Paper added to a file"))
