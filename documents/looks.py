"""The signs that this room reads: the sandbox, the layout of papers, and the disk of the store."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents import pdf, sandbox, scanning, services
from documents.models import Document
from jobs import signs
from jobs.looks import disk
from jobs.signs import Light, Sign


def declare() -> None:
    """Declare the lines."""
    signs.register("sandbox", gettext_lazy("Sandbox for files from outside"), shut_in)
    signs.register("viruses", gettext_lazy("Scanner for viruses"), viruses)
    signs.register("papers", gettext_lazy("Layout of papers"), papers)
    signs.register("disk_store", gettext_lazy("Disk of the documents"), lambda now: disk(settings.DOCUMENT_STORE))


def shut_in(now: datetime) -> Sign:
    """Files from outside can be opened where they harm nothing."""
    if sandbox.available():
        return Sign(Light.RED, _("not available"), _("Uploads are refused: install bubblewrap or allow namespaces."))
    return Sign(Light.GREEN, _("available"))


def papers(now: datetime) -> Sign:
    """Papers can be laid out."""
    try:
        pdf.library()
    except pdf.PdfUnavailable:
        return Sign(Light.RED, _("not available"), _("Install the system's library Pango."))
    return Sign(Light.GREEN, _("available"))


def viruses(now: datetime) -> Sign:
    """Files from outside are scanned, and none waits for long."""
    if not scanning.wanted():
        return Sign(Light.AMBER, _("files are not scanned for viruses"), _("Set AMLAK_CLAMD to the address of clamd."))
    try:
        told = scanning.version()
    except scanning.ScannerDownError:
        return Sign(
            Light.RED, _("cannot be reached"), _("Start clamd: files from outside stay in quarantine until then.")
        )
    waiting = Document.objects.filter(state__in=services.WAITING, closed_at=None).count()
    return Sign(Light.GREEN, _("%(version)s; %(count)s files wait") % {"version": told, "count": waiting})
