"""What pages and programs say of a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from documents import quality
from documents.models import Document, DocumentText
from documents.versions import standing


@dataclass(frozen=True)
class Mark:
    """One thing said of a paper in a list, with its tone: ok, info, warn, danger, mute."""

    text: str
    tone: str


@dataclass(frozen=True)
class Shown:
    """A paper as lists show it: the version that stands."""

    document: Document
    older: int

    @property
    def type(self) -> str:
        """The type in words; empty where none was told."""
        return str(self.document.get_type_display()) if self.document.type else ""

    @property
    def older_text(self) -> str:
        """How many older versions there are."""
        return _("older versions: %(count)s") % {"count": self.older} if self.older else ""

    @property
    def marks(self) -> list[Mark]:
        """Verdict, PDF/A and what is wrong with the scan."""
        return [*verdict(self.document), *kept_as(self.document), *faults(self.document)]


def verdict(document: Document) -> list[Mark]:
    """Return what the scanner said; of what the house made there is nothing to say."""
    if document.state == Document.State.QUARANTINED:
        return [Mark(_("waits for the virus scan"), "warn")]
    if document.state == Document.State.REFUSED:
        return [Mark(_("refused by the virus scan"), "danger")]
    if document.state == Document.State.UNSCANNED:
        return [Mark(_("not scanned"), "mute")]
    return [Mark(_("scanned, no virus"), "ok")] if document.scanned_at else []


def kept_as(document: Document) -> list[Mark]:
    """Return the archive format a PDF claims, and that it can act."""
    found = [Mark(f"PDF/A-{document.pdfa}", "info")] if document.pdfa else []
    return [*found, Mark(_("holds scripts or attachments"), "danger")] if document.active else found


def faults(document: Document) -> list[Mark]:
    """Return what is wrong with the scan."""
    return [Mark(str(quality.SHORT[code]), "warn") for code in document.warnings if code in quality.SHORT]


def words_of(document: Document) -> str:
    """Say whether its words can be searched for."""
    read = DocumentText.objects.filter(document=document).first()
    if read is None:
        return _("its words were not read")
    told = {"way": read.get_way_display(), "pages": read.pages}
    return str(read.get_way_display()) if not read.pages else _("%(way)s; pages: %(pages)s") % told


def shown(roots: Iterable[UUID]) -> dict[UUID, Shown]:
    """Return papers as lists show them, by their first version."""
    return {root: Shown(one.document, one.older) for root, one in standing(roots).items()}
