"""Where in the land book a row of the file belongs: its hod, its number's one spelling, the parcel it speaks of."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from authority.models import Place
from parcels import numbers
from surveys.models import Submission

FIND_PARCELS = """
    UPDATE surveys_stagedfeature s SET matches_id = found.parcel_id
      FROM (
        SELECT f.id, (array_agg(DISTINCT v.parcel_id))[1] AS parcel_id
          FROM surveys_stagedfeature f
          JOIN parcels_parcelversion v
            ON v.place_id = (f.mapped ->> 'place_id')::bigint AND v.parcel_no_norm = f.mapped ->> 'parcel_no_norm'
           AND v.in_book AND v.legal_range @> %(today)s::date
         WHERE f.submission_id = %(submission)s AND coalesce(f.mapped ->> 'parcel_no_norm', '') NOT IN ('', %(none)s)
         GROUP BY f.id HAVING count(DISTINCT v.parcel_id) = 1
      ) AS found
     WHERE s.id = found.id
"""

# A row that names the register's own code speaks of that parcel, whatever its number says.
FIND_BY_CODE = """
    UPDATE surveys_stagedfeature s SET matches_id = p.id
      FROM parcels_parcel p JOIN authority_place l ON l.id = p.place_id
     WHERE s.submission_id = %(submission)s AND p.parcel_code = upper(btrim(s.mapped ->> 'parcel_code'))
       AND p.closed_on IS NULL AND l.path LIKE %(governorate)s
"""


ALIKE = str.maketrans("أإآىة", "ااايه")


class Places:
    """The places below the survey's own, found by hod number or by name."""

    def __init__(self, top: Place) -> None:
        self.top = top
        below = list(Place.objects.filter(path__startswith=f"{top.path}.", closed_on__isnull=True))
        self._by_number = _single((place.hod_no, place) for place in below if place.hod_no)
        self._by_name = _single((name, place) for place in below for name in _names(place))

    def of(self, mapped: dict[str, Any]) -> int:
        """Return the id of the deepest place the row names, else of the survey's own place."""
        number, name = key_of(mapped.get("hod_no")), key_of(mapped.get("hod_name"))
        found = self._by_name.get(name) if name else None
        found = found or (self._by_number.get(number) if number else None)
        return (found or self.top).pk


def _single(pairs: Iterable[tuple[str, Place]]) -> dict[str, Place]:
    """Return key → place for keys that name one place only."""
    found: dict[str, set[Place]] = {}
    for key, place in pairs:
        found.setdefault(key_of(key), set()).add(place)
    return {key: next(iter(places)) for key, places in found.items() if key and len(places) == 1}


def _names(place: Place) -> list[str]:
    return [place.name_ar, *place.aliases]


def key_of(text: Any) -> str:
    """Return a name or number as it is compared: digits Latin, letters of one kind, the word hod left out."""
    plain = numbers.clean(str(text or "")).translate(numbers.TO_LATIN)
    alike = plain.translate(ALIKE)
    without = re.sub(r"^(?:حوض|الحوض|ناحيه|شياخه)\s+", "", alike.strip())
    return re.sub(r"\s+", " ", re.sub(r"(?:نمره|رقم)\s*(?=\d)", "", without)).strip()


Key = tuple[str, str, str]  # hod number, hod name, parcel number as written; "" where the row has none


def placed(keys: Iterable[Key], top: Place) -> list[tuple[str, str, str, int, str | None]]:
    """Return for each combination that occurs: itself, the place it lies in, its number's one spelling."""
    places = Places(top)
    return [(*key, places.of({"hod_no": key[0], "hod_name": key[1]}), spelled(key[2])) for key in keys]


def spelled(number: Any) -> str | None:
    """Return the one spelling of a parcel number; None where there is none or it cannot be read."""
    raw = str(number or "").strip()
    if not raw:
        return None
    with contextlib.suppress(numbers.NumberError):
        return numbers.parse(raw).norm
    return None


def find_parcels(submission: Submission, *, today: date) -> None:
    """Set, for each staged row, the one parcel of the register that has its place and number."""
    with connection.cursor() as cursor:
        cursor.execute(FIND_PARCELS, {"submission": submission.pk, "today": today, "none": numbers.NONE})
        cursor.execute(FIND_BY_CODE, {"submission": submission.pk, "governorate": f"{submission.governorate}.%"})
