"""Statements that may take only so long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from authority.refusal import Refusal

QUERY_CANCELED = "57014"


@contextmanager
def bounded(timeout: str, refusal: Refusal) -> Iterator[None]:
    """Give the statements within a time, as PostgreSQL writes it ("2s"); raises the refusal beyond."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{timeout}'; SET LOCAL jit = off")
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != QUERY_CANCELED:
            raise
        raise refusal from error
