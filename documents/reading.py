"""The words of papers, read in the sandbox after the verdict, so that what stands inside can be searched for."""

from __future__ import annotations

import datetime as dt
import shutil
import unicodedata
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from authority import audit, changes
from authority.models import User
from authority.refusal import Invalid, TooLarge
from documents import policies, sandbox
from documents import store as files
from documents.models import Document, DocumentText
from documents.sandbox.limits import MB, Limits
from jobs.services import queue

READ = "documents.read_text"
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff"})
SECONDS = 240
LIMITS = Limits(cpu_s=SECONDS, wall_s=SECONDS + 30, memory_bytes=2048 * MB, output_bytes=16 * MB)
MOST_AT_ONCE = 2_000
LETTERS = 400_000


def readers() -> frozenset[str]:
    """Return the media types whose words can be read here: pictures by Tesseract, PDF by Poppler."""
    seeing = PICTURES if shutil.which("tesseract") else frozenset[str]()
    return seeing | ({"application/pdf"} if shutil.which("pdftotext") else frozenset[str]())


def ask_for(document: Document, *, by: User, at: dt.datetime) -> None:
    """Queue the reading of a paper that may leave quarantine, where something can read it."""
    if document.looked_at is not None and policies.released(document) and document.media_type in readers():
        queue(READ, by=by, at=at, key=f"{READ} {document.pk}", document=document.pk)


def unread() -> QuerySet[Document]:
    """Return the papers nobody has read yet, of the kinds that can be read here."""
    papers = Document.objects.filter(
        ~Q(looked_at=None), media_type__in=readers(), text=None, closed_at=None, superseded_at=None
    )
    return papers.exclude(state__in=(Document.State.QUARANTINED, Document.State.REFUSED))


def ask_for_unread(*, by: User, at: dt.datetime) -> int:
    """Queue papers of a time in which nothing here could read; return how many."""
    waiting = list(unread().order_by("created_at")[:MOST_AT_ONCE])
    for document in waiting:
        ask_for(document, by=by, at=at)
    return len(waiting)


def read(document_id: UUID, *, by: User, at: dt.datetime) -> str:
    """Read the words of a paper and keep them; return how: OCR, LAYER, or NONE where nothing could be read.

    A paper that breaks the reader, or takes it too long, is written down as unread and not tried again.
    """
    document = Document.objects.get(pk=document_id)
    if not policies.released(document) or document.closed_at is not None:
        return ""
    try:
        result = sandbox.run(
            entry="documents.reader.words",
            inputs={"file": files.path_of(document.sha256)},
            request={"media_type": document.media_type, "seconds": SECONDS - 20},
            limits=LIMITS,
        )
    except (Invalid, TooLarge) as fault:
        return keep(document, text="", way=DocumentText.Way.NONE, pages=0, why=fault.code, by=by, at=at)
    result.remove()
    told = result.reply
    way = told.get("way") if told.get("way") in DocumentText.Way.values else DocumentText.Way.NONE
    pages = told.get("pages")
    return keep(
        document,
        text=str(told.get("text", "")),
        way=str(way),
        pages=pages if isinstance(pages, int) else 0,
        by=by,
        at=at,
    )


@transaction.atomic
def keep(document: Document, *, text: str, way: str, pages: int, by: User, at: dt.datetime, why: str = "") -> str:
    """Keep what was read, and tell those who index it."""
    words = cleaned(text)
    way = way if words or way == DocumentText.Way.NONE else str(DocumentText.Way.NONE)
    DocumentText.objects.update_or_create(
        document=document, defaults={"text": words, "way": way, "pages": max(0, min(pages, 32_000)), "read_at": at}
    )
    audit.record(READ, by=by, at=at, obj=document, detail={"way": way, "letters": len(words), "why": why})
    changes.changed("document", [document.root_id])
    return way


def cleaned(text: str) -> str:
    """Return a text as one line of words, without what is unseen."""
    seen = "".join(letter if unicodedata.category(letter)[0] not in "CZ" else " " for letter in text[:LETTERS])
    return " ".join(seen.split())
