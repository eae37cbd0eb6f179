"""What is added to a parcel's file: papers, restrictions from papers, and the result of screening."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from authority import audit, changes
from authority.models import User
from authority.refusal import Conflict, Invalid
from documents.models import Document
from parcels import screening
from parcels.facts import within
from parcels.models import Parcel, ParcelDocument, Restriction
from parcels.policies import require_filer
from parcels.services import book


@transaction.atomic
def attach_document(
    *,
    by: User,
    at: dt.datetime,
    parcel: Parcel,
    document: Document,
    title: str,
    number: str = "",
    dated_on: dt.date | None = None,
) -> ParcelDocument:
    """Put a stored document into a parcel's file; raise NotAllowed, Conflict `document_refused`."""
    require_filer(by, parcel)
    if document.state == Document.State.REFUSED:
        raise Conflict("document_refused", _("This file was refused when it was checked."))
    within("title", title, 200)
    within("number", number, 60)
    made = ParcelDocument.objects.create(
        parcel=parcel,
        document=document,
        title=title,
        number=number,
        dated_on=dated_on,
        added_by=by,
        added_at=at,
    )
    _touch(parcel)
    changes.changed("document", [document.root_id])
    detail = {"title": title, "number": number, "sha256": document.sha256}
    audit.record("parcels.document_attached", by=by, at=at, obj=parcel, detail=detail)
    return made


@transaction.atomic
def restrict(*, by: User, at: dt.datetime, parcel: Parcel, text: str) -> Restriction:
    """Enter a restriction from a paper; raise NotAllowed, Invalid `restriction_empty`."""
    require_filer(by, parcel)
    if not text.strip():
        raise Invalid("restriction_empty", _("Say what is restricted and by which paper."))
    made = Restriction.objects.create(
        parcel=parcel, text=within("text", text.strip(), 300), checked_at=at, recorded_by=by
    )
    _touch(parcel)
    audit.record("parcels.restricted", by=by, at=at, obj=parcel, detail={"text": made.text})
    return made


@transaction.atomic
def end_restriction(*, by: User, at: dt.datetime, restriction: Restriction, on: dt.date, reason: str) -> Restriction:
    """End a restriction; it stays in the file."""
    require_filer(by, restriction.parcel)
    if restriction.ended_on is not None:
        raise Conflict("restriction_ended", _("It ended on %(on)s already."), on=restriction.ended_on)
    restriction.ended_on = on
    restriction.save(update_fields=["ended_on"])
    _touch(restriction.parcel)
    detail = {"restriction": restriction.pk, "on": on, "reason": reason}
    audit.record("parcels.restriction_ended", by=by, at=at, obj=restriction.parcel, detail=detail)
    return restriction


@transaction.atomic
def screen(*, by: User, at: dt.datetime, parcel: Parcel) -> list[screening.Finding]:
    """Compare a parcel with every protection layer and write what was found; not checked leaves no row: never clear."""
    require_filer(by, parcel)
    held = book.lock(parcel.pk)
    findings = screening.findings(held)
    for finding in findings:
        if finding.state != screening.State.NOT_CHECKED:
            Restriction.objects.update_or_create(
                parcel=held,
                layer_id=finding.layer_id,
                ended_on=None,
                defaults={
                    "overlap_m2": finding.overlap_m2 or 0,
                    "distance_m": finding.distance_m,
                    "verdict": finding.verdict,
                    "basis": finding.basis[:300],
                    "checked_at": at,
                    "recorded_by": by,
                },
            )
    _touch(held)
    told = {finding.code: str(finding.state) for finding in findings}
    audit.record("parcels.screened", by=by, at=at, obj=held, detail=told)
    return findings


def _touch(parcel: Parcel) -> None:
    Parcel.objects.filter(pk=parcel.pk).update(row_version=F("row_version") + 1)
