"""The mark that a database itself bears when it is there to practise on.

It is a row that only the owner of the tables can write, and only into an empty register: a real database can never
come to bear it. It travels with a dump; a real dump on a training machine has none.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from authority.models import AuditEvent, TrainingMark
from authority.refusal import Conflict


class _Asked:
    """What the database said: asked once by each process, for the mark is written before the first record."""

    said: bool | None = None


def marked() -> bool:
    """Say whether the database bears the mark; where it does not answer, no."""
    if _Asked.said is None:
        try:
            _Asked.said = read_mark()
        except DatabaseError:
            return False
    return _Asked.said


def read_mark() -> bool:
    """Ask the database."""
    return TrainingMark.objects.exists()


def forget() -> None:
    """Ask again at the next page."""
    _Asked.said = None


def mark(*, at: dt.datetime) -> None:
    """Mark an empty database, as the owner of its tables; raises Conflict `database_not_empty`."""
    if AuditEvent.objects.exists():
        raise Conflict(
            "database_not_empty", _("Only an empty database can be marked for training: this one holds records.")
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO authority_trainingmark (id, marked_at) VALUES (1, %s) ON CONFLICT (id) DO NOTHING", [at]
        )
    forget()


def not_training() -> Conflict:
    """Return the refusal to touch what is not marked."""
    return Conflict(
        "not_training",
        _(
            "The training data can be reset only on a site that is marked for training twice: "
            "by its setting and in its database."
        ),
    )


def require_both_marks() -> None:
    """Raise Conflict `not_training` unless setting and database both say that this is a training site."""
    if not settings.TRAINING or not read_mark():
        raise not_training()
