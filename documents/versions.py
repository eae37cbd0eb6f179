"""Versions of a paper: a better scan takes the place of an older one, which stays, closed with a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from authority import audit, changes
from authority.models import User
from authority.refusal import Conflict, NotAllowed, NotFound
from documents import intake, policies
from documents.models import Document

REPLACED = "documents.replace"


@dataclass(frozen=True)
class Standing:
    """The version of a paper that stands, and how many older ones there are."""

    document: Document
    older: int


def known(document_id: UUID, user: User) -> Document:
    """Return a document of which the person may know, released or not; raises NotFound."""
    document = Document.objects.select_related("first").filter(pk=document_id, copy_of=None).first()
    if document is None or not policies.may_know(user, document):
        raise NotFound("file_not_found", _("This file is not available."))
    return document


def versions_of(document: Document) -> list[Document]:
    """Return all versions of the paper, the newest first."""
    rows = Document.objects.filter(Q(pk=document.root_id) | Q(first=document.root_id))
    return list(rows.select_related("first", "created_by").order_by("-version"))


def standing(roots: Iterable[UUID]) -> dict[UUID, Standing]:
    """Return for each first version the one that stands, in one query."""
    wanted = list(roots)
    found: dict[UUID, Standing] = {}
    if not wanted:
        return found
    rows = Document.objects.filter(Q(pk__in=wanted) | Q(first__in=wanted)).select_related("first")
    for document in rows.order_by("version"):
        older = found[document.root_id].older + 1 if document.root_id in found else 0
        found[document.root_id] = Standing(document, older)
    return found


@transaction.atomic
def replace(document_id: UUID, *, file: IO[bytes] | File[Any], filename: str, by: User, at: dt.datetime) -> Document:
    """Put a better scan in the place of the version that stands; what hangs on the paper hangs on it from now on.

    Raises NotFound, NotAllowed, Conflict `document_superseded`, `document_same`, and what `intake.take_in` raises.
    """
    root = known(document_id, by).root_id
    Document.objects.select_for_update(of=("self",)).get(pk=root)  # one at a time
    document = known(document_id, by)
    if not policies.may_keep(by, document):
        raise NotAllowed()
    if document.superseded_at is not None or document.closed_at is not None:
        raise Conflict("document_superseded", _("A newer version of this paper stands already."))
    made = intake.take_in(
        file=file, filename=filename, kind=document.kind, by=by, at=at, governorate=document.governorate,
        type=document.type, number=document.number, dated_on=document.dated_on,
    )  # fmt: skip
    if made.sha256 == document.sha256:
        raise Conflict("document_same", _("This is the same file as the one that stands."))
    made.first_id, made.version = root, document.version + 1
    made.save(update_fields=["first", "version"])
    document.superseded_at = at
    document.save(update_fields=["superseded_at"])
    detail = {"sha256": made.sha256, "replaces": document.sha256, "version": made.version}
    audit.record(REPLACED, by=by, at=at, obj=document, detail=detail)
    changes.changed("document", [root])
    return made
