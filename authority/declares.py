"""The acts of the audit trail on itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from authority import audit, clock
from authority.chain import services, signing
from authority.keeping import belongings
from authority.models import Delegation, User
from authority.policies import STAFF, USER_ADMINS, scope_of
from ui import account, rail


def is_staff(user: Any) -> bool:
    """Say whether a person works here."""
    return scope_of(user).holds(STAFF)


def keeps_accounts(user: Any) -> bool:
    """Say whether a person keeps accounts; a superuser does without a role, and finds the page by its address."""
    return scope_of(user).holds(USER_ADMINS)


def keys(user: User) -> list[str]:
    """Return a person's living keys."""
    return [str(key) for key in user.api_keys.filter(revoked_at=None, expires_at__gt=clock.now())]


def sessions(user: User) -> list[str]:
    """Return a person's living sessions."""
    return [str(row) for row in user.entries.filter(ended_at=None)]


def delegations(user: User) -> list[str]:
    """Return the delegations that a person gave or received and that are not over."""
    rows = Delegation.objects.filter(Q(giver=user) | Q(delegate=user), closed_at=None, ends_on__gte=clock.today())
    return [str(row) for row in rows.select_related("giver", "delegate")]


# What ends with the account.
OWN = (
    belongings.Belonging("keys", _("Personal keys; they are revoked"), keys),
    belongings.Belonging("sessions", _("Sessions; they end"), sessions),
    belongings.Belonging("delegations", _("Delegations; they are closed"), delegations),
)


def declare() -> None:
    """Name them."""
    account.register(account.Way(_("Delegations and absences"), "authority:delegations", "signature", is_staff))
    rail.register(rail.Entry(_("People and roles"), "authority:people", "users", order=92, may=keeps_accounts))
    for belonging in OWN:
        belongings.register(belonging)
    audit.declare(services.CHECKED, _("check the audit trail"))
    audit.declare(services.REDACTED, _("redact the detail of an audit event"))
    audit.declare(signing.KEY_MADE, _("make a key that signs the audit's heads"))
    audit.declare(signing.HEAD_SIGNED, _("sign the day's head of the audit trail"))
