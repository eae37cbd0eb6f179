"""National numbers are nowhere in plain but in the answer to who reveals one for a reason (threat C12)."""

from __future__ import annotations

import logging
import zlib
from typing import Any

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from authority.models import Place, Role
from jobs.models import Job
from tests.authority.builders import make_user
from tests.exports.builders import body, made, unpacked
from tests.gisapp.house import NOT_OURS, House
from tests.gisapp.rights import ROWS
from tests.parties.builders import MAN, make_party

REVEAL = "api/v1/parties/<uuid:party_id>/reveal/"
ARABIC = MAN.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
SIGHTS = (MAN, ARABIC)


def seen_in_database() -> list[str]:
    """Return the tables with a row that holds the number, in whichever column."""
    tables = [t for t in connection.introspection.table_names() if t not in NOT_OURS | {"spatial_ref_sys"}]
    parts = [f"SELECT '{t}' WHERE EXISTS (SELECT FROM \"{t}\" AS t WHERE t::text ~ %s)" for t in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), ["|".join(SIGHTS)] * len(tables))
        return [row[0] for row in cursor.fetchall()]


def shows(content: bytes) -> bool:
    """Whether an answer holds the number, packed or not."""
    if content[:2] == b"\x1f\x8b":
        content = zlib.decompress(content, 31)
    return any(sight.encode() in content for sight in SIGHTS)


@pytest.mark.slow
def test_a_planted_number_is_seen_nowhere_but_where_it_is_revealed(
    house: House,
    caplog: pytest.LogCaptureFixture,
) -> None:
    keeper = make_user(Role.PROPERTY_OFFICER, place=Place.objects.get(code="19"))
    caplog.set_level(logging.DEBUG)
    sights, revealed = [], 0
    for row in (row for row in ROWS if row.may and row.yes < 400):

        def look(content: bytes, row: Any = row) -> None:
            nonlocal revealed
            if row.route == REVEAL:
                revealed += shows(content)
            elif shows(content):
                sights.append(f"{row.method} {row.route}")
            if row.method != "get":
                sights.extend(f"{row.method} {row.route}: {table}" for table in seen_in_database())

        house.act(row, look)
    Job.objects.all().delete()  # what the things of the house have queued
    DBTaskResult.objects.all().delete()
    sights += ["geojson"] if shows(body(made(keeper, format="geojson"))) else []
    with unpacked(made(keeper, format="xlsx")) as files:
        sights += [f"export {name}" for name in files.namelist() if shows(files.read(name))]
    assert (sights, seen_in_database(), revealed) == ([], [], 1)
    assert [line for line in caplog.text.splitlines() if any(sight in line for sight in SIGHTS)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("written", SIGHTS)
def test_a_number_that_stood_in_a_name_would_be_seen(written: str) -> None:
    make_party(governorate="19", by=make_user(Role.PROPERTY_OFFICER), name_ar=f"شركة {written} للاستثمار")
    assert "parties_party" in seen_in_database()
