"""Acts on the chains: a recorded check, and the redaction of an event's detail by two people."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.chain.form import stored
from authority.chain.verifying import Checked, Head, Progress, verify
from authority.models import AuditCheck, AuditEvent, AuditLink, Role, SignedHead, User
from authority.policies import require
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound

CHECKED, REDACTED = "authority.audit_checked", "authority.audit_redacted"


def heads_of(text: str) -> Iterator[Head]:
    """Yield the heads that a signed text names; raises Invalid `bad_head`."""
    try:
        for chain in json.loads(text)["chains"]:
            yield Head(stored(str(chain["chain"])), int(chain["seq"]), bytes.fromhex(chain["hash"]))
    except (ValueError, KeyError, TypeError):
        raise Invalid("bad_head", _("This is no head of the audit trail.")) from None


def heads_in_file(path: Path) -> list[Head]:
    """Return the heads of an exported file; raises Invalid `bad_head`."""
    try:
        text = json.loads(path.read_text(encoding="utf-8"))["text"]
    except (OSError, ValueError, KeyError, TypeError):
        raise Invalid("bad_head", _("This is no head of the audit trail.")) from None
    return list(heads_of(text))


def kept_heads() -> list[Head]:
    """Return all heads that were signed, as the table holds them."""
    return [head for text in SignedHead.objects.values_list("text", flat=True) for head in heads_of(text)]


def check(*, by: User, at: dt.datetime, progress: Progress | None = None) -> Checked:
    """Check all chains against all kept heads, and record what was found."""
    found = verify(heads=kept_heads(), progress=progress)
    with transaction.atomic():
        kept = AuditCheck.objects.create(
            at=at, rows=found.rows, seconds=found.seconds, faults=[fault.told() for fault in found.faults]
        )
        audit.record(
            CHECKED, by=by, at=at, obj=kept, governorate="", detail={"rows": found.rows, "faults": len(found.faults)}
        )
    return found


@transaction.atomic
def redact(*, event_id: int, by: User, approved_by: User, at: dt.datetime, reason: str) -> None:
    """Take the detail from an event for good: an administrator asks, an auditor approves, the reason is recorded.

    Runs as the owner of the tables only. What remains proves the rest of the event, and that exactly this detail went.
    Source: Law 151/2020 on personal data. Raises NotFound, NotAllowed, Invalid, Conflict `event_redacted`.
    """
    require(by, {Role.ADMIN})
    require(approved_by, {Role.AUDITOR})
    if by.pk == approved_by.pk:
        raise NotAllowed("own_proposal")
    if not reason.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."))
    event, link = _to_redact(event_id)
    detail: dict[str, Any] = {
        "detail_digest": bytes(link.detail_digest).hex(), "reason": reason.strip()[:300],
        "approved_by": approved_by.username,
    }  # fmt: skip
    record = audit.record(REDACTED, by=by, at=at, obj=event, governorate=event.governorate, detail=detail)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO authority_auditredaction (event_id, record_id, approved_by_id, reason, at)"
            " VALUES (%s, %s, %s, %s, %s)",
            [event.pk, record.pk, approved_by.pk, detail["reason"], at],
        )
        cursor.execute("""UPDATE authority_auditevent SET detail = '{"redacted": true}' WHERE id = %s""", [event.pk])
        cursor.execute("UPDATE authority_auditlink SET salt = NULL WHERE event_id = %s", [event.pk])


def _to_redact(event_id: int) -> tuple[AuditEvent, AuditLink]:
    link = AuditLink.objects.select_related("event").filter(pk=event_id).first()
    if link is None:
        raise NotFound()
    if link.salt is None:
        raise Conflict("event_redacted", _("The detail of this event was redacted already."))
    if link.event.action == REDACTED:
        raise Conflict("event_is_record", _("The record of a redaction is not redacted itself."))
    return link.event, link
