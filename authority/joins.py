"""Statements over thousands of keys at once: joined by hash, whatever the planner has counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

FEW = 200  # keys that a walk for each is right for


@contextmanager
def joined_by_hash(keys: int) -> Iterator[None]:
    """Within a transaction, let statements over so many keys join by hash.

    A table that was filled and rolled back is taken for empty by the planner until it is counted again; then each of
    ten thousand keys costs a walk through the whole of it, and a second of work takes minutes. After an error the
    setting ends with its transaction.
    """
    if keys <= FEW:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = on")
