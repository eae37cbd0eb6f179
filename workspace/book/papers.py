"""Pages of the signed products: issue, revoke, take the drawing."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authority import clock
from authority.refusal import NotFound, Refusal
from documents.issuing import title_of
from parcels.api.papers import as_file
from parcels.products import papers
from parcels.selectors import parcel_by_id
from ui.rail import stand_under
from workspace.people import me


@require_POST
def issue(request: HttpRequest, parcel_id: uuid.UUID, product: str) -> HttpResponse:
    """Issue a paper and lead to it."""
    user = me(request)
    parcel = parcel_by_id(parcel_id, user)
    language = request.POST.get("language") or get_language() or "ar"
    made = papers.issue_paper(by=user, at=clock.now(), parcel=parcel, product=product, language=language)
    messages.success(request, _("Issued under the number %(number)s.") % {"number": made.number})
    return redirect(f"{reverse('workspace:parcel', args=[parcel.pk])}?tab=documents")


@require_safe
def drawing(request: HttpRequest, parcel_id: uuid.UUID) -> HttpResponse:
    """Give the drawing as DXF."""
    parcel = parcel_by_id(parcel_id, me(request))
    return as_file(papers.drawing(by=me(request), at=clock.now(), parcel=parcel), parcel.parcel_code)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, issued_id: uuid.UUID) -> HttpResponse:
    """Revoke an issued paper, with its reason."""
    user = me(request)
    paper, parcel = papers.paper_by_id(issued_id, user)
    stand_under(request, "/parcels/")
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "")[:300]
            papers.revoke_paper(by=user, at=clock.now(), paper_id=paper.pk, reason=reason)
            messages.success(request, _("The paper is revoked: whoever proves it is told so."))
            return redirect(f"{reverse('workspace:parcel', args=[parcel.pk])}?tab=documents")
        except NotFound:
            raise
        except Refusal as fault:
            refusal = fault
    context = {"paper": paper, "parcel": parcel, "title": title_of(paper.kind), "refusal": refusal}
    return render(request, "workspace/book/revoke.html", context, status=refusal.status if refusal else 200)
