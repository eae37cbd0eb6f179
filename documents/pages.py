"""Pages of a document: what is recorded of it, and putting a better scan in its place."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from authority import clock
from authority.asking import asker
from authority.models import User
from authority.refusal import Invalid, NotFound, Refusal
from documents import policies, quality, versions
from documents.models import Document
from documents.presenting import Shown, words_of


class ReplacementForm(forms.Form):
    """A better scan."""

    file = forms.FileField(label=gettext_lazy("File"))


@require_safe
def record(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show what is recorded of a document."""
    user = asker(request)
    document = versions.known(document_id, user)
    every = versions.versions_of(document)
    context = {
        "document": document,
        "shown": Shown(document, 0),
        "warnings": quality.in_words(document.warnings),
        "words": words_of(document),
        "versions": every,
        "newest": every[0],
        "released": policies.released(document) and document.closed_at is None,
        "may_replace": document.superseded_at is None and policies.may_keep(user, document),
    }
    return render(request, "documents/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Take a better scan of a document."""
    user = asker(request)
    document = versions.known(document_id, user)
    form = ReplacementForm(request.POST or None, request.FILES or None)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            made = _replaced(form, document, user)
        except NotFound:
            raise
        except Refusal as fault:
            refusal = fault
        else:
            messages.success(request, _("The better scan stands now; the older one stays on record."))
            for warning in quality.in_words(made.warnings):
                messages.warning(request, warning)
            return redirect("documents:record", made.pk)
    context = {"document": document, "shown": Shown(document, 0), "form": form, "refusal": refusal}
    return render(request, "documents/replace.html", context, status=refusal.status if refusal else 200)


def _replaced(form: ReplacementForm, document: Document, user: User) -> Document:
    if not form.is_valid():
        raise Invalid("form_invalid", gettext_lazy("Some fields need another look."))
    file = form.cleaned_data["file"]
    return versions.replace(document.pk, file=file.file, filename=file.name or "", by=user, at=clock.now())
