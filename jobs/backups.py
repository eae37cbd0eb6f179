"""What is known of backups: the scripts that make them say so here, the operators' page reads it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.refusal import Invalid
from jobs.models import BackupRecord

RECORDED = "jobs.backup_recorded"
MOST_BYTES = 2**62


@transaction.atomic
def record_backup(
    *, by: User, now: datetime, at: datetime, kind: str, size: int, verified_at: datetime | None = None, place: str = ""
) -> BackupRecord:
    """Record a backup made at a time, its size in bytes, and when it was proved by restoring it.

    Raises Invalid `backup_kind`, `backup_size`, `backup_in_future`.
    """
    if kind not in BackupRecord.Kind.values:
        raise Invalid("backup_kind", _("The kind of a backup is FULL, LOG or FILES."))
    if not 0 <= size <= MOST_BYTES:
        raise Invalid("backup_size", _("The size of a backup is a number of bytes."))
    if max(at, verified_at or at) > now:
        raise Invalid("backup_in_future", _("A backup cannot have been made or proved in the future."))
    made = BackupRecord.objects.create(
        at=at, kind=kind, size=size, verified_at=verified_at, place=place[:200], recorded_at=now
    )
    detail = {"kind": kind, "size": size, "verified": verified_at is not None}
    audit.record(RECORDED, by=by, at=now, obj=made, governorate="", detail=detail)
    return made


def last_full() -> BackupRecord | None:
    """Return the newest full backup."""
    return BackupRecord.objects.filter(kind=BackupRecord.Kind.FULL).order_by("-at").first()


def last_proved() -> BackupRecord | None:
    """Return the newest backup that was restored and compared."""
    return BackupRecord.objects.exclude(verified_at=None).order_by("-verified_at").first()
