"""The audit trail: what was done, by whom, to what; written in the transaction of the act itself, never changed after.

An action has to be declared before it can be recorded, so that the list of all actions with their titles is known.
National numbers are masked in whatever detail is given: the trail is read by more people than the person's file.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from authority import request_id
from authority.models import AuditEvent, Place, User
from authority.refusal import Text, plain

ACTIONS: dict[str, Text] = {}
NATIONAL_ID = re.compile(r"(?<![0-9A-Za-z-])([23])\d{6}\d{2}(\d{5})(?![0-9A-Za-z-])")
TO_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


class UndeclaredActionError(LookupError):
    """The action was never declared: a mistake of the program, not of the user."""


class OutsideTransactionError(RuntimeError):
    """An act and its audit must stand or fall together."""


def declare(action: str, title: Text) -> str:
    """Make an action known, with the title under which people read it; returns the action."""
    if ACTIONS.get(action, title) != title:
        raise ValueError(f"audit action {action!r} is declared twice with different titles")
    ACTIONS[action] = title
    return action


def title_of(action: str) -> str:
    """Return the action's title in the reader's language."""
    return str(ACTIONS.get(action, action))


@contextmanager
def one_request(given: uuid.UUID | None = None) -> Iterator[uuid.UUID]:
    """Give all events recorded inside the same request id."""
    number = given or uuid.uuid4()
    token = request_id.current.set(number)
    try:
        yield number
    finally:
        request_id.current.reset(token)


def record(
    action: str,
    *,
    by: User,
    at: dt.datetime,
    obj: models.Model | None = None,
    governorate: str | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write one event inside the caller's transaction.

    Raises UndeclaredActionError for an unknown action and OutsideTransactionError where no transaction runs.
    """
    if action not in ACTIONS:
        raise UndeclaredActionError(action)
    if not connection.in_atomic_block:
        raise OutsideTransactionError(action)
    return AuditEvent.objects.create(
        at=at,
        actor=by,
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        governorate=_governorate_of(obj) if governorate is None else governorate,
        detail=masked(plain(detail or {})),
        request_id=request_id.current.get() or uuid.uuid4(),
    )


def record_many(
    action: str, *, by: User, at: dt.datetime, objs: Iterable[models.Model], detail: dict[str, Any] | None = None
) -> int:
    """Write one event for each of many things of which the same was done; return how many. Raises as `record`."""
    if action not in ACTIONS:
        raise UndeclaredActionError(action)
    if not connection.in_atomic_block:
        raise OutsideTransactionError(action)
    told, request = masked(plain(detail or {})), request_id.current.get() or uuid.uuid4()
    events = [
        AuditEvent(
            at=at, actor=by, action=action, object_type=obj._meta.label_lower, object_id=str(obj.pk),
            governorate=_governorate_of(obj), detail=told, request_id=request,
        )
        for obj in objs
    ]  # fmt: skip
    return len(AuditEvent.objects.bulk_create(events, batch_size=2_000))


def _governorate_of(obj: models.Model | None) -> str:
    """Return the governorate the object lies in, as far as the object itself says so."""
    if isinstance(obj, Place):
        return obj.governorate_code
    place = getattr(obj, "place", None)
    if isinstance(place, Place):
        return place.governorate_code
    code = getattr(obj, "governorate", "")
    return code if isinstance(code, str) else ""


def masked(value: Any) -> Any:
    """Return the value with every national number in it masked (`2********00014`)."""
    if isinstance(value, str):
        return mask_ids(value)
    if isinstance(value, dict):
        return {mask_ids(key): masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return masked_number(value)
    return value


def masked_number(value: int) -> int | str:
    """Return a number as it is, or masked when it reads as a national number."""
    text = mask_ids(str(value))
    return value if text == str(value) else text


def mask_ids(text: str) -> str:
    """Mask every run of digits that reads as a national number, in whichever digits it is written."""
    latin = text.translate(TO_LATIN)
    return NATIONAL_ID.sub(r"\1********\2", latin) if NATIONAL_ID.search(latin) else text
