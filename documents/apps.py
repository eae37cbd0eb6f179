"""The room `documents`."""

from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "documents"

    def ready(self) -> None:
        """Make the room's acts known and have orphaned files swept daily."""
        from authority import audit
        from documents import evidence, issuing, reading, services, versions
        from documents.looks import declare
        from jobs import schedule

        audit.declare(services.STORED, _("keep a file"))
        audit.declare(versions.REPLACED, _("put a better scan in the place of a paper"))
        audit.declare(services.SCANNED, _("scan a file for viruses"))
        audit.declare(reading.READ, _("read the words of a paper"))
        audit.declare(services.HANDED_OUT, _("hand out a file"))
        audit.declare(services.CLOSED, _("end the keeping of a file"))
        audit.declare(issuing.ISSUED, _("issue a paper"))
        audit.declare(issuing.REVOKED, _("revoke an issued paper"))
        audit.declare(evidence.GIVEN, _("hand out evidence of a record"))
        declare()
        schedule.daily("documents.sweep")
        schedule.daily("documents.scan_waiting")
        schedule.daily("documents.read_waiting")
        schedule.daily("audit.head", not_before=time(0, 10))
