"""The acts of the audit trail on itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.chain import services, signing
from authority.policies import STAFF, scope_of
from ui import account


def is_staff(user: Any) -> bool:
    """Say whether a person works here."""
    return scope_of(user).holds(STAFF)


def declare() -> None:
    """Name them."""
    account.register(account.Way(_("Delegations and absences"), "authority:delegations", "signature", is_staff))
    audit.declare(services.CHECKED, _("check the audit trail"))
    audit.declare(services.REDACTED, _("redact the detail of an audit event"))
    audit.declare(signing.KEY_MADE, _("make a key that signs the audit's heads"))
    audit.declare(signing.HEAD_SIGNED, _("sign the day's head of the audit trail"))
