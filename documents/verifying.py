"""The public page on which an issued paper is proved; no account is needed, guesses are slowed down."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from authority.limits import Rate, RateReached, spend
from authority.models import SigningKey
from authority.signin import client_ip
from documents.issuing import prove
from ui.digits import to_latin

PER_ADDRESS = Rate(30, 60)
PER_NUMBER = Rate(10, 3600)  # a short number is not guessed at from many addresses
MOST = 64


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Say whether a paper is ours and what it says; the same answer for what is wrong and what is missing."""
    asked = {name: to_latin(request.GET.get(name, "")[:MOST]).replace("\x00", "") for name in ("c", "number", "check")}
    given = any(asked.values())
    if given:
        wait = spend(f"verify {client_ip(request)}", PER_ADDRESS)
        if wait is None and asked["number"]:
            wait = spend(f"verify no {asked['number'][:40]}", PER_NUMBER)
        if wait is not None:
            raise RateReached(wait_s=wait)
    proof = prove(asked) if given else None
    context: dict[str, Any] = {"proof": proof, "asked": asked, "missed": given and proof is None}
    status = 404 if context["missed"] else 200
    return render(request, "documents/verify.html", context, status=status)


@login_not_required
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Publish the keys under which the audit's heads are signed, with their dates."""
    return render(request, "documents/key.html", {"keys": SigningKey.objects.order_by("-valid_from")})


@login_not_required
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Hand out the script with which anybody proves a bundle of evidence."""
    path = settings.BASE_DIR / "script" / "prove.py"
    headers = {"Content-Disposition": 'attachment; filename="prove.py"'}
    return HttpResponse(path.read_bytes(), content_type="text/x-python", headers=headers)
