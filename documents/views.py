"""Handing out stored files."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from authority import clock
from authority.models import User
from documents import services
from documents.sniffing import served_type


@require_safe
@login_required
def download(request: HttpRequest, document_id: UUID) -> FileResponse:
    """Send the file as an attachment that no browser runs or guesses at."""
    assert isinstance(request.user, User)  # noqa: S101 (login_required; for the type checker)
    document, path = services.hand_out(document_id, by=request.user, at=clock.now())
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=document.filename,
        content_type=served_type(document.media_type),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
