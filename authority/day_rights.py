"""What somebody may do on a day, read in one look: own roles, lent ones, and with whom a delegation binds him.

Asked on every request, a tile's too: written out, because building the same from models takes longer than the look.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

# A disabled person holds no role.
HELD = "h.starts_on <= %(on)s AND (h.ends_on IS NULL OR h.ends_on >= %(on)s) AND u.is_active"
# A deputy's power counts on the days of an absence only.
COUNTS = """
    d.confirmed_at IS NOT NULL AND d.starts_on <= %(on)s AND d.ends_on >= %(on)s AND (d.kind = 'DELEGATION' OR EXISTS (
        SELECT FROM authority_absence a WHERE a.user_id = d.giver_id AND a.starts_on <= %(on)s AND a.ends_on >= %(on)s
            AND (a.closed_on IS NULL OR a.closed_on > %(on)s)))
"""
WHERE_HELD = "JOIN authority_office o ON o.id = h.office_id LEFT JOIN authority_place p ON p.id = o.place_id"
# What is lent is a role that the giver holds himself that day, so nothing is lent on. What ends today binds until
# midnight.
RIGHTS = f"""
    SELECT h.role, p.path, o.custodian_id, NULL::uuid, NULL::bigint, NULL::text, NULL::text, NULL::text, NULL::text[],
        NULL::bigint
    FROM authority_roleholding h JOIN authority_user u ON u.id = h.user_id {WHERE_HELD}
    WHERE h.user_id = %(user)s AND {HELD}
    UNION ALL
    SELECT h.role, p.path, o.custodian_id, d.id, d.giver_id, u.name_ar, u.name_en, d.decree, d.files::text[], NULL
    FROM authority_delegation d JOIN authority_user r ON r.id = d.delegate_id
    JOIN authority_roleholding h ON h.user_id = d.giver_id JOIN authority_user u ON u.id = h.user_id {WHERE_HELD}
    WHERE d.delegate_id = %(user)s AND r.is_active AND {HELD} AND {COUNTS}
        AND (d.closed_on IS NULL OR d.closed_on > %(on)s)
        AND (d.role = '' OR d.role = h.role) AND (d.office_id IS NULL OR d.office_id = h.office_id)
    UNION ALL
    SELECT '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, d.giver_id + d.delegate_id - %(user)s
    FROM authority_delegation d
    WHERE %(user)s IN (d.giver_id, d.delegate_id) AND {COUNTS} AND (d.closed_on IS NULL OR d.closed_on >= %(on)s)
"""  # noqa: S608 - built of constants


def rights_on(user_id: int, on: dt.date) -> list[tuple[Any, ...]]:
    """Return role, place's path, custodian; of lent ones delegation, giver, his names, decree, files; last the pair."""
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS, {"user": user_id, "on": on})
        return list(cursor.fetchall())
