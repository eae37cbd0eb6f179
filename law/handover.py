"""What an officer has proposed to the rules and the calendar, and another decides on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority.keeping import belongings
from authority.models import User
from law.models import Holiday, LegalRule


def proposed(user: User) -> list[str]:
    """Return an officer's proposals that wait."""
    rules = LegalRule.objects.filter(proposed_by=user, state=LegalRule.State.PROPOSED)
    days = Holiday.objects.filter(proposed_by=user, state=Holiday.State.PROPOSED)
    return [*(str(rule) for rule in rules), *(str(day) for day in days)]


def declare() -> None:
    """Hand them to who keeps accounts."""
    belongings.register(belongings.Belonging("proposals", _("Proposals that others decide on"), proposed))
