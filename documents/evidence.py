"""Evidence for a court: the events of a paper or a record, and the links that lead from them to signed heads.

Between an event and the head of its day stand only hashes: nobody else's acts leave the house. Whoever holds the
bundle proves it with `script/prove.py` alone (docs/howto/prove-a-record.md).
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.chain.form import CANONICAL, shown
from authority.chain.services import heads_of
from authority.chain.signing import file_of
from authority.models import AuditEvent, SignedHead, User
from authority.policies import AUDIT_READ, require, scope_of
from authority.refusal import Conflict, NotFound
from authority.selectors import events_visible_to
from documents.issuing import ISSUED, REVOKED
from documents.models import IssuedPaper

GIVEN = "documents.evidence"
MOST_EVENTS, MOST_LINKS = 2_000, 200_000
ROWS = f"""
    SELECT e.id, l.chain, l.seq, {CANONICAL}, l.salt::text, e.detail::text
      FROM authority_auditevent AS e JOIN authority_auditlink AS l ON l.event_id = e.id
     WHERE e.id = ANY (%s) ORDER BY l.chain, l.seq
"""  # noqa: S608 - only constants are put in
LINKS = """
    SELECT encode(prev_hash, 'hex'), encode(digest, 'hex') FROM authority_auditlink
     WHERE chain = %s AND seq >= %s AND seq <= %s ORDER BY seq
"""


def may_take(user: User, governorate: str) -> bool:
    """Say whether the person may take evidence out of a governorate's trail: whoever oversees there."""
    return user.is_active and bool({"", governorate} & scope_of(user).governorates(AUDIT_READ))


@transaction.atomic
def of_paper(paper_id: UUID, *, by: User, at: dt.datetime) -> tuple[str, bytes]:
    """Return name and bytes of the bundle of an issued paper; raises NotFound, NotAllowed, Conflict `head_not_yet`."""
    paper = IssuedPaper.objects.select_related("document").filter(pk=paper_id).first()
    if paper is None or not {"", paper.governorate} & scope_of(by).governorates():
        raise NotFound()
    require(by, AUDIT_READ)
    if not may_take(by, paper.governorate):
        raise NotFound()
    subject = {"paper": paper.number, "sha256": paper.document.sha256}
    made = bundle_of(_events_of(paper), subject)
    audit.record(GIVEN, by=by, at=at, obj=paper, governorate=paper.governorate, detail=subject)
    return f"evidence-{paper.number}.zip", made


def _events_of(paper: IssuedPaper) -> list[int]:
    """Return the events of a paper: its issuing, and its revocation where it was revoked."""
    of_thing = AuditEvent.objects.filter(object_type=paper.object_type, object_id=paper.object_id, action=ISSUED)
    found = list(of_thing.filter(detail__number=paper.number).values_list("pk", flat=True))
    if paper.revoked_at is not None:
        later = AuditEvent.objects.filter(governorate=paper.governorate, action=REVOKED, pk__gt=min(found, default=0))
        found += later.filter(detail__number=paper.number).values_list("pk", flat=True)
    return found


@transaction.atomic
def of_record(object_type: str, object_id: str, *, by: User, at: dt.datetime) -> tuple[str, bytes]:
    """Return name and bytes of the bundle of all that was done to a thing, where the person oversees."""
    if not scope_of(by).holds(AUDIT_READ) or "\x00" in object_type + object_id:
        raise NotFound()
    seen = events_visible_to(by).filter(object_type=object_type, object_id=object_id)
    events = list(seen.order_by("pk").values_list("pk", "governorate")[: MOST_EVENTS + 1])
    if not events or not all(may_take(by, governorate) for _pk, governorate in events):
        raise NotFound()
    made = bundle_of([pk for pk, _governorate in events], {"object_type": object_type, "object_id": object_id})
    detail = {"object_type": object_type, "object_id": object_id, "events": len(events)}
    audit.record(GIVEN, by=by, at=at, governorate=events[0][1], detail=detail)
    return "evidence.zip", made


def bundle_of(event_ids: list[int], subject: dict[str, Any]) -> bytes:
    """Return the bundle as a zip; raises Conflict `head_not_yet`, `evidence_too_long`."""
    rows = _rows(ROWS, [event_ids])
    if not rows or len(rows) < len(event_ids):
        raise Conflict("head_not_yet", _("This was recorded after the last signed head; ask again tomorrow."))
    if len(rows) > MOST_EVENTS:
        raise _too_long()
    segments = list(segments_of([(chain, seq) for _id, chain, seq, *_rest in rows]))
    days = sorted({part["day"] for part in segments})
    heads = SignedHead.objects.filter(day__in=days).select_related("key").order_by("day")
    made = {
        "form": "amlak-evidence-1",
        "site": settings.PUBLIC_URL,
        "subject": subject,
        "events": [{"canonical": text, "salt": salt, "detail": detail} for *_where, text, salt, detail in rows],
        "segments": segments,
        "heads": [file_of(head) for head in heads],
    }
    return _zipped(json.dumps(made, ensure_ascii=False, indent=1).encode())


def _zipped(bundle: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle.json", bundle)
        archive.writestr("prove.py", (settings.BASE_DIR / "script" / "prove.py").read_bytes())
    return out.getvalue()


def segments_of(places: list[tuple[str, int]]) -> Iterator[dict[str, Any]]:
    """Yield the runs of links from the first event before each head that is needed up to that head."""
    ends = _ends()
    runs: dict[tuple[str, str, int], int] = {}
    for chain, seq in places:
        day, last = next(((day, end) for day, end in ends.get(chain, ()) if end >= seq), ("", 0))
        if not day:
            raise Conflict("head_not_yet", _("This was recorded after the last signed head; ask again tomorrow."))
        runs[chain, day, last] = min(seq, runs.get((chain, day, last), seq))
    if sum(last - first + 1 for (_chain, _day, last), first in runs.items()) > MOST_LINKS:
        raise _too_long()
    for (chain, day, last), first in sorted(runs.items()):
        links = _rows(LINKS, [chain, first, last])
        digests = [digest for _before, digest in links]
        told = {"chain": shown(chain), "first_seq": first, "prev_hash": links[0][0], "digests": digests, "day": day}
        yield told


def _ends() -> dict[str, list[tuple[str, int]]]:
    """Return for each chain where it stood on each signed day, the earliest first."""
    ends: dict[str, list[tuple[str, int]]] = {}
    for day, text in SignedHead.objects.order_by("day").values_list("day", "text"):
        for head in heads_of(text):
            ends.setdefault(head.chain, []).append((str(day), head.seq))
    return ends


def _too_long() -> Conflict:
    return Conflict("evidence_too_long", _("More than one bundle can hold: ask for evidence of a single paper."))


def _rows(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
