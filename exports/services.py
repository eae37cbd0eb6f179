"""Asking for a file, making it with the rights of who asked, handing it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

import jobs.services as jobs
from authority import audit, clock
from authority.models import User
from authority.policies import scope_of
from authority.refusal import Refusal
from documents import services as documents
from exports import asking, policies, reading, refusals, selectors
from exports.formats import FORMATS, MAX_BYTES, WAITING_AT_ONCE
from exports.models import Export
from exports.writing import geojson, gpkg, qgz, shape, table_csv, xlsx
from exports.writing.parts import Written
from jobs.attempts import Attempt

REQUESTED: Final = "exports.requested"
WRITTEN: Final = "exports.written"
FAILED: Final = "exports.failed"
EXPIRED: Final = "exports.expired"
HANDED_OUT: Final = "exports.handed_out"
BROKEN: Final = "export_broken"
WRITERS: Final[dict[str, Callable[..., Written]]] = {
    "gpkg": gpkg.write,
    "qgz": qgz.write,
    "shp": shape.write,
    "geojson": geojson.write,
    "xlsx": xlsx.write,
    "csv": table_csv.write,
}


@transaction.atomic
def request_export(*, given: Mapping[str, Any], by: User, at: dt.datetime) -> Export:
    """Take a request in and queue it: `layers`, `format`; optional `srid`, `filters`, `encoding`.

    Raises NotStaff, Invalid, NotFound (a layer out of sight), TooManyRows, NothingFound, QueueFull.
    """
    if not policies.may_request(by):
        raise refusals.NotStaff
    asked = asking.read(given)
    chosen = asking.selections(by, asked.layers, asked.filters)
    User.objects.select_for_update().get(pk=by.pk)
    if Export.objects.filter(created_by=by, state=Export.State.QUEUED).count() >= WAITING_AT_ONCE:
        raise refusals.QueueFull(limit=WAITING_AT_ONCE)
    if not reading.count(chosen, by, asked.format.most_rows):
        raise refusals.NothingFound
    export = Export.objects.create(
        layers=list(asked.layers),
        filters=asked.filters,
        format=asked.format.name,
        srid=asked.srid,
        options={"encoding": asked.encoding, "language": asked.language},
        created_by=by,
        created_at=at,
    )
    jobs.queue("exports.write", key=f"exports.write:{export.pk}", by=by, at=at, export=export.pk)
    audit.record(REQUESTED, by=by, at=at, obj=export, detail=told(export))
    return export


def told(export: Export) -> dict[str, Any]:
    """Return what the audit trail says of a request."""
    filters = {name: text[:500] for name, text in export.filters.items()}
    return {"layers": export.layers, "filters": filters, "format": export.format, "srid": export.srid}


def write(attempt: Attempt, export_id: UUID) -> None:
    """Make the file of a request, with the rights that the requester has now."""
    export = Export.objects.select_related("created_by").get(pk=export_id)
    if export.state != Export.State.QUEUED:
        return
    rights = scope_of(export.created_by).key()
    with TemporaryDirectory(prefix="export-") as folder:
        try:
            written = made(export, Path(folder), attempt.progress)
        except Refusal as refusal:
            with attempt.publishing(last=True):
                fail(export_id, refusal.code)
            return
        with attempt.publishing(last=True):
            publish(export_id, written, rights=rights, at=clock.now())


def made(export: Export, folder: Path, progress: Callable[[float], None] = lambda percent: None) -> Written:
    """Write the file into the folder; every right is asked again. Raises refusals as `request_export` does."""
    user = export.created_by
    if not policies.may_request(user):
        raise refusals.NotStaff
    kind = FORMATS[export.format]
    language = export.options.get("language", "ar")
    with override(language):
        chosen = asking.selections(user, export.layers, export.filters)
        total = reading.count(chosen, user, kind.most_rows)
        if not total:
            raise refusals.NothingFound
        done = 0

        def chunks(selection: asking.Selection) -> Any:
            nonlocal done
            for chunk in reading.chunks(selection, user, export.srid):
                yield chunk
                done += len(chunk)
                if done > kind.most_rows:
                    raise refusals.TooManyRows(limit=kind.most_rows)
                progress(95 * done / max(total, done))

        more = {"encoding": export.options["encoding"]} if export.format == "shp" else {}
        return WRITERS[export.format](folder, chosen, chunks, export.srid, language=language, **more)


def publish(export_id: UUID, written: Written, *, rights: str, at: dt.datetime) -> Export:
    """Put the file into the store and the request into its last state; call it inside a transaction."""
    export = Export.objects.select_for_update().select_related("created_by").get(pk=export_id)
    with written.path.open("rb") as file:
        document = documents.store(
            file=file,
            filename=filename(export, at),
            kind="export",
            by=export.created_by,
            at=at,
            limit=MAX_BYTES,
            made_here=True,
        )
    export.document, export.rows, export.notes = document, written.rows, written.notes
    export.rights, export.state, export.ended_at = rights, Export.State.READY, at
    export.save(update_fields=["document", "rows", "notes", "rights", "state", "ended_at"])
    detail = {**told(export), "rows": export.rows, "sha256": document.sha256}
    audit.record(WRITTEN, by=export.created_by, at=at, obj=export, detail=detail)
    return export


def filename(export: Export, at: dt.datetime) -> str:
    """Return the name under which the file is handed out: made of our own words only."""
    moment = at.astimezone(clock.CAIRO)
    return f"amlak-{'-'.join(export.layers)[:60]}-{moment:%Y%m%d-%H%M}.{FORMATS[export.format].ending}"


@transaction.atomic
def fail(export_id: UUID, code: str) -> None:
    """Say that no file came of a request, and why."""
    export = Export.objects.select_for_update().select_related("created_by").get(pk=export_id)
    if export.state != Export.State.QUEUED:
        return
    at = clock.now()
    export.state, export.refusal, export.ended_at = Export.State.FAILED, code[:60], at
    export.save(update_fields=["state", "refusal", "ended_at"])
    audit.record(FAILED, by=export.created_by, at=at, obj=export, detail={"code": code})


@transaction.atomic
def hand_out(export_id: UUID, *, by: User, at: dt.datetime) -> tuple[Export, Path]:
    """Return a file to who asked for it; raises ExportUnknown, NotReady, RightsChanged."""
    export = selectors.export_by_id(export_id, by)
    if export.state == Export.State.EXPIRED:
        raise refusals.Expired
    if export.state != Export.State.READY or export.document is None:
        raise refusals.NotReady
    if not policies.may_request(by) or not policies.rights_unchanged(by, export):
        raise refusals.RightsChanged
    _document, path = documents.hand_out(export.document.pk, by=by, at=at)
    audit.record(HANDED_OUT, by=by, at=at, obj=export, detail={"sha256": export.document.sha256})
    return export, path


def expire(*, by: User, at: dt.datetime) -> int:
    """Close the files that are older than they are kept; their requests stay. Returns how many."""
    old = at - dt.timedelta(days=settings.EXPORT_DAYS)
    found = (
        Export.objects.filter(state=Export.State.READY, ended_at__lt=old).order_by("pk").values_list("pk", flat=True)
    )
    return sum(_expire(key, by=by, at=at) for key in found)


@transaction.atomic
def _expire(key: UUID, *, by: User, at: dt.datetime) -> bool:
    export = Export.objects.select_for_update(of=("self",)).select_related("document").get(pk=key)
    if export.state != Export.State.READY or export.document is None:
        return False
    export.state = Export.State.EXPIRED
    export.save(update_fields=["state"])
    documents.close(export.document, by=by, at=at)
    audit.record(EXPIRED, by=by, at=at, obj=export, detail={"sha256": export.document.sha256})
    return True
