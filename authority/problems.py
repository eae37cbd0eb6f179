"""What any exception that bad input can cause is called: one table for pages, API and shell."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _

from authority.refusal import Conflict, Invalid, NotAllowed, NotFound, Refusal, TooLarge, Unavailable


class AlreadyThere(Conflict):
    """A unique constraint."""

    code = "already_exists"
    message = _("A record with the same number or name is there already.")


class Overlaps(Conflict):
    """An exclusion constraint."""

    code = "overlaps"
    message = _("Another record covers the same thing in the same period.")


class StillUsed(Conflict):
    """A foreign key."""

    code = "still_used"
    message = _("Other records depend on this one, or it names a record that is not there.")


class RuleBroken(Invalid):
    """A check constraint or a value that is missing."""

    code = "rule_broken"
    message = _("The data breaks a rule that the database holds.")


class OutOfRange(Invalid):
    """A value that the column cannot hold."""

    code = "out_of_range"
    message = _("A value is outside what can be stored.")


class TooSlow(Unavailable):
    """The database gave up waiting."""

    code = "too_slow"
    message = _("The database needed too long for this.")


class NoDatabase(Unavailable):
    """The database does not answer, or ended the session."""

    code = "database_unavailable"
    message = _("The database does not answer at the moment; nothing was saved.")


SQLSTATES: dict[str, type[Refusal]] = {
    "23505": AlreadyThere,
    "23P01": Overlaps,
    "23503": StillUsed,
    "23502": RuleBroken,
    "23514": RuleBroken,
    "P0001": Conflict,
    "55P03": TooSlow,
    "57014": TooSlow,
    "40001": Conflict,
    "40P01": Conflict,
}
# What a constraint is called in the words of its room: name → refusal.
CONSTRAINTS: dict[str, type[Refusal]] = {}


def constraint(name: str, refusal: type[Refusal]) -> None:
    """Declare what is said when a database constraint is broken."""
    CONSTRAINTS[name] = refusal


def as_refusal(error: BaseException) -> Refusal | None:
    """Return the refusal that an exception amounts to; None where it is a fault of the program."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return NotAllowed()
    if isinstance(error, ValidationError):
        return Invalid(errors=_messages(error))
    if isinstance(error, DatabaseError):
        return _of_database(error)
    return _of_form(error)


def _of_form(error: BaseException) -> Refusal | None:
    if isinstance(error, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return TooLarge()
    if isinstance(error, (SuspiciousOperation, MultiPartParserError)):
        return Invalid()
    if isinstance(error, UnicodeEncodeError) or (isinstance(error, ValueError) and "NUL (0x00)" in str(error)):
        return Invalid("bad_text", _("The text holds a character that is not permitted (NUL or half a character)."))
    return None


def _of_database(error: DatabaseError) -> Refusal | None:
    cause: Any = error.__cause__
    name = getattr(getattr(cause, "diag", None), "constraint_name", None)
    if name in CONSTRAINTS:
        return CONSTRAINTS[name]()
    kind = SQLSTATES.get(getattr(cause, "pgcode", None) or "")
    if kind is not None:
        return kind(constraint=name) if name else kind()
    if isinstance(error, DataError):
        return OutOfRange()
    if isinstance(error, (OperationalError, InterfaceError)):
        return NoDatabase()
    return Conflict() if isinstance(error, IntegrityError) else None


def _messages(error: ValidationError) -> list[dict[str, str]]:
    """Return the faults as (field, message) pairs."""
    if hasattr(error, "error_dict"):
        named = error.message_dict
        return [{"field": field, "message": text} for field, texts in named.items() for text in texts]
    return [{"field": "", "message": text} for text in error.messages]
