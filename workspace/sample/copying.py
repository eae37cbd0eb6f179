"""Rows on their way into PostgreSQL by COPY, several batches at once, each batch in one transaction."""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType

import psycopg2
from django.db import connection

NULL = r"\N"


def text(value: str) -> str:
    """Return a text as COPY reads it."""
    return value.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ")


def array(values: Iterable[str]) -> str:
    """Return a PostgreSQL array of plain texts as COPY reads it."""
    return "{" + ",".join('"' + text(one).replace('"', "") + '"' for one in values) + "}"


@dataclass
class Table:
    """A table, the columns that are given and the lines so far."""

    name: str
    columns: Sequence[str]
    lines: list[str] = field(default_factory=list)

    def add(self, *values: object) -> None:
        """Add a row; None is NULL, texts are taken as they are (see `text`)."""
        self.lines.append("\t".join([NULL if one is None else str(one) for one in values]))

    def copy(self, cursor: psycopg2.extensions.cursor) -> None:
        """Send the lines."""
        if self.lines:
            told = f"COPY {self.name} ({', '.join(self.columns)}) FROM STDIN"
            cursor.copy_expert(told, io.StringIO("\n".join(self.lines) + "\n"))


class Writers:
    """Threads with a connection each that write batches while the next ones are being made."""

    def __init__(self, count: int) -> None:
        self.waiting: queue.Queue[Sequence[Table] | None] = queue.Queue(maxsize=count)
        self.failed: list[BaseException] = []
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]

    def __enter__(self) -> Writers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for _ in self.threads:
            self.waiting.put(None)
        for thread in self.threads:
            thread.join()
        if self.failed and error is None:
            raise self.failed[0]

    def put(self, batch: Sequence[Table]) -> None:
        """Hand over the tables of a batch, parents first; raises what a writer met."""
        if self.failed:
            raise self.failed[0]
        self.waiting.put(batch)

    def finish(self) -> None:
        """Wait until everything handed over is written; raises what a writer met."""
        self.waiting.join()
        if self.failed:
            raise self.failed[0]

    def _run(self) -> None:
        own = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
        try:
            while (batch := self.waiting.get()) is not None:
                try:
                    if not self.failed:
                        self._write(own, batch)
                finally:
                    self.waiting.task_done()
        finally:
            own.close()

    def _write(self, own: psycopg2.extensions.connection, batch: Sequence[Table]) -> None:
        try:
            with own, own.cursor() as cursor:
                for table in batch:
                    table.copy(cursor)
        except psycopg2.Error as error:
            self.failed.append(error)


def write_now(batch: Sequence[Table]) -> None:
    """Send a batch inside the caller's transaction."""
    with connection.cursor() as cursor:
        for table in batch:
            table.copy(cursor.cursor)
