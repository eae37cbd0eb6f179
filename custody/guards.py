"""What stands against an act on a file of custody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority.clock import day_of
from authority.refusal import Invalid
from cases.registry import Question


def decree_named(question: Question) -> None:
    """The decree has a number, and a date that has come."""
    facts = question.facts
    if facts is None:
        return
    if not facts.get("decree_no") or not facts.get("decree_on") or not facts.get("in_force_on"):
        raise Invalid("decree_missing", _("Name the decree: its number and date."), field="decree_no")
    if facts["decree_on"] > day_of(question.at):
        raise Invalid("decree_in_future", _("The decree's date lies in the future."), field="decree_on")


GUARDS = {"decree_named": decree_named}
