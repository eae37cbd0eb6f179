"""Errors are refusals with a code: one family of exceptions that every door knows how to say (RFC 9457)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
RESERVED = frozenset({"type", "title", "status", "detail", "code", "advice"})


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """An act or a question that is refused: code, HTTP status, a message with named parameters.

    Rooms either subclass (`code`, `status`, `message`, `advice` as class attributes) or raise one of the classes below:
    `raise Conflict("already_leased", _("%(parcel)s is leased until %(until)s."), parcel=number, until=day)`.
    """

    code: str = "refused"
    status: int = 400
    title: Text = _("The request was refused")
    message: Text = _("The request was refused.")
    advice: Text = ""

    def __init__(
        self,
        code: str | None = None,
        message: Text | None = None,
        *,
        status: int | None = None,
        advice: Text | None = None,
        **params: Any,
    ) -> None:
        self.code = code or self.code
        self.message = self.message if message is None else message
        self.status = status or self.status
        self.advice = self.advice if advice is None else advice
        self.params = params
        super().__init__(self.code)

    @property
    def detail(self) -> str:
        """The message in the reader's language with its parameters filled in."""
        text = str(self.message)
        return text % self.params if self.params and "%(" in text else text

    def __str__(self) -> str:
        return self.detail

    def as_problem(self) -> dict[str, Any]:
        """Return the problem document of RFC 9457; parameters are extension members."""
        problem: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": str(self.title),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.advice:
            problem["advice"] = str(self.advice)
        extra = {name: plain(value) for name, value in self.params.items() if name not in RESERVED}
        return problem | extra


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (dt.date, dt.datetime, dt.time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (Sequence, set, frozenset)) and not isinstance(value, bytes):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, (Promise, Decimal, uuid.UUID)) else f"{value}"


class Invalid(Refusal):
    """What was sent cannot be read or breaks a rule of form."""

    code, status = "invalid", 400
    title: Text = _("The data is not valid")
    message: Text = _("What was sent is not valid.")
    advice: Text = _("Correct what is named above and send it again.")


class NotSignedIn(Refusal):
    """Nobody is signed in, or the key is wrong, expired or revoked."""

    code, status = "not_signed_in", 401
    title: Text = _("Signing in is needed")
    message: Text = _("Sign in, or give a valid key.")


class NotAllowed(Refusal):
    """The person's roles and jurisdiction do not cover this."""

    code, status = "not_allowed", 403
    title: Text = _("Outside your permissions")
    message: Text = _("Your roles do not cover this act in this place.")
    advice: Text = _("Ask the head of your office if this belongs to your work.")


class NotFound(Refusal):
    """There is no such thing, or it is outside the person's sight: both answer alike."""

    code, status = "not_found", 404
    title: Text = _("Not found")
    message: Text = _("There is nothing at this address, or it is outside your jurisdiction.")
    advice: Text = _("Check the number, or search for it.")


class MethodNotAllowed(Refusal):
    """The address does not know the method."""

    code, status = "method_not_allowed", 405
    title: Text = _("Not done this way")
    message: Text = _("This address does not answer to %(method)s.")


class NotAcceptable(Refusal):
    """The form of answer that is wanted is not given here."""

    code, status = "not_acceptable", 406
    title: Text = _("No answer in this form")
    message: Text = _("The answer is not given in the form that the header Accept asks for.")


class UnsupportedMedia(Refusal):
    """The body's form is not read here."""

    code, status = "unsupported_media_type", 415
    title: Text = _("A body of this kind is not read")
    message: Text = _("A body of the type “%(media_type)s” is not read here.")


class Conflict(Refusal):
    """The state of things does not permit this now."""

    code, status = "conflict", 409
    title: Text = _("Not possible in the present state")
    message: Text = _("The record's present state does not permit this.")
    advice: Text = _("Open the record again and see what changed.")


class LengthRequired(Refusal):
    """A body that does not say how long it is: it could go on for ever."""

    code, status = "length_required", 411
    title: Text = _("Length needed")
    message: Text = _("Say how long the body is (Content-Length); bodies in chunks are not read.")


class Gone(Refusal):
    """It was here and is kept no longer."""

    code, status = "gone", 410
    title: Text = _("Kept no longer")
    message: Text = _("This is kept no longer.")


class Stale(Refusal):
    """Somebody changed the record after it was read."""

    code, status = "stale", 412
    title: Text = _("The record was changed meanwhile")
    message: Text = _("The change was not saved; a colleague changed this record before you.")
    advice: Text = _("Open the record again, compare, and repeat your change.")


class TooLarge(Refusal):
    """More than one request may carry."""

    code, status = "too_large", 413
    title: Text = _("Too large")
    message: Text = _("What was sent is larger than permitted.")


class PreconditionRequired(Refusal):
    """A change must name the version it was made from."""

    code, status = "precondition_required", 428
    title: Text = _("The version is missing")
    message: Text = _("Send the header If-Match with the version you read.")


class TooMany(Refusal):
    """Too many requests in a short time."""

    code, status = "too_many", 429
    title: Text = _("Too many requests")
    message: Text = _("Too many requests in a short time.")
    advice: Text = _("Wait a little, then try again.")


class Unavailable(Refusal):
    """A part that is needed does not work now."""

    code, status = "unavailable", 503
    title: Text = _("Not available now")
    message: Text = _("A part of the system that is needed for this does not work at the moment.")
    advice: Text = _("Try again in a few minutes; if it lasts, tell the administrator.")
