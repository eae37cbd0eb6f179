"""Pages of edits of boundaries."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from authority import clock
from authority.models import User
from authority.policies import STAFF_READ, require, scope_of
from authority.refusal import Invalid, Refusal
from parcels.models import EditProposal, EditShape, Holding, Parcel
from parcels.policies import KEEPERS, parcels_visible_to
from parcels.selectors.edits import edit_by_id, edits
from parcels.services import accept_edit, refuse_edit, undo_edit, withdraw_edit
from ui.rail import stand_under
from workspace.editing.drawing import pair_of
from workspace.map.editing import told_words
from workspace.people import me

LIST = "/parcels/"
PAGE = 50


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the edits, the newest first; ?state= narrows them."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, LIST)
    asked = request.GET.get("state", "")
    state = asked if asked in EditProposal.State.values else ""
    page = Paginator(edits(user, state), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": EditProposal.State.choices}
    return render(request, "workspace/editing/edits.html", context)


@require_safe
def one(request: HttpRequest, edit_id: uuid.UUID) -> HttpResponse:
    """Show an edit before and after, with its areas and what was told."""
    return shown(request, edit_by_id(edit_id, me(request)))


def shown(request: HttpRequest, edit: EditProposal, refusal: Refusal | None = None) -> HttpResponse:
    """Return the page of an edit."""
    user = me(request)
    stand_under(request, LIST)
    rows = list(edit.shapes.select_related("parcel", "stood", "made").order_by("position"))
    context = {
        "edit": edit,
        "rows": rows,
        "drawing": pair_of(rows),
        "told": [words_of(one) for one in edit.told],
        "own": edit.proposed_by_id == user.pk,
        "accepted_by_me": edit.decided_by_id == user.pk,
        "may": scope_of(user).holds(KEEPERS) and keeps(user, rows),
        "refusal": refusal,
    }
    return render(request, "workspace/editing/edit.html", context, status=refusal.status if refusal else 200)


def keeps(user: User, rows: list[EditShape]) -> bool:
    """Say whether all its parcels are in the person's sight; the service asks for the right to each."""
    keys = {row.parcel_id for row in rows if row.parcel_id}
    return parcels_visible_to(user, Parcel.objects.filter(pk__in=keys)).count() == len(keys)


def words_of(told: dict[str, Any]) -> str:
    """Say in words what the preview told."""
    words = told_words() | {"held": _("%(parcel)s is held: %(kind)s %(reference)s.")}
    text = words.get(told.get("code", ""), "")
    kind = told.get("kind", "")
    named = {"kind": Holding.Kind(kind).label} if kind in Holding.Kind.values else {}
    isolated = {name: f"\u2068{value}\u2069" for name, value in (told | named).items()}  # codes keep their direction
    return text % isolated if text else ""


@require_POST
def decide(request: HttpRequest, edit_id: uuid.UUID) -> HttpResponse:
    """Accept, refuse, withdraw or undo an edit as it was read."""
    user = me(request)
    edit = edit_by_id(edit_id, user)
    try:
        messages.success(request, decided(user, edit, request))
    except Refusal as fault:
        if fault.status == 404:
            raise
        return shown(request, edit_by_id(edit_id, user), fault)
    return redirect("workspace:edit", edit.pk)


def decided(user: User, edit: EditProposal, request: HttpRequest) -> str:
    """Do what was decided and return what is said of it."""
    reason, sent = request.POST.get("reason", ""), request.POST.get("row_version", "")
    acts: dict[str, tuple[Callable[..., EditProposal], dict[str, Any], str]] = {
        "accept": (accept_edit, {}, _("Accepted: the register has changed.")),
        "refuse": (refuse_edit, {"reason": reason}, _("Refused; nothing was changed.")),
        "withdraw": (withdraw_edit, {"reason": reason}, _("Withdrawn; nothing was changed.")),
        "undo": (undo_edit, {"reason": reason}, _("Undone: the former boundaries stand again.")),
    }
    chosen = acts.get(request.POST.get("decision", ""))
    if chosen is None or not sent.isascii() or not sent.isdecimal() or len(sent) > 9:
        raise Invalid("field_invalid", _("The field “%(field)s” cannot be read."), field="decision")
    act, more, said = chosen
    act(by=user, at=clock.now(), proposal=edit, expected=int(sent), **more)
    return said
