"""The acts of the audit trail on itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.chain import services, signing


def declare() -> None:
    """Name them."""
    audit.declare(services.CHECKED, _("check the audit trail"))
    audit.declare(services.REDACTED, _("redact the detail of an audit event"))
    audit.declare(signing.KEY_MADE, _("make a key that signs the audit's heads"))
    audit.declare(signing.HEAD_SIGNED, _("sign the day's head of the audit trail"))
