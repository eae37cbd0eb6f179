"""The shell's one door: personal settings."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ui import shell
from ui.context import CHOICES, COOKIES

A_YEAR = 365 * 24 * 3600


def safe_next(request: HttpRequest) -> str:
    """Return the page to go back to, if it is ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"


def asked(request: HttpRequest) -> dict[str, str]:
    """Return the settings that were sent and are known."""
    known = {**CHOICES, "language": tuple(code for code, _name in settings.LANGUAGES)}
    return {name: request.POST[name] for name, values in known.items() if request.POST.get(name) in values}


@login_not_required
@require_POST
@login_not_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep language, theme or digits: in the browser, and with the person where there is one."""
    chosen = asked(request)
    if request.user.is_authenticated:
        shell.save(request.user, chosen)
    answer = HttpResponseRedirect(safe_next(request))
    names = {**COOKIES, "language": settings.LANGUAGE_COOKIE_NAME}
    for name, value in chosen.items():
        answer.set_cookie(names[name], value, max_age=A_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return answer
