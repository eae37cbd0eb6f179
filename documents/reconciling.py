"""Whether records and files speak of the same: after a restore one may be older than the other (threat D9)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from documents import store
from documents.models import Document

MISSING, SIZE, BYTES = "missing", "size", "bytes"


@dataclass(frozen=True)
class Dangling:
    """A record whose file is not there or is not what was recorded."""

    document: str
    sha256: str
    why: str


@dataclass(frozen=True)
class Reconciliation:
    """What was found: records without files, files without records, files that were brought back."""

    records: int
    dangling: list[Dangling]
    orphans: list[str]
    brought_back: int


def reconcile(*, hashes: bool = False) -> Reconciliation:
    """Compare all open records with the store; removes nothing, brings back what waits aside and is needed.

    With `hashes` every file is read and compared with its name.
    """
    records, brought_back = 0, 0
    dangling: list[Dangling] = []
    for document in Document.objects.filter(closed_at=None).order_by("created_at").iterator():
        records += 1
        why = fault_of(document, hashes=hashes)
        if why == MISSING and store.bring_back(document.sha256):
            brought_back += 1
            why = fault_of(document, hashes=hashes)
        if why:
            dangling.append(Dangling(str(document.pk), document.sha256, why))
    return Reconciliation(records, dangling, list(orphans()), brought_back)


def fault_of(document: Document, *, hashes: bool) -> str:
    """Return what is wrong with a record's file; empty where nothing is."""
    path = store.path_of(document.sha256)
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return MISSING
    if size != document.size:
        return SIZE
    return BYTES if hashes and hash_of(path) != document.sha256 else ""


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def orphans() -> Iterator[str]:
    """Yield the hashes of files that no record speaks of; the nightly sweep sets them aside for 30 days."""
    for folder in sorted(store.root().glob("??")):
        names = {path.name for path in folder.glob("??/*")}
        known = set(Document.objects.filter(sha256__startswith=folder.name).values_list("sha256", flat=True))
        yield from sorted(names - known)
