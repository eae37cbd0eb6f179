"""Whether the chains hold: computes every hash anew with what PostgreSQL itself brings, never by our own functions.

Whoever can alter rows can alter functions. What the chains alone cannot show (all of a chain computed anew, its tail
cut) the signed heads show, which lie outside the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

from authority.chain.form import DETAIL_DIGEST, DIGEST, ZERO, shown

STEP = 50_000  # links checked by one statement
Progress = Callable[[int], None]
ALTERED, MISSING, INSERTED, ORDER, CUT, REWRITTEN = "altered", "missing", "inserted", "order", "cut", "rewritten"

# The first link of a range that does not hold. A redacted event keeps its detail's digest and names its record.
CHECK = f"""
WITH seen AS MATERIALIZED (
    SELECT l.seq, l.event_id, l.prev_hash, l.hash, e.id,
           lag(l.seq, 1, %(after)s) OVER w AS last_seq, lag(l.hash, 1, %(before)s) OVER w AS last_hash,
           e.id IS NOT NULL AND l.form = 1 AND e.governorate = l.chain
               AND l.digest = {DIGEST} AND l.hash = sha256(l.prev_hash || l.digest)
               AND CASE WHEN l.salt IS NOT NULL THEN l.detail_digest = {DETAIL_DIGEST}
                        ELSE e.detail = '{{"redacted": true}}'::jsonb AND r.action = 'authority.audit_redacted'
                             AND r.object_type = 'authority.auditevent' AND r.object_id = e.id::text
                             AND r.detail ->> 'detail_digest' = encode(l.detail_digest, 'hex')
                             AND x.event_id IS NOT NULL END AS holds
      FROM authority_auditlink AS l
      LEFT JOIN authority_auditevent AS e ON e.id = l.event_id
      LEFT JOIN authority_auditredaction AS d ON d.event_id = l.event_id AND l.salt IS NULL
      LEFT JOIN authority_auditevent AS r ON r.id = d.record_id
      LEFT JOIN authority_auditlink AS x ON x.event_id = r.id
     WHERE l.chain = %(chain)s AND l.seq > %(after)s AND l.seq <= %(to)s
    WINDOW w AS (ORDER BY l.seq)
), bad AS (
    SELECT * FROM seen WHERE seq <> last_seq + 1 OR prev_hash <> last_hash OR holds IS NOT TRUE ORDER BY seq LIMIT 1
)
SELECT (SELECT count(*) FROM seen), (SELECT max(seq) FROM seen), (SELECT hash FROM seen ORDER BY seq DESC LIMIT 1),
       bad.seq, bad.event_id, bad.id IS NULL, bad.last_seq, bad.prev_hash = bad.last_hash
  FROM (VALUES (1)) AS one LEFT JOIN bad ON true
"""  # noqa: S608 - only constants are put in
CHAINS = """
    SELECT chain, max(seq) FROM authority_auditlink GROUP BY chain
    UNION SELECT DISTINCT governorate, 0 FROM authority_auditevent
"""
UNCHAINED = """
    SELECT e.id FROM authority_auditevent AS e
     WHERE e.governorate = %s AND NOT EXISTS (SELECT FROM authority_auditlink AS l WHERE l.event_id = e.id)
     ORDER BY e.id LIMIT 1
"""
AT = "SELECT hash, event_id FROM authority_auditlink WHERE chain = %s AND seq = %s"


@dataclass(frozen=True)
class Fault:
    """The first row of a chain that does not hold."""

    chain: str
    seq: int | None  # None: the event has no link
    event_id: int | None
    what: str

    def told(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {**asdict(self), "chain": shown(self.chain)}


@dataclass(frozen=True)
class Head:
    """Where a chain stood at some time: seq and hash of its last link."""

    chain: str
    seq: int
    hash: bytes


@dataclass(frozen=True)
class Checked:
    """What a check found."""

    rows: int
    seconds: float
    faults: tuple[Fault, ...]


def verify(
    *, chains: Iterable[str] | None = None, start: int = 1, heads: Iterable[Head] = (), progress: Progress | None = None
) -> Checked:
    """Check the chains (all of them), from a link's number on, against heads that were kept outside."""
    began, rows, faults = time.monotonic(), 0, []
    known, told = lengths(), list(heads)
    asked = sorted(chains) if chains is not None else sorted(set(known) | {head.chain for head in told})
    for chain in asked:
        count, fault = _verify(chain, known.get(chain, 0), start, [h for h in told if h.chain == chain], progress)
        rows += count
        faults += [fault] if fault else []
    return Checked(rows, time.monotonic() - began, tuple(faults))


def lengths() -> Mapping[str, int]:
    """Return each chain with the number of its last link; 0 where events have none."""
    found: dict[str, int] = {}
    for chain, seq in _rows(CHAINS, []):
        found[chain] = max(seq, found.get(chain, 0))
    return found


def _verify(
    chain: str, last: int, start: int, heads: list[Head], progress: Progress | None
) -> tuple[int, Fault | None]:
    count, fault = _links(chain, last, start, progress)
    found = [fault, *_against(chain, last, heads), _unchained(chain)]
    worst = [one for one in found if one]
    return count, min(worst, key=lambda one: one.seq or 2**63) if worst else None


def _links(chain: str, last: int, start: int, progress: Progress | None) -> tuple[int, Fault | None]:
    """Check link by link, in steps; the link before the first one is believed."""
    after, count = max(start, 1) - 1, 0
    before = ZERO
    if after:
        known = _rows(AT, [chain, after])
        if not known:
            return 0, Fault(chain, after, None, CUT if after > last else MISSING)
        before = bytes(known[0][0])
    while after < last:
        asked = {"chain": chain, "after": after, "to": after + STEP, "before": before}
        rows, reached, hashed, *bad = _rows(CHECK, asked)[0]
        count += rows
        if bad[0] is not None:
            return count, _named(chain, *bad)
        if not rows:
            return count, Fault(chain, after + 1, None, MISSING)
        after, before = reached, bytes(hashed)
        if progress:
            progress(rows)
    return count, None


def _named(chain: str, seq: int, event_id: int, gone: bool, last_seq: int, follows: bool) -> Fault:
    if seq != last_seq + 1:
        return Fault(chain, last_seq + 1, None, MISSING)
    if gone:
        return Fault(chain, seq, event_id, MISSING)
    return Fault(chain, seq, event_id, ALTERED if follows else ORDER)


def _against(chain: str, last: int, heads: list[Head]) -> Iterator[Fault]:
    """Yield the first head that the chain does not bear out."""
    for head in sorted(heads, key=lambda one: one.seq):
        if head.seq > last:
            yield Fault(chain, last + 1, None, CUT)
            return
        row = _rows(AT, [chain, head.seq])
        if row and bytes(row[0][0]) != head.hash:
            yield Fault(chain, head.seq, row[0][1], REWRITTEN)
            return


def _unchained(chain: str) -> Fault | None:
    row = _rows(UNCHAINED, [chain])
    return Fault(chain, None, row[0][0], INSERTED) if row else None


def _rows(sql: str, values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
