"""Taking files in, handing them out, and sweeping away what no record speaks of."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.refusal import NotFound, Unavailable
from documents import policies, reading, scanning
from documents import store as files
from documents.labels import label
from documents.models import Document
from documents.sniffing import media_type
from jobs.services import queue

STORED = "documents.store"
HANDED_OUT = "documents.download"
CLOSED = "documents.close"
SCANNED = "documents.scan"
SCAN = "documents.scan"
SCAN_AGAIN = timedelta(minutes=2)  # while the scanner cannot be asked
WAITING = (Document.State.QUARANTINED, Document.State.UNSCANNED)
SWEEP_AFTER_SECONDS = 24 * 3600
# A database that was restored to an older day does not know the files since: they outlive it by this long.
GRACE_SECONDS = 30 * 24 * 3600

logger = logging.getLogger("documents")


@transaction.atomic
def store(
    *,
    file: IO[bytes] | File[Any],
    filename: str,
    kind: str,
    by: User,
    at: datetime,
    governorate: str = "",
    limit: int | None = None,
    made_here: bool = False,
) -> Document:
    """Keep a file and its record; the bytes are never changed after.

    Where files are scanned, one from outside waits in quarantine for its verdict; `made_here`: the house made it.

    `limit` in bytes (settings.UPLOAD_MAX_BYTES). Raises TooLarge (file_too_large) and Invalid (file_empty).
    """
    kept = files.keep(file, limit=settings.UPLOAD_MAX_BYTES if limit is None else limit)
    _lock_against_sweep(kept.sha256, shared=True)
    if not files.path_of(kept.sha256).exists():
        raise Unavailable("store_busy")
    document = Document.objects.create(
        sha256=kept.sha256,
        size=kept.size,
        media_type=media_type(kept.head),
        filename=label(filename),
        kind=kind,
        state=first_state(made_here),
        governorate=governorate,
        created_by=by,
        created_at=at,
    )
    if document.state == Document.State.QUARANTINED:
        queue(SCAN, by=by, at=at, document=document.pk)
    audit.record(STORED, by=by, at=at, obj=document, detail={"sha256": kept.sha256, "size": kept.size, "kind": kind})
    return document


def first_state(made_here: bool) -> Document.State:
    """Return the state a new file begins in: what the house made is clean, all else waits where files are scanned."""
    if made_here:
        return Document.State.CLEAN
    return Document.State.QUARANTINED if scanning.wanted() else Document.State.UNSCANNED


def open_file(document: Document) -> Path:
    """Return the path of a stored file; raises NotFound when it may not be handed out or is not there."""
    path = files.path_of(document.sha256)
    if not policies.released(document) or document.closed_at is not None:
        raise NotFound("file_not_found", _("This file is not available."))
    if not path.exists() and not files.bring_back(document.sha256):
        logger.error("document %s: its bytes (%s) are not in the store", document.pk, document.sha256)
        raise NotFound("file_missing", _("The register knows this file, but its bytes are not in the store."))
    return path


def open_in_sandbox(document: Document) -> Path:
    """Return the path for a reader that is shut in: a file in quarantine may be read there, one refused nowhere."""
    if document.state not in WAITING:
        return open_file(document)
    path = files.path_of(document.sha256)
    if document.closed_at is not None or not (path.exists() or files.bring_back(document.sha256)):
        raise NotFound("file_missing", _("The register knows this file, but its bytes are not in the store."))
    return path


def scan(document_id: UUID, *, by: User, at: datetime) -> Document.State | None:
    """Ask the scanner about a file in quarantine and decide; None where it cannot be asked now, and the file waits.

    The scanner is asked outside of any transaction; who decided first has decided.
    """
    document = Document.objects.get(pk=document_id)
    if document.state not in WAITING:
        return Document.State(document.state)
    path = open_in_sandbox(document)
    try:
        verdict = scanning.scan(path)
    except scanning.ScannerDownError as down:
        logger.warning("document %s waits for its scan: %s", document.pk, down)
        queue(SCAN, by=by, at=at, not_before=at + SCAN_AGAIN, document=document.pk)
        return None
    return decide(document, verdict, by=by, at=at)


@transaction.atomic
def decide(document: Document, verdict: scanning.Verdict, *, by: User, at: datetime) -> Document.State:
    """Write the verdict on a file in quarantine: released, or refused for ever."""
    held = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if held.state in WAITING:
        held.state = Document.State.CLEAN if verdict.clean else Document.State.REFUSED
        held.scanned_at, held.scan_told, held.scanner = at, verdict.told, verdict.scanner
        held.save(update_fields=["state", "scanned_at", "scan_told", "scanner"])
        detail = {"sha256": held.sha256, "state": held.state, "told": verdict.told, "scanner": verdict.scanner}
        audit.record(SCANNED, by=by, at=at, obj=held, detail=detail)
        reading.ask_for(held, by=by, at=at)
    return Document.State(held.state)


def scan_waiting(*, by: User, at: datetime) -> int:
    """Queue whatever has no verdict and no work that asks for one (once a day, or by hand); return how many.

    That is what lies in quarantine, and what was taken in before a scanner was set.
    """
    if not scanning.wanted():
        return 0
    waiting = list(Document.objects.filter(state__in=WAITING, closed_at=None).values_list("pk", flat=True))
    for document in waiting:
        queue(SCAN, by=by, at=at, key=f"{SCAN} {document}", document=document)
    return len(waiting)


@transaction.atomic
def hand_out(document_id: UUID, *, by: User, at: datetime, original: bool = False) -> tuple[Document, Path]:
    """Return a file to a person who may read it, and record that; raises NotFound.

    Of a picture the copy that was drawn anew is handed out; `original`: the bytes as they came in.
    """
    document = readable(document_id, by)
    open_file(document)
    given = document if original else copy_of(document) or document
    path = open_file(given)
    detail = {"sha256": given.sha256} | ({"original": document.sha256} if given.pk != document.pk else {})
    audit.record(HANDED_OUT, by=by, at=at, obj=document, detail=detail)
    return given, path


def readable(document_id: UUID, user: User) -> Document:
    """Return a document the person may read; raises NotFound."""
    document = Document.objects.select_related("first").filter(pk=document_id, copy_of=None).first()
    if document is None or not policies.may_read(user, document):
        raise NotFound("file_not_found", _("This file is not available."))
    return document


def copy_of(document: Document) -> Document | None:
    """Return the copy that was drawn anew, where there is one."""
    return Document.objects.filter(copy_of=document).first()


@transaction.atomic
def close(document: Document, *, by: User, at: datetime) -> None:
    """End the keeping of a file: its record stays, its bytes go with the next sweep if no other record needs them."""
    document.closed_at = at
    document.save(update_fields=["closed_at"])
    Document.objects.filter(copy_of=document, closed_at=None).update(closed_at=at)
    audit.record(CLOSED, by=by, at=at, obj=document, detail={"sha256": document.sha256})


def sweep(*, now: float | None = None) -> int:
    """Take out files older than a day that no open record speaks of; return how many.

    What was closed goes at once; what no record ever spoke of waits 30 days: an older database may just not know it.
    """
    at = time.time() if now is None else now
    before = at - SWEEP_AFTER_SECONDS
    swept = sum(_sweep(path, before) for path in files.root().glob("??/??/*"))
    waited = [path for path in files.root().glob("aside/*") if path.stat().st_mtime < at - GRACE_SECONDS]
    swept += sum(_sweep_aside(path) for path in waited)
    return swept + sum(_drop(path) for path in files.root().glob("incoming/*") if path.stat().st_mtime < before)


def _sweep(path: Path, before: float) -> int:
    if path.stat().st_mtime >= before:
        return 0
    with transaction.atomic():
        _lock_against_sweep(path.name, shared=False)
        if path.stat().st_mtime >= before or Document.objects.filter(sha256=path.name, closed_at=None).exists():
            return 0
        if Document.objects.filter(sha256=path.name).exists():
            return _drop(path)
        files.set_aside(path)
        return 1


def _sweep_aside(path: Path) -> int:
    if Document.objects.filter(sha256=path.name, closed_at=None).exists():
        return 0
    return _drop(path)


def _drop(path: Path) -> int:
    path.unlink(missing_ok=True)
    return 1


def _lock_against_sweep(sha256: str, *, shared: bool) -> None:
    """Hold, until commit, that a file is being recorded (shared) or being removed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(hashtextextended(%s, 0))",
            [f"documents:{sha256}"],
        )
