"""What holds for every request: clean text, personal settings, sign-in by default, refusals as answers."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from authority import audit, policies
from authority.limits import patience
from authority.models import User
from authority.problems import as_refusal
from authority.refusal import LengthRequired, MethodNotAllowed, NotAllowed, NotSignedIn, Refusal, TooLarge
from authority.responses import is_fragment, refuse, wants_data
from authority.rest.parsing import check_fields, check_text

GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("amlak.refusals")
FORM_BYTES = 1024 * 1024  # what a form may weigh beside its file
FORM = "application/x-www-form-urlencoded"


def language_of(request: HttpRequest) -> str:
    """Return the person's own language; before signing in, the browser's."""
    user = request.user
    return user.language if isinstance(user, User) else translation.get_language() or settings.LANGUAGE_CODE


class PersonalSettingsMiddleware:
    """Turn on the person's language, give the request its number in the audit, and ask for rights only once."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with policies.remembered(), audit.one_request():
            wanted = language_of(request)
            with translation.override(wanted):
                request.LANGUAGE_CODE = wanted
                response = self.get_response(request)
            response.headers.setdefault("Content-Language", wanted)
            return response


class RefusalMiddleware:
    """Refuse unclean text at the door, and turn every refusal into a page, a note or a problem document."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            _check_sample_guest(request)
            _check_length(request)
            check_text(request.path_info)
            check_text(unquote(request.META.get("QUERY_STRING", "")))
        except Refusal as refusal:
            return refuse(request, refusal)
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            response = not_allowed(request, response["Allow"])
        response.headers.setdefault("Cache-Control", "private, no-cache")  # rights may change before the next look
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Check plain form fields before any view reads them; files are read where they are stored."""
        if request.method == "POST" and request.content_type == FORM and not getattr(view, "csrf_exempt", False):
            try:
                check_fields(request.POST.lists())
            except Exception as error:  # whatever reading a body can raise
                return self.process_exception(request, error)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what a view refused; a fault of the program goes on to the 500 page."""
        refusal = as_refusal(exception)
        if refusal is None:
            return None
        if refusal is not exception:
            log.info("%s answered as %s", type(exception).__name__, refusal.code)
        return refuse(request, patience(request, refusal))


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer a method that the address does not know."""
    answer = refuse(request, MethodNotAllowed(method=request.method))
    answer["Allow"] = allowed
    return answer


def _check_length(request: HttpRequest) -> None:
    """Raise TooLarge for a body longer than any upload may be, LengthRequired for one without an end: both unread."""
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        raise LengthRequired
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdigit() and int(announced) > settings.UPLOAD_MAX_BYTES + FORM_BYTES:
        raise TooLarge(
            "file_too_large",
            _("The file is larger than %(limit_mb)d MB."),
            limit_mb=settings.UPLOAD_MAX_BYTES // (1024 * 1024),
        )


class SampleGuest(NotAllowed):
    """Sample mode has known passwords, so it serves this computer only."""

    code = "sample_is_local"
    message = _("The sample site answers only to the computer it runs on.")
    advice = _("Open it on that computer, or install the system for real use.")


def is_loopback(address: str) -> bool:
    """Say whether an address (or the empty one of a socket) is this computer."""
    if not address:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def _check_sample_guest(request: HttpRequest) -> None:
    """Raise SampleGuest for a request from another computer in sample mode."""
    if settings.SAMPLE_MODE and not is_loopback(request.META.get("REMOTE_ADDR", "")):
        raise SampleGuest


class SignInMiddleware(LoginRequiredMiddleware):
    """Closed by default: a view that does not say otherwise is for people who are signed in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        """Lead a person to the sign-in page and tell a program 401."""
        if wants_data(request):
            return refuse(request, patience(request, NotSignedIn()))
        login = resolve_url(self.get_login_url(view_func))
        if is_fragment(request):
            answer = HttpResponse(status=401)
            answer["HX-Redirect"] = login
            return answer
        return HttpResponseRedirect(f"{login}?next={quote(request.get_full_path())}")
