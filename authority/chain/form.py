"""Form 1 of the chain, said for whoever checks: what the database computes when an event is added.

    detail_digest = SHA-256(UTF-8(salt ⏎ detail))          detail as PostgreSQL writes jsonb
    digest        = SHA-256(UTF-8(form))                     form: the JSON array FIELDS below, as jsonb writes it
    hash          = SHA-256(prev_hash ‖ digest)              prev_hash of the first link: 32 zero bytes

Times are UTC with microseconds; the hash of the detail is salted, so that a redaction leaves nothing to guess at.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = "amlak-audit-1"
# What the array holds, in this order.
FIELDS: Final = (
    "form", "chain", "seq", "id", "at", "recorded_at", "actor", "action", "object_type", "object_id", "request",
    "detail_digest",
)  # fmt: skip
ZERO: Final = bytes(32)
NO_GOVERNORATE: Final = "-"  # how the chain of events without a governorate is called outside the database
MOMENT: Final = """'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"""

# Needs rows named e (authority_auditevent) and l (authority_auditlink).
DETAIL_DIGEST: Final = "sha256(convert_to(l.salt::text || chr(10) || e.detail::text, 'UTF8'))"
CANONICAL: Final = f"""jsonb_build_array('{VERSION}', e.governorate, l.seq, e.id,
    to_char(e.at AT TIME ZONE 'UTC', {MOMENT}), to_char(e.recorded_at AT TIME ZONE 'UTC', {MOMENT}),
    e.actor_id, e.action, e.object_type, e.object_id, e.request_id, encode(l.detail_digest, 'hex'))::text"""
DIGEST: Final = f"sha256(convert_to({CANONICAL}, 'UTF8'))"


def shown(chain: str) -> str:
    """Return how a chain is called."""
    return chain or NO_GOVERNORATE


def stored(chain: str) -> str:
    """Return a chain as the database names it."""
    return "" if chain == NO_GOVERNORATE else chain
