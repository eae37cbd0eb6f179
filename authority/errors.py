"""The pages of last resort, in both languages: 400, 403, 404, 500 and a missing CSRF token."""

from __future__ import annotations

import sys
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from authority.problems import as_refusal
from authority.refusal import Invalid, NotAllowed, NotFound, Refusal
from authority.responses import refuse


class FormExpired(NotAllowed):
    """The form's CSRF token is missing or old."""

    code = "form_expired"
    title = _("The page is too old")
    message = _("The form was not accepted, because its page was opened too long ago or in another session.")
    advice = _("Open the page again and repeat; nothing was changed.")


class Broken(Refusal):
    """A fault of the program."""

    code, status = "broken", 500
    title = _("Something went wrong here")
    message = _("The system made a mistake; nothing was saved.")
    advice = _("Try again. If it happens again, tell the administrator the time and what you were doing.")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    refusal = as_refusal(exception) if exception else None
    return refuse(request, refusal or Invalid())


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return refuse(request, NotAllowed())


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    return refuse(request, NotFound())


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or what a refusal from outside the views amounts to; says nothing of what went wrong inside."""
    error = sys.exc_info()[1]
    return refuse(request, (as_refusal(error) if error else None) or Broken())


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "", **_kwargs: Any) -> HttpResponse:
    """Answer 403 to a form without its token."""
    return refuse(request, FormExpired())
