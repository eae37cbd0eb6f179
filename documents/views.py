"""Handing out stored files."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from authority import clock
from authority.models import User
from documents import evidence, services
from documents.labels import ending_as
from documents.sniffing import OTHER, served_type


@require_safe
@login_required
def download(request: HttpRequest, document_id: UUID) -> FileResponse:
    """Send the file as an attachment that no browser runs or guesses at."""
    assert isinstance(request.user, User)  # noqa: S101 (login_required; for the type checker)
    document, path = services.hand_out(document_id, by=request.user, at=clock.now())
    served = served_type(document.media_type, active=document.active)
    return _attachment(path, ending_as(document.filename, document.media_type), served)


@require_safe
@login_required
def original(request: HttpRequest, document_id: UUID) -> FileResponse:
    """Send the bytes as they came in, for whoever has to prove them: plain bytes under the name of their hash."""
    assert isinstance(request.user, User)  # noqa: S101 (login_required; for the type checker)
    document, path = services.hand_out(document_id, by=request.user, at=clock.now(), original=True)
    return _attachment(path, f"{document.sha256}.bin", OTHER)


def _attachment(path: Path, filename: str, content_type: str) -> FileResponse:
    response = FileResponse(path.open("rb"), as_attachment=True, filename=filename, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_required
def evidence_of_paper(request: HttpRequest, issued_id: UUID) -> HttpResponse:
    """Hand out the evidence of an issued paper."""
    assert isinstance(request.user, User)  # noqa: S101 (login_required; for the type checker)
    return _bundle(*evidence.of_paper(issued_id, by=request.user, at=clock.now()))


@require_safe
@login_required
def evidence_of_record(request: HttpRequest, object_type: str, object_id: str) -> HttpResponse:
    """Hand out the evidence of all that was done to a thing."""
    assert isinstance(request.user, User)  # noqa: S101 (login_required; for the type checker)
    return _bundle(*evidence.of_record(object_type, object_id, by=request.user, at=clock.now()))


def _bundle(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
