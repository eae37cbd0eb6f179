"""What the room of law declares to the rooms below it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority import audit
from law import calendar_rules, handover, holidays
from law.services import IN_FORCE, PROPOSED, REFUSED


def declare() -> None:
    """Name the acts on rules and holidays, and the rules of the calendar."""
    audit.declare(PROPOSED, _("Rule of law proposed"))
    audit.declare(IN_FORCE, _("Rule of law put in force"))
    audit.declare(REFUSED, _("Rule of law refused"))
    audit.declare(holidays.PROPOSED, _("Official holiday proposed"))
    audit.declare(holidays.IN_FORCE, _("Official holiday put in force"))
    audit.declare(holidays.REFUSED, _("Official holiday refused"))
    calendar_rules.declare()
    handover.declare()
