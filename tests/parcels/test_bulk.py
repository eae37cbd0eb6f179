"""COPY writes what was given, whatever characters are in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parcels.services.bulk import copy_rows

texts = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def table(db: None) -> str:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE copied (n int, t text, j jsonb, b bytea) ON COMMIT DROP")
    return "copied"


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(texts | st.none(), st.dictionaries(texts, values, max_size=3), st.binary(max_size=20))))
def test_what_is_copied_in_is_read_back(table: str, rows: list[tuple[Any, Any, bytes]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE copied")
        assert copy_rows(table, ["n", "t", "j", "b"], ((i, *row) for i, row in enumerate(rows))) == len(rows)
        cursor.execute("SELECT t, j, b FROM copied ORDER BY n")
        assert [(t, j if isinstance(j, dict) else json.loads(j), bytes(b)) for t, j, b in cursor] == rows


def test_many_rows_are_streamed(table: str) -> None:
    count = 50_000
    assert copy_rows(table, ["n", "t"], ((i, "ن" * (i % 7)) for i in range(count))) == count
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(length(t)) FROM copied")
        assert cursor.fetchone() == (count, sum(i % 7 for i in range(count)))
