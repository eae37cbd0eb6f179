"""COPY into tables of the land book: the path of ten thousand features and of the sample's million.

`load` takes instances (or plain tuples) and streams them; nothing is checked but what the database checks, no search
index, no audit, no status: those are the caller's.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import TextIOBase
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import Model
from django.db.models.fields import AutoField, BigAutoField, Field
from psycopg2.extras import Range

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def columns_of(model: type[Model]) -> list[str]:
    """Return the columns that a row brings itself: neither generated nor counted up by the database."""
    return [str(field.column) for field in _fields(model)]


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if not field.generated and not isinstance(field, (AutoField, BigAutoField))
    ]


def load(rows: Sequence[Model]) -> int:
    """Write instances of one model; a geometry may be given as hex EWKB. Return how many."""
    if not rows:
        return 0
    model = type(rows[0])
    names = [field.attname for field in _fields(model)]
    values = ([row.__dict__[name] for name in names] for row in rows)
    return copy_rows(model._meta.db_table, columns_of(model), values)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows of values into a table; return how many."""
    quote = connection.ops.quote_name
    sql = f"COPY {quote(table)} ({', '.join(map(quote, columns))}) FROM STDIN"
    lines = _Lines(map(_line, rows))
    with connection.cursor() as cursor:
        cursor.copy_expert(sql, lines)
        return int(cursor.rowcount)


def _line(row: Sequence[Any]) -> str:
    return "\t".join(map(text, row)) + "\n"


def text(value: Any) -> str:
    """Return a value as COPY's text format writes it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (bytes, memoryview)):
        return "\\\\x" + bytes(value).hex()
    if isinstance(value, GEOSGeometry):
        return value.hexewkb.decode()
    return _text_of_other(value)


def _text_of_other(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str).translate(_ESCAPES)
    if isinstance(value, Range):
        return _range(value)
    if isinstance(value, (datetime, uuid.UUID)):
        return str(value)
    return str(value).translate(_ESCAPES)


def _range(value: Range[Any]) -> str:
    lower, upper = ("" if end is None else end.isoformat() for end in (value.lower, value.upper))
    return f"[{lower},{upper})"


class _Lines(TextIOBase):
    """A file of lines that are made as they are read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._rest = ""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int | None = -1) -> str:
        """Return up to about `size` characters, whole lines at a time; "" at the end."""
        wanted = 1 << 16 if size is None or size < 0 else size
        parts, length = [self._rest], len(self._rest)
        while length < wanted:
            line = next(self._lines, None)
            if line is None:
                break
            parts.append(line)
            length += len(line)
        joined = "".join(parts)
        self._rest = joined[wanted:]
        return joined[:wanted]
