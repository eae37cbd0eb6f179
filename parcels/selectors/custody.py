"""Who had custody of a parcel from when to when, and by which decree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from authority.models import Custodian
from parcels.bitemporal import of_range
from parcels.models import Parcel


@dataclass(frozen=True)
class Custody:
    """Custody over a span of law: [since, until), until None: to this day."""

    custodian: Custodian
    decree: str
    decree_on: dt.date | None
    since: dt.date
    until: dt.date | None


def custody_history(parcel: Parcel) -> list[Custody]:
    """Return who had custody, earliest first, as the book says today; changes of other facts do not part a span."""
    rows = parcel.versions.filter(in_book=True).select_related("custodian").order_by("legal_range")
    found: list[Custody] = []
    for row in rows.defer("geom", "geom_3857", "source_geom", "source_attributes"):
        span = of_range(row.legal_range)
        since, until = span.start, span.end
        here = Custody(row.custodian, row.custody_decree, row.custody_decree_on, since, until)
        last = found[-1] if found else None
        if last and (last.custodian, last.decree, last.until) == (here.custodian, here.decree, since):
            found[-1] = replace(last, until=until)
        else:
            found.append(here)
    return found
